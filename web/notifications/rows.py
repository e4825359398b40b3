"""What pages ask of the tables of notifications, for one user."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from projections.tx import Row, Tx
from web.accounts.store import pool


class Notification(Row, frozen=True):
    """Something that a user was told; `read_at` None: not looked at yet."""

    key: str
    kind: str
    about: UUID
    pos: int
    at: datetime
    read_at: datetime | None


PAGE = """
    SELECT key, kind, about, pos, at, read_at FROM accounts.notification
     WHERE company_id = %(company)s AND user_id = %(user)s AND shown
     ORDER BY at DESC, key LIMIT %(limit)s OFFSET %(offset)s
    """
COUNT = """
    SELECT count(*) FROM accounts.notification
     WHERE company_id = %(company)s AND user_id = %(user)s AND shown AND (read_at IS NULL OR NOT %(unread)s)
    """
READ = """
    UPDATE accounts.notification SET read_at = now()
     WHERE company_id = %(company)s AND user_id = %(user)s AND shown AND read_at IS NULL
       AND (%(key)s::text IS NULL OR key = %(key)s)
    """
CHOOSE = """
    INSERT INTO accounts.notification_choice (user_id, kind, shown, mailed) VALUES (%s, %s, %s, %s)
    ON CONFLICT (user_id, kind) DO UPDATE SET shown = excluded.shown, mailed = excluded.mailed
    """


def page(tx: Tx, user_id: UUID, limit: int, offset: int) -> list[Notification]:
    """The newest first."""
    return tx.rows(Notification, PAGE, user=user_id, limit=limit, offset=offset)


def count(tx: Tx, user_id: UUID, *, unread: bool = False) -> int:
    found: int = tx.value(COUNT, user=user_id, unread=unread)
    return found


def one(tx: Tx, user_id: UUID, key: str) -> Notification | None:
    query = (
        "SELECT key, kind, about, pos, at, read_at FROM accounts.notification"
        " WHERE company_id = %(company)s AND user_id = %(user)s AND key = %(key)s"
    )
    return tx.row(Notification, query, user=user_id, key=key)


def read(company_id: UUID, user_id: UUID, key: str | None = None) -> None:
    """One, or all, has been looked at."""
    with pool().connection() as conn, conn.transaction():
        conn.execute("SELECT set_config('probant.company', %s, true)", (str(company_id),))
        conn.execute(READ, {"company": company_id, "user": user_id, "key": key})


def choices(user_id: UUID) -> dict[str, tuple[bool, bool]]:
    """Kind → (on the page, by mail), where the person chose."""
    query = "SELECT kind, shown, mailed FROM accounts.notification_choice WHERE user_id = %s"
    with pool().connection() as conn:
        return {kind: (shown, mailed) for kind, shown, mailed in conn.execute(query, (user_id,))}


def choose(user_id: UUID, chosen: Mapping[str, tuple[bool, bool]]) -> None:
    with pool().connection() as conn, conn.transaction():
        for kind, (shown, mailed) in chosen.items():
            conn.execute(CHOOSE, (user_id, kind, shown, mailed))
