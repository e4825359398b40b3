"""Passwords and codes tried at one account, from wherever: some at once, then each waits longer than the one before.

It slows down whoever guesses and locks nobody out: the longest wait is minutes, whoever comes in begins anew, and a
link to a new password or a passkey waits for nothing. Her person is told by mail.
"""

from typing import Any, Final, NamedTuple

from psycopg import Connection
from psycopg_pool import ConnectionPool

from web.accounts.store import User
from web.mail import notices

FREE = 5  # that wait for nothing
FIRST, LONGEST = 30, 300  # seconds
ALERT = 10  # in a row, all wrong
NOBODY = "personne@probant.invalid"


class Try(NamedTuple):
    """The how many-th it is, and the seconds to wait for it: 0, it may be made."""

    hits: int
    wait: int


def begin(pool: ConnectionPool[Any], key: str) -> Try:
    """Counts one try, unless it comes too soon. Tries of a day ago are forgotten."""
    with pool.connection() as conn:
        made = conn.execute(COUNT, {"key": key, "free": FREE, "first": FIRST, "longest": LONGEST}).fetchone()
        if made:
            return Try(made[0], 0)
        row = conn.execute(WAIT, [key]).fetchone()
    return Try(*row) if row else Try(0, 0)


def forget(conn: Connection[Any], *keys: str) -> None:
    conn.execute("DELETE FROM accounts.tries WHERE key = ANY (%s)", [[*keys]])


def password_key(user: User) -> str:
    return f"password:{user.id}"


def code_key(user: User) -> str:
    return f"code:{user.id}"


def tell(pool: ConnectionPool[Any], user: User | None, what: str) -> None:
    """The mail, if there is somebody; else the same work for nobody, undone: time tells nothing."""
    with pool.connection() as conn, conn.transaction(force_rollback=user is None):
        notices.send(
            conn, user.email if user else NOBODY, "tries", username=user.username if user else "", what=what,
            tries=ALERT, link=("Choisir un mot de passe", notices.address("reset.ask")),
        )  # fmt: skip


COUNT: Final = """
    INSERT INTO accounts.tries AS t (key, hits, next_at, until) VALUES (%(key)s, 1, now(), now() + interval '1 day')
    ON CONFLICT (key) DO UPDATE SET
      hits = CASE WHEN t.until <= now() THEN 1 ELSE t.hits + 1 END,
      next_at = now() + CASE WHEN t.until <= now() OR t.hits + 1 < %(free)s THEN interval '0'
        ELSE make_interval(secs => least(%(longest)s, %(first)s * 2 ^ least(t.hits + 1 - %(free)s, 20))) END,
      until = now() + interval '1 day'
     WHERE t.next_at <= now()
    RETURNING hits
    """
WAIT: Final = "SELECT hits, ceil(extract(epoch FROM next_at - now()))::integer FROM accounts.tries WHERE key = %s"
