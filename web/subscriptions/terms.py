"""The general terms that a subscriber accepted, and a newer version that is told to her a month before it counts."""

from typing import Any
from uuid import UUID

from psycopg import Connection

from web.filters import day as written
from web.jobs.tasks import task
from web.jobs.workshop import Workshop
from web.mail import notices
from web.subscriptions.plans import NEWEST, Terms

OLDER = """
    SELECT u.id, u.email
      FROM accounts.users u JOIN accounts.subscriptions s ON s.user_id = u.id
     WHERE u.active AND u.terms_version <> %s AND (s.ends_on IS NULL OR s.ends_on >= current_date)
     ORDER BY u.id
    """
ACCEPT = """
    UPDATE accounts.users SET terms_version = %(version)s, terms_at = now()
     WHERE id = %(user)s AND terms_version <> %(version)s
    """


@task("announce_terms", cron="17 7 * * *")
def announce_terms(shop: Workshop) -> None:
    """Tells the newest version, once, to every subscriber who accepted another."""
    url = shop.settings.public_url.rstrip("/")
    link = ("Lire les conditions", f"{url}/conditions-generales/{NEWEST.version}") if url else ("", "")
    with shop.pool.connection() as conn, conn.transaction():
        for user_id, email in conn.execute(OLDER, [NEWEST.version]).fetchall():
            key = f"terms {NEWEST.version} {user_id}"
            notices.send(conn, email, "terms", link=link, key=key, from_on=written(NEWEST.from_on))


def announced(conn: Connection[Any], user_id: UUID) -> Terms | None:
    """The newest version, while she has accepted another."""
    row = conn.execute("SELECT terms_version FROM accounts.users WHERE id = %s", [user_id]).fetchone()
    return NEWEST if row and row[0] != NEWEST.version else None


def accept(conn: Connection[Any], user_id: UUID) -> None:
    """She accepts the newest version: said on the page, or by choosing an offer."""
    conn.execute(ACCEPT, {"version": NEWEST.version, "user": user_id})
