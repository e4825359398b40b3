"""Passwords: a new one, typed twice, what is asked of it, what its change ends; whether one is right."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from flask_security.utils import verify_password
from psycopg import Connection
from psycopg_pool import ConnectionPool
from zxcvbn import zxcvbn

from web import frame
from web.accounts import passkeys, steps, store, told, tries
from web.forms import Fields

LONGEST = 200
FEWEST = 5  # different characters
GUESSES = 10**8  # that a new one withstands, as zxcvbn counts them: what many systems share is in far fewer
JUDGED = 72  # characters that zxcvbn looks at
COMMON = Path(__file__).with_name("common.txt")


def typed(fields: Fields, username: str, email: str, companies: Iterable[str] = ()) -> str:
    """The fields `password` and `password2`; who guesses would begin with the names of the person and of hers."""
    password = fields.form.get("password", "")
    if why := _weak(password, (username, email.partition("@")[0]), companies):
        fields.refuse("password", why)
    elif password != fields.form.get("password2", ""):
        fields.refuse("password2", "Les deux mots de passe ne sont pas les mêmes.")
    return password


def companies(pool: ConnectionPool[Any], user: store.User) -> list[str]:
    """What those are called that are open to her."""
    return [frame.name_of(one.company_id) for one in store.memberships(pool, user.id)]


def right(user: store.User, password: str) -> bool:
    """Whether this is the user's password, however its accents were typed."""
    return len(password) <= LONGEST and verify_password(unicodedata.normalize("NFKD", password), user.password)


def renew(conn: Connection[Any], user: store.User, password: str, strange: Iterable[UUID], email: str) -> bool:
    """Sets it by a link that was mailed to `email`, which that proves; passkeys that are `strange` to her go, and every
    session ends. False: the link was used by then.
    """
    changed = conn.execute(RENEW, [store.hashed(password), token_urlsafe(24), user.id, user.fs_uniquifier]).rowcount
    if not changed:
        return False
    conn.execute("DELETE FROM accounts.sessions WHERE user_id = %s", [user.id])
    tries.forget(conn, tries.password_key(user))
    steps.forget(conn, user.id)
    told.mail(conn, email, told.PASSWORD)
    if sum(passkeys.remove(conn, user.id, key) for key in strange):
        told.mail(conn, email, told.KEY_REMOVED)
    return True


RENEW = """
    UPDATE accounts.users SET password = %s, fs_uniquifier = %s, confirmed_at = coalesce(confirmed_at, now())
     WHERE id = %s AND fs_uniquifier = %s
    """


def _weak(password: str, owned: Iterable[str], near: Iterable[str]) -> str:
    if len(password) < store.SHORTEST_PASSWORD:
        return f"{store.SHORTEST_PASSWORD} caractères au moins : une phrase se retient mieux qu’un mot compliqué."
    if len(password) > LONGEST:
        return f"{LONGEST} caractères au plus."
    if any(word and word.casefold() in password.casefold() for word in owned):
        return "Un mot de passe ne contient ni le nom d’utilisateur ni l’adresse."
    if len(set(password)) < FEWEST:
        return f"{FEWEST} caractères différents au moins."
    known = [*map(_plain, (*owned, *near)), *common()]
    if zxcvbn(_plain(password)[:JUDGED], user_inputs=known)["guesses"] < GUESSES:
        return "Ce mot de passe est trop courant ou se devine vite : prenez quelques mots sans rapport entre eux."
    return ""


@cache
def common() -> tuple[str, ...]:
    """Words that French passwords are made of, the most usual first."""
    lines = COMMON.read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def _plain(word: str) -> str:
    """Without accents, spaces and joining signs, which who guesses leaves out too."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    return re.sub(r"[\s._-]+", "", bare)
