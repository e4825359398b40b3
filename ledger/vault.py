"""The vault: openings of sealed values, beside the ledger. Losing one loses the value, never the proof."""

import json
import secrets
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from ledger import chain
from ledger.canonical import canonical


class Opening(msgspec.Struct, frozen=True):
    """What opens a digest: the subject it speaks of, 32 random bytes in hex, the canonical JSON text of the value."""

    digest: str
    subject: UUID
    salt: str
    value: str


def seal(ledger: UUID, subject: UUID, value: Any) -> Opening:
    """A fresh seal of `value`. Errors: `ValueError` for a seal inside a sealed value."""
    text = canonical(value).decode()
    if '"sealed":' in text:
        raise ValueError("no seal inside a sealed value")
    salt = secrets.token_hex(32)
    return Opening(chain.seal(str(ledger), str(subject), salt, text), subject, salt, text)


def keep(conn: psycopg.Connection, ledger: UUID, openings: list[Opening]) -> None:
    """Puts openings into the vault, in the transaction of the entry that they open."""
    conn.execute(
        """
        INSERT INTO ledger.sealed (company_id, digest, subject_id, salt, value)
        SELECT %b, digest, subject_id, salt, value
          FROM unnest(%b::bytea[], %b::uuid[], %b::text[], %b::text[]) AS o (digest, subject_id, salt, value)
        """,
        (
            ledger,
            [bytes.fromhex(opening.digest) for opening in openings],
            [opening.subject for opening in openings],
            [opening.salt for opening in openings],
            [opening.value for opening in openings],
        ),
    )


def opened(conn: psycopg.Connection, ledger: UUID, digest: str) -> Any | None:
    """The value behind `digest`; None when it was erased."""
    row = conn.execute(
        "SELECT value FROM ledger.sealed WHERE company_id = %s AND digest = %s", (ledger, bytes.fromhex(digest))
    ).fetchone()
    return json.loads(row[0]) if row else None
