"""Migrations: plain numbered SQL, `ledger/migrations/NNN_*.sql`, each run once by the administrator.

No tool: what yoyo or alembic add (rollbacks, branches, models) a ledger that only goes forward does not use, and an
auditor reads the SQL itself. Each file is one transaction with the line that records it.
"""

from hashlib import sha256
from pathlib import Path

import psycopg

from ledger import external
from ledger.errors import SchemaNewer
from ledger.postgres import Server

FOLDER = Path(__file__).with_name("migrations")
LOCK = 0x50524F42414E54  # « PROBANT »: one program migrates at a time


def migrate(server: Server) -> None:
    """Brings the database to this program's schema; does nothing when it is there.

    Errors: `SchemaNewer` when a newer Probant was here; `RuntimeError` when a file that has run was changed since.
    """
    with psycopg.connect(server.uri("postgres"), autocommit=True) as conn:
        conn.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        done = _done(conn)
        files = {int(file.name[:3]): file for file in sorted(FOLDER.glob("[0-9][0-9][0-9]_*.sql"))}
        if done and max(done) > max(files):
            raise SchemaNewer(max(done), max(files))
        for number, file in files.items():
            _apply(conn, number, file, done.get(number))
        external.set_passwords(conn, server.passwords)


def _done(conn: psycopg.Connection) -> dict[int, bytes]:
    """Migrations that have run: number and SHA-256."""
    if conn.execute("SELECT to_regclass('ledger.migration')").fetchone() == (None,):
        return {}
    return dict(conn.execute("SELECT number, sha256 FROM ledger.migration").fetchall())


def _apply(conn: psycopg.Connection, number: int, file: Path, applied: bytes | None) -> None:
    text = file.read_bytes()
    digest = sha256(text).digest()
    if applied is None:
        with conn.transaction():
            conn.execute(text)
            conn.execute(
                "INSERT INTO ledger.migration (number, name, sha256) VALUES (%s, %s, %s)", (number, file.stem, digest)
            )
    elif applied != digest:
        raise RuntimeError(f"{file.name} has run already: a change of the schema is a new file")
