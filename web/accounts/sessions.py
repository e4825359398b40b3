"""One row per sign-in, so that a session can be ended from here: the browser holds a random reference, we its SHA-256.

The row also says which company is open: the browser cannot choose one by itself.
"""

from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any, NamedTuple
from uuid import UUID

from flask import Flask, g, request, session
from flask_login import logout_user, user_logged_in, user_logged_out
from flask_security import current_user
from psycopg import Connection
from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from web import access
from web.accounts import steps
from web.accounts.store import Membership, User, memberships

OPEN = """
    SELECT s.company_id, m.role, s.seen_at < now() - interval '1 minute'
      FROM accounts.sessions s
      LEFT JOIN accounts.memberships m
             ON m.company_id = s.company_id AND m.user_id = s.user_id
            AND m.from_at <= now() AND (m.until_at IS NULL OR m.until_at > now())
     WHERE s.ref = %s AND s.user_id = %s
       AND s.seen_at > now() - interval '8 hours' AND s.opened_at > now() - interval '30 days'
"""
EVERY = """
    SELECT encode(ref, 'hex') AS id, opened_at, seen_at, address, agent, ref = %s AS here
      FROM accounts.sessions
     WHERE user_id = %s AND seen_at > now() - interval '8 hours' AND opened_at > now() - interval '30 days'
     ORDER BY here DESC, seen_at DESC
    """


def init(app: Flask, pool: ConnectionPool[Any]) -> None:
    """Each request finds in `g.membership` the open company and the role there, or None."""

    def opened(_: Flask, user: User, **__: Any) -> None:
        session["ref"] = token_urlsafe(32)
        mine = memberships(pool, user.id)
        with pool.connection() as conn:
            conn.execute(
                "INSERT INTO accounts.sessions (ref, user_id, company_id, address, agent) VALUES (%s, %s, %s, %s, %s)",
                [_ref(), user.id, mine[0].company_id if mine else None, request.remote_addr, _agent()],
            )
        if mine:
            access.note(pool, "signed_in", mine[0].company_id, user.id, role=mine[0].role)

    def closed(_: Flask, user: User, **__: Any) -> None:
        with pool.connection() as conn:
            conn.execute("DELETE FROM accounts.sessions WHERE ref = %s", [_ref()])
        if g.get("membership"):
            access.note(pool, "signed_out", g.membership.company_id, user.id)

    user_logged_in.connect(opened, app, weak=False)
    user_logged_out.connect(closed, app, weak=False)

    @app.before_request
    def look() -> None:
        g.membership = None
        if request.endpoint == "static" or not current_user.is_authenticated:
            return
        with pool.connection() as conn:
            row = conn.execute(OPEN, [_ref(), current_user.id]).fetchone()
            if row and row[2]:  # once a minute, not at each request
                conn.execute("UPDATE accounts.sessions SET seen_at = now() WHERE ref = %s", [_ref()])
        if not row:
            logout_user()
        elif row[1]:
            g.membership = Membership(row[0], row[1])


class Session(NamedTuple):
    """A device where the person is signed in; `id` is what we keep of its reference, in hex."""

    id: str
    opened_at: datetime
    seen_at: datetime
    address: str
    agent: str
    here: bool


def every(pool: ConnectionPool[Any], user_id: UUID) -> list[Session]:
    """Those that are still good, this one first."""
    with pool.connection() as conn, conn.cursor(row_factory=class_row(Session)) as cursor:
        return list(cursor.execute(EVERY, [_ref(), user_id]))


def close(conn: Connection[Any], user_id: UUID, session_id: str) -> int:
    """How many that ended: one, or none."""
    return conn.execute(
        "DELETE FROM accounts.sessions WHERE user_id = %s AND encode(ref, 'hex') = %s", [user_id, session_id]
    ).rowcount


def begin_anew(conn: Connection[Any], user_id: UUID) -> None:
    """Whatever was open or under way before is worth nothing: links by mail, steps, every session but this one."""
    uniquifier = token_urlsafe(24)
    conn.execute("UPDATE accounts.users SET fs_uniquifier = %s WHERE id = %s", [uniquifier, user_id])
    steps.forget(conn, user_id)
    close_others(conn, user_id)
    if current_user.is_authenticated and current_user.id == user_id:
        session["_user_id"] = uniquifier  # where Flask-Login keeps it


def close_others(conn: Connection[Any], user_id: UUID) -> int:
    """All but this one."""
    return conn.execute("DELETE FROM accounts.sessions WHERE user_id = %s AND ref <> %s", [user_id, _ref()]).rowcount


def choose(pool: ConnectionPool[Any], company_id: UUID) -> bool:
    """Opens another company in this session; False, and nothing changes, when the user is no member of it."""
    roles = {m.company_id: m.role for m in memberships(pool, current_user.id)}
    if company_id not in roles:
        return False
    with pool.connection() as conn:
        conn.execute("UPDATE accounts.sessions SET company_id = %s WHERE ref = %s", [company_id, _ref()])
    if g.membership is None or g.membership.company_id != company_id:
        if g.membership:
            access.note(pool, "signed_out", g.membership.company_id, current_user.id)
        access.note(pool, "signed_in", company_id, current_user.id, role=roles[company_id])
    return True


def _ref() -> bytes:
    return sha256(session.get("ref", "").encode()).digest()


def _agent() -> str:
    return request.user_agent.string.replace("\0", "")[:200]
