"""Who is a member of a company now."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from flask import abort
from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

MEMBERS = """
    SELECT u.id, u.username, u.email, m.role, m.from_at, m.until_at,
           u.totp <> '' OR EXISTS (SELECT FROM accounts.passkeys p WHERE p.user_id = u.id) AS careful
      FROM accounts.memberships m
      JOIN accounts.users u ON u.id = m.user_id
     WHERE m.company_id = %s AND m.from_at <= now() AND (m.until_at IS NULL OR m.until_at > now())
     ORDER BY m.role <> 'owner', m.from_at, u.id
    """


class Member(NamedTuple):
    """`careful`: signs in with a code or a passkey, not with a password alone."""

    id: UUID
    username: str
    email: str
    role: str
    from_at: datetime
    until_at: datetime | None
    careful: bool


def check(pool: ConnectionPool[Any], company_id: UUID, user_id: UUID) -> None:
    """404 for somebody who never was a member, before any password is asked."""
    query = "SELECT 1 FROM accounts.memberships WHERE company_id = %s AND user_id = %s"
    with pool.connection() as conn:
        if not conn.execute(query, (company_id, user_id)).fetchone():
            abort(404)


def every(pool: ConnectionPool[Any], company_id: UUID) -> list[Member]:
    """Owners first, then the oldest."""
    with pool.connection() as conn, conn.cursor(row_factory=class_row(Member)) as cursor:
        return list(cursor.execute(MEMBERS, [company_id]))
