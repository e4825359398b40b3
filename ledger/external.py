"""An external PostgreSQL: its version, and the passwords of our roles there."""

import json
import secrets

import psycopg
from psycopg import sql

from ledger.errors import VersionUnsupported
from ledger.settings import Settings, write_once

ROLES = ("probant_web", "probant_job", "probant_audit")
OLDEST, NEWEST = 15, 18


def check_version(uri: str) -> None:
    with psycopg.connect(uri) as conn:
        major = conn.info.server_version // 10_000
    if not OLDEST <= major <= NEWEST:
        raise VersionUnsupported(major)


def passwords(settings: Settings) -> dict[str, str]:
    """Password of each role, made once, in a file that only we can read."""
    settings.make_folder()
    file = settings.data / "database-passwords.json"
    if not file.exists():
        write_once(file, json.dumps({role: secrets.token_urlsafe(32) for role in ROLES}).encode())
    known: dict[str, str] = json.loads(file.read_text())
    return known


def set_passwords(conn: psycopg.Connection, known: dict[str, str]) -> None:
    """Tells the server our roles' passwords, as SCRAM verifiers: nothing in clear reaches its log."""
    for role, password in known.items():
        verifier = conn.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
        conn.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier)))
