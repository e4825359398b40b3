"""Passwords: a new one, typed twice, what is asked of it, what its change ends; whether one is right."""

import unicodedata
from secrets import token_urlsafe
from typing import Any

from flask_security.utils import verify_password
from psycopg_pool import ConnectionPool

from web.accounts import store, told
from web.forms import Fields

LONGEST = 200
FEWEST = 5  # different characters


def typed(fields: Fields, *owned: str) -> str:
    """The fields `password` and `password2`; `owned` are words that it may not be made of (name, address)."""
    password = fields.form.get("password", "")
    if why := _weak(password, owned):
        fields.refuse("password", why)
    elif password != fields.form.get("password2", ""):
        fields.refuse("password2", "Les deux mots de passe ne sont pas les mêmes.")
    return password


def right(user: store.User, password: str) -> bool:
    """Whether this is the user's password, however its accents were typed."""
    return len(password) <= LONGEST and verify_password(unicodedata.normalize("NFKD", password), user.password)


def renew(pool: ConnectionPool[Any], user: store.User, password: str) -> bool:
    """Sets it, and ends every session; the mail that led here proves the address. False: the link was used by then."""
    with pool.connection() as conn, conn.transaction():
        changed = conn.execute(RENEW, [store.hashed(password), token_urlsafe(24), user.id, user.fs_uniquifier]).rowcount
        conn.execute("DELETE FROM accounts.sessions WHERE user_id = %s", [user.id])
        conn.execute("DELETE FROM accounts.steps WHERE user_id = %s", [user.id])
        if changed:
            told.mail(conn, user.email, told.PASSWORD)
    return bool(changed)


RENEW = """
    UPDATE accounts.users SET password = %s, fs_uniquifier = %s, confirmed_at = coalesce(confirmed_at, now())
     WHERE id = %s AND fs_uniquifier = %s
    """


def _weak(password: str, owned: tuple[str, ...]) -> str:
    if len(password) < store.SHORTEST_PASSWORD:
        return f"{store.SHORTEST_PASSWORD} caractères au moins : une phrase se retient mieux qu’un mot compliqué."
    if len(password) > LONGEST:
        return f"{LONGEST} caractères au plus."
    if len(set(password)) < FEWEST:
        return f"{FEWEST} caractères différents au moins."
    if any(word and word.casefold() in password.casefold() for word in owned):
        return "Un mot de passe ne contient ni le nom d’utilisateur ni l’adresse."
    return ""
