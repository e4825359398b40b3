"""Accounts that people open by themselves: written, told by mail, confirmed, and forgotten when they never were."""

from secrets import token_urlsafe
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection
from psycopg.errors import UniqueViolation
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool

from web.accounts import link_tokens
from web.accounts.names import lookalike
from web.accounts.store import User
from web.jobs.tasks import task
from web.jobs.workshop import Workshop
from web.mail import notices

FORGOTTEN_AFTER = 7  # days without a confirmation
INSPECTED_BEFORE = 30  # days since the last access of somebody who only inspected


class UserNameTaken(Exception):
    """Somebody has this user name, or one that an eye takes for it."""


class Newcomer(NamedTuple):
    """Who signs up; `password` as it is kept."""

    username: str
    email: str
    password: str
    plan: str
    rhythm: str
    terms_version: str


def register(pool: ConnectionPool[Any], newcomer: Newcomer) -> None:
    """Opens the account and mails its link; of an address that has an account, mails that. Errors: `UserNameTaken`.

    An account that waits for its confirmation is begun anew, whoever began it: only who has the mail *and* this
    password confirms it (`confirming.py`), so nobody prepares an account for somebody else.
    """
    facts = newcomer._asdict() | {"uniquifier": token_urlsafe(24), "lookalike": lookalike(newcomer.username)}
    with pool.connection() as conn, conn.transaction(), conn.cursor(row_factory=dict_row) as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('sign-up'), hashtext(lower(%(email)s)))", facts)
        found = cursor.execute(KNOWN, facts).fetchone()
        waiting = found["id"] if found and not found["confirmed_at"] else None
        if cursor.execute(TAKEN, facts | {"waiting": waiting}).fetchone():
            raise UserNameTaken
        if found and found["confirmed_at"]:
            _say_known(conn, User(**found))
            return
        try:
            row = cursor.execute(BEGIN_AGAIN if found else BEGIN, facts).fetchone()
        except UniqueViolation:
            raise UserNameTaken from None
        if row:
            ask_confirmation(conn, User(**row))


def ask_confirmation(conn: Connection[Any], user: User) -> None:
    """Mails the link that `confirming.py` answers."""
    link = notices.address("confirming.show", token=link_tokens.for_confirmation(user))
    notices.send(conn, user.email, "confirm", link=("Confirmer mon adresse", link), username=user.username)


def by_id(pool: ConnectionPool[Any], user_id: UUID) -> User | None:
    """Somebody who waits for her confirmation."""
    with pool.connection() as conn, conn.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(
            "SELECT * FROM accounts.users WHERE id = %s AND confirmed_at IS NULL", [user_id]
        ).fetchone()
    return User(**row) if row else None


def confirm(pool: ConnectionPool[Any], user: User) -> bool:
    """False: somebody was quicker, or signed up anew with this address meanwhile."""
    with pool.connection() as conn:
        return bool(conn.execute(CONFIRM, [user.id, user.fs_uniquifier]).rowcount)


@task("forget_newcomers", cron="41 3 * * *")
def forget_newcomers(shop: Workshop) -> None:
    """Names and addresses that are kept for no purpose go: of accounts that were never confirmed, or were made for an
    inspection that is over; of invitations whose time is.
    """
    with shop.pool.connection() as conn:
        conn.execute("SELECT accounts.forget_newcomers(%s)", [FORGOTTEN_AFTER])
        conn.execute("SELECT accounts.forget_inspectors(%s)", [INSPECTED_BEFORE])
        conn.execute("SELECT accounts.blank_invitations()")


def _say_known(conn: Connection[Any], user: User) -> None:
    link = ("Se connecter", notices.address("security.login"))
    notices.send(conn, user.email, "known", link=link, username=user.username, forgotten=notices.address("reset.ask"))


KNOWN = "SELECT * FROM accounts.users WHERE lower(email) = lower(%(email)s) FOR UPDATE"
TAKEN = """
    SELECT 1 FROM accounts.users
     WHERE (lower(username) = lower(%(username)s) OR lookalike = %(lookalike)s)
       AND id IS DISTINCT FROM %(waiting)s::uuid
    """
BEGIN = """
    INSERT INTO accounts.users (username, email, password, fs_uniquifier, confirmed_at, terms_version, terms_at, plan,
                                rhythm, lookalike)
    VALUES (%(username)s, %(email)s, %(password)s, %(uniquifier)s, NULL, %(terms_version)s, now(), %(plan)s,
            %(rhythm)s, %(lookalike)s)
    RETURNING *
    """
BEGIN_AGAIN = """
    UPDATE accounts.users
       SET username = %(username)s, password = %(password)s, fs_uniquifier = %(uniquifier)s, created_at = now(),
           terms_version = %(terms_version)s, terms_at = now(), plan = %(plan)s, rhythm = %(rhythm)s,
           lookalike = %(lookalike)s
     WHERE lower(email) = lower(%(email)s)
    RETURNING *
    """
CONFIRM = "UPDATE accounts.users SET confirmed_at = now() WHERE id = %s AND fs_uniquifier = %s AND confirmed_at IS NULL"
