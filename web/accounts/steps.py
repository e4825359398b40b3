"""What a person began and must end, once and in time: a sign-in that awaits its code, an address to be confirmed.

Her browser, or a mail, holds a random reference; we keep its SHA-256.
"""

from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any, Literal, NamedTuple
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

Kind = Literal["code", "totp", "email", "passkey", "revert"]
MINUTES: dict[Kind, int] = {"code": 10, "totp": 15, "email": 24 * 60, "passkey": 5, "revert": 72 * 60}
OPEN = "SELECT user_id, fact, until_at FROM accounts.steps WHERE hash = %s AND kind = %s AND until_at > now()"
END = "DELETE FROM accounts.steps WHERE hash = %s AND kind = %s AND until_at > now() RETURNING user_id, fact, until_at"


class Step(NamedTuple):
    """`user_id`: whose it is, None when that is not known yet; `fact`: what it is about."""

    user_id: UUID | None
    fact: str
    until_at: datetime


def begin(conn: Connection[Any], kind: Kind, user_id: UUID | None, fact: str = "") -> str:
    """The reference. Steps whose time is over go, and of confirmations of an address the one before."""
    ref = token_urlsafe(32)
    conn.execute(
        "DELETE FROM accounts.steps"
        " WHERE until_at < now() OR (user_id = %s AND kind = %s AND kind IN ('email', 'totp'))",
        [user_id, kind],
    )
    conn.execute(
        "INSERT INTO accounts.steps (hash, kind, user_id, fact, until_at)"
        " VALUES (%s, %s, %s, %s, now() + make_interval(mins => %s))",
        [digest(ref), kind, user_id, fact, MINUTES[kind]],
    )
    return ref


def look(pool: ConnectionPool[Any], kind: Kind, ref: str) -> Step | None:
    """The step, as long as it is neither ended nor over."""
    return _one(pool, OPEN, kind, ref)


def end(pool: ConnectionPool[Any], kind: Kind, ref: str) -> Step | None:
    """The same, and nobody finds it again."""
    return _one(pool, END, kind, ref)


def forget(conn: Connection[Any], user_id: UUID) -> None:
    """All that is under way; not that an address may come back: whoever took an account over would begin with that."""
    conn.execute("DELETE FROM accounts.steps WHERE user_id = %s AND kind <> 'revert'", [user_id])


def undo(conn: Connection[Any], user_id: UUID, step: Step) -> bool:
    """Ends `step`, by which an address comes back; changes that came after it are undone too. False: it was ended."""
    undone = "DELETE FROM accounts.steps WHERE user_id = %s AND kind = 'revert' AND until_at >= %s"
    return bool(conn.execute(undone, [user_id, step.until_at]).rowcount)


def digest(ref: str) -> bytes:
    return sha256(ref.encode("utf-8", "replace")).digest()


def _one(pool: ConnectionPool[Any], query: Any, kind: Kind, ref: str) -> Step | None:
    with pool.connection() as conn, conn.cursor(row_factory=class_row(Step)) as cursor:
        found: Step | None = cursor.execute(query, [digest(ref), kind]).fetchone()
    return found
