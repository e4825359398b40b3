"""The second factor: codes of an application (TOTP, RFC 6238), and recovery codes for the day the telephone is lost.

SHA-1, six digits, thirty seconds: what every application knows. The code before and the one after are taken too; none
counts twice, whoever is quicker. Flask-Security's own second factors are not used: they look a code up in one step and
strike it out in another, and keep recovery codes so that they can be read again.
"""

import hmac
import secrets
import time
from base64 import b32encode, urlsafe_b64encode
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from flask import current_app
from psycopg import Connection
from psycopg_pool import ConnectionPool

STEP, DIGITS, SEED_BYTES = 30, 6, 20
ISSUER = "Probant"
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # 31 signs that no eye confuses
CODES, GROUPS, GROUP = 10, 5, 4  # 20 signs: 99 bits


def new_seed() -> str:
    """Encrypted, as it is kept."""
    return _cipher().encrypt(secrets.token_bytes(SEED_BYTES)).decode()


def key(seed: str) -> str:
    """As a person types it into her application."""
    plain = b32encode(_cipher().decrypt(seed)).decode()
    return " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))


def address(seed: str, username: str) -> str:
    """What the QR code holds."""
    facts = {"secret": key(seed).replace(" ", ""), "issuer": ISSUER, "digits": DIGITS, "period": STEP}
    return f"otpauth://totp/{quote(f'{ISSUER}:{username}')}?{urlencode(facts)}"


def code(seed: str, at: int) -> str:
    """Of the half-minute `at`."""
    return TOTP(_cipher().decrypt(seed), DIGITS, SHA1(), STEP).generate(at * STEP).decode()  # noqa: S303 - RFC 6238


def counter(seed: str, typed: str, now: float) -> int | None:
    """Which half-minute the code is of: this one, the one before or after; None when it is of neither."""
    this = int(now // STEP)
    return next((at for at in (this, this - 1, this + 1) if hmac.compare_digest(code(seed, at), typed)), None)


def first(seed: str, typed: str) -> int | None:
    """The half-minute of the code that proves that the application has the seed; None for a wrong one."""
    plain = normal(typed)
    return counter(seed, plain, time.time()) if _is_code(plain) else None


def accept(pool: ConnectionPool[Any], user_id: UUID, seed: str, typed: str) -> str:
    """What let her in: `code`, `recovery`, or nothing. Each is taken once."""
    plain = normal(typed)
    with pool.connection() as conn:
        if _is_code(plain):
            at = counter(seed, plain, time.time())
            return "code" if at and conn.execute(TAKE, [at, user_id, at]).fetchone() else ""
        return "recovery" if conn.execute(STRIKE, [user_id, _hash(plain)]).fetchone() else ""


def set_up(conn: Connection[Any], user_id: UUID, seed: str, at: int) -> list[str]:
    """From now on a code is asked; the recovery codes, which are shown this once."""
    conn.execute("UPDATE accounts.users SET totp = %s, totp_counter = %s WHERE id = %s", [seed, at, user_id])
    return renew(conn, user_id)


def take_down(conn: Connection[Any], user_id: UUID) -> None:
    conn.execute("UPDATE accounts.users SET totp = '', totp_counter = 0 WHERE id = %s", [user_id])
    conn.execute("DELETE FROM accounts.recovery_codes WHERE user_id = %s", [user_id])


def renew(conn: Connection[Any], user_id: UUID) -> list[str]:
    """New recovery codes; those before are worth nothing."""
    made = ["-".join(_signs(GROUP) for _ in range(GROUPS)) for _ in range(CODES)]
    conn.execute("DELETE FROM accounts.recovery_codes WHERE user_id = %s", [user_id])
    conn.execute(
        "INSERT INTO accounts.recovery_codes (user_id, hash) SELECT %s, unnest(%s::bytea[])",
        [user_id, [_hash(normal(code)) for code in made]],
    )
    return made


def left(pool: ConnectionPool[Any], user_id: UUID) -> int:
    """How many recovery codes were not used yet."""
    with pool.connection() as conn:
        row = conn.execute("SELECT count(*) FROM accounts.recovery_codes WHERE user_id = %s", [user_id]).fetchone()
    return int(row[0]) if row else 0


TAKE = "UPDATE accounts.users SET totp_counter = %s WHERE id = %s AND totp_counter < %s RETURNING true"
STRIKE = "DELETE FROM accounts.recovery_codes WHERE user_id = %s AND hash = %s RETURNING true"


def normal(typed: str) -> str:
    return "".join(typed.split()).replace("-", "").lower()


def _is_code(plain: str) -> bool:
    return plain.isascii() and plain.isdigit() and len(plain) == DIGITS


def _signs(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _hash(plain: str) -> bytes:
    return sha256(plain.encode("utf-8", "replace")).digest()


def _cipher() -> Fernet:
    return Fernet(urlsafe_b64encode(current_app.extensions["settings"].secret("second factors")))
