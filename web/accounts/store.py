"""Users and their memberships in PostgreSQL; the seam through which Flask-Security reads and writes users.

Passwords are argon2id with OWASP's second set of parameters (19 MiB, two passes), rehashed at sign-in when they change.
"""

import unicodedata
from datetime import datetime
from secrets import token_urlsafe
from typing import Any, LiteralString, NamedTuple, cast
from uuid import UUID

import argon2
from flask import current_app
from flask_security import RoleMixin, UserMixin
from flask_security.datastore import UserDatastore
from psycopg.rows import class_row, dict_row
from psycopg_pool import ConnectionPool

from web.accounts.names import lookalike

TIME_COST, MEMORY_KIB, PARALLELISM = 2, 19456, 1
SHORTEST_PASSWORD = 12
FIND_BY: dict[str, LiteralString] = {
    "id": "SELECT * FROM accounts.users WHERE id = %s",
    "fs_uniquifier": "SELECT * FROM accounts.users WHERE fs_uniquifier = %s",
    "email": "SELECT * FROM accounts.users WHERE lower(email) = lower(%s)",
    "username": "SELECT * FROM accounts.users WHERE lower(username) = lower(%s)",
}


class Membership(NamedTuple):
    """What a person is in a company: one of `web.roles.ROLES`."""

    company_id: UUID
    role: str


class User(UserMixin):
    """A row of `accounts.users`; roles belong to memberships, one per company, never to the user."""

    id: UUID  # type: ignore[assignment]  # the library numbers its own users
    username: str
    email: str
    password: str
    active: bool
    totp: str  # the encrypted seed of her codes; empty: none is asked
    confirmed_at: datetime | None
    plan: str  # chosen at sign-up
    rhythm: str
    fs_uniquifier: str = ""  # the library looks for it on the class

    def __init__(self, **columns: Any) -> None:
        self.__dict__.update(columns, roles=[])

    @property
    def actor(self) -> str:
        """How the ledger names this person."""
        return f"user:{self.id}"

    @property
    def initials(self) -> str:
        words = self.username.replace(".", " ").replace("-", " ").replace("_", " ").split()
        return "".join(word[0] for word in words[:2]).upper()


class Store(UserDatastore):
    """The users, for Flask-Security; a change is written at once."""

    def __init__(self, pool: ConnectionPool[Any]) -> None:
        super().__init__(User, RoleMixin)
        self.pool = pool

    def find_user(self, case_insensitive: bool = False, **by: Any) -> User | None:
        """By one of `FIND_BY`; names and addresses are always compared without case."""
        ((attribute, value),) = by.items()
        with self.pool.connection() as conn, conn.cursor(row_factory=dict_row) as cursor:
            row = cursor.execute(FIND_BY[attribute], [value]).fetchone()
        return User(**row) if row else None

    def identify(self, typed: str) -> User | None:
        """By what a person types to come in: an address when it has an « @ », else a user name."""
        typed = unicodedata.normalize("NFC", typed.replace("\0", "").strip())
        return self.find_user(email=typed) if "@" in typed else self.find_user(username=typed)

    def put(self, user: User) -> User:
        """Writes what the library may change: the password (rehashed) and the uniquifier."""
        with self.pool.connection() as conn:
            conn.execute(
                "UPDATE accounts.users SET password = %s, fs_uniquifier = %s WHERE id = %s",
                [user.password, user.fs_uniquifier, user.id],
            )
        return user

    def find_role(self, role: str) -> None:
        return None

    def commit(self) -> None:
        """Nothing to do: `put` has written."""


def pool() -> ConnectionPool[Any]:
    """The connections of the application that answers."""
    found: ConnectionPool[Any] = current_app.extensions["pool"]
    return found


def user(**by: Any) -> User | None:
    """By one of `FIND_BY`, of the application that answers."""
    found: User | None = current_app.extensions["security"].datastore.find_user(**by)
    return found


def create_user(pool: ConnectionPool[Any], username: str, email: str, password: str) -> UUID:
    """A new user, by code (the demo, the command line): errors are `ValueError` and psycopg's `IntegrityError`."""
    secret = hashed(password)
    name, address = (unicodedata.normalize("NFC", typed.strip()) for typed in (username, email))
    with pool.connection() as conn:
        row = conn.execute(
            "INSERT INTO accounts.users (username, lookalike, email, password, fs_uniquifier)"
            " VALUES (%s, %s, %s, %s, %s) RETURNING id",
            [name, lookalike(name), address, secret, token_urlsafe(24)],
        ).fetchone()
    return cast(UUID, row[0]) if row else UUID(int=0)


def hashed(password: str) -> str:
    """As it is kept. Errors: `ValueError` for one that is too short."""
    if len(password) < SHORTEST_PASSWORD:
        raise ValueError(f"Le mot de passe a {len(password)} caractères ; il en faut {SHORTEST_PASSWORD}.")
    hasher = argon2.PasswordHasher(TIME_COST, MEMORY_KIB, PARALLELISM)
    return hasher.hash(unicodedata.normalize("NFKD", password))  # as Flask-Security does


def grant(pool: ConnectionPool[Any], user_id: UUID, company_id: UUID, role: str) -> None:
    """Makes the user a member of the company, or changes what she is there."""
    with pool.connection() as conn:
        conn.execute(
            "INSERT INTO accounts.memberships (company_id, user_id, role) VALUES (%s, %s, %s)"
            " ON CONFLICT (company_id, user_id) DO UPDATE SET role = excluded.role, until_at = NULL",
            [company_id, user_id, role],
        )


def memberships(pool: ConnectionPool[Any], user_id: UUID) -> list[Membership]:
    """The companies that are open to this user now, the oldest membership first."""
    with pool.connection() as conn, conn.cursor(row_factory=class_row(Membership)) as cursor:
        found: list[Membership] = cursor.execute(
            "SELECT company_id, role FROM accounts.memberships"
            " WHERE user_id = %s AND from_at <= now() AND (until_at IS NULL OR until_at > now())"
            " ORDER BY from_at, company_id",
            [user_id],
        ).fetchall()
    return found
