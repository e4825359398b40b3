"""Invitations: what their link holds, and what stands behind one.

The token is made of the invitation's id under a key of the installation, as a client's link: a form sent twice names
the same one, and nothing keeps it. It is on no page: whoever holds it reads the mails of the address that was invited.
"""

import hmac
from base64 import urlsafe_b64encode
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from ledger.settings import Settings
from web.accounts import steps

DAYS = 7  # that one is good for
GOOD = "SELECT company_id, id, email, role, invited_by, until_at FROM accounts.invitation(%s)"
WAITING = """
    SELECT id, email, role, invited_at, expires_at, until_at FROM accounts.invitations
     WHERE company_id = %s AND accepted_at IS NULL AND withdrawn_at IS NULL AND expires_at > now()
     ORDER BY invited_at, id
    """


class Waiting(NamedTuple):
    """One that was not taken yet; `until_at`: when the access that it gives ends, an inspector's only."""

    id: UUID
    email: str
    role: str
    invited_at: datetime
    expires_at: datetime
    until_at: datetime | None


class Invitation(NamedTuple):
    """What a good token stands for."""

    company_id: UUID
    id: UUID
    email: str
    role: str
    invited_by: UUID
    until_at: datetime | None


def token(settings: Settings, invitation_id: UUID) -> str:
    key = settings.secret("invitations")
    return urlsafe_b64encode(hmac.digest(key, invitation_id.bytes, "sha256")).decode().rstrip("=")


def token_hash(settings: Settings, invitation_id: UUID) -> str:
    """What is kept of it, in hex."""
    return steps.digest(token(settings, invitation_id)).hex()


def find(pool: ConnectionPool[Any], typed: str) -> Invitation | None:
    """By what its link held; None for one that is unknown, taken, withdrawn or over."""
    with pool.connection() as conn, conn.cursor(row_factory=class_row(Invitation)) as cursor:
        found: Invitation | None = cursor.execute(GOOD, [steps.digest(typed)]).fetchone()
    return found


def waiting(pool: ConnectionPool[Any], company_id: UUID) -> list[Waiting]:
    """Those of a company that were not taken yet."""
    with pool.connection() as conn, conn.transaction(), conn.cursor(row_factory=class_row(Waiting)) as cursor:
        cursor.execute("SELECT set_config('probant.company', %s, true)", [str(company_id)])
        return list(cursor.execute(WAITING, [company_id]))
