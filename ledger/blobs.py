"""Blobs: files kept by what they contain. Put twice, a file is there once; its term only grows."""

from datetime import date
from hashlib import sha256
from uuid import UUID

import psycopg


def put(conn: psycopg.Connection, ledger: UUID, content: bytes, kept_until: date) -> str:
    """Keeps `content` at least until that day included; returns its SHA-256 in hex, the name to get it by."""
    digest = sha256(content).digest()
    conn.execute(
        "INSERT INTO ledger.blob (company_id, sha256, bytes, kept_until) VALUES (%s, %s, %b, %s)"
        " ON CONFLICT DO NOTHING",
        (ledger, digest, content, kept_until),
    )
    conn.execute("SELECT ledger.keep_blob(%s, %s, %s)", (ledger, digest, kept_until))
    return digest.hex()


def get(conn: psycopg.Connection, ledger: UUID, digest: str) -> bytes | None:
    """The content named `digest`; None when it is not there, or no more."""
    row = conn.execute(
        "SELECT bytes FROM ledger.blob WHERE company_id = %s AND sha256 = %s", (ledger, bytes.fromhex(digest))
    ).fetchone()
    return bytes(row[0]) if row else None
