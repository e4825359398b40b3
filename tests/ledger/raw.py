"""The append function called by hand, with what no program of ours would send."""

import json
import secrets
from typing import Any
from uuid import UUID, uuid4

import psycopg

from ledger import chain
from tests.ledger.example import USER


def append(
    conn: psycopg.Connection,
    company: UUID,
    *events: tuple[UUID, int | None, str | None, str | None],
    actor: str | None = USER,
) -> int:
    """Appends `(stream, version, type, data)` and commits; on an error, rolls back."""
    columns = [list(column) for column in zip(*events, strict=True)] or [[], [], [], []]
    with conn.transaction():
        return conn.execute(
            "SELECT ledger.append(%s, %s, NULL, NULL, NULL, %s::uuid[], %s::bigint[], %s::text[], %s::text[])",
            (company, actor, *columns),
        ).fetchone()[0]


def one(
    type: str | None, data: Any = "{}", version: int | None = 1, stream: UUID | None = None
) -> tuple[UUID, int | None, str | None, str | None]:
    """An event; `data` is JSON text, or facts to be written as such."""
    text = data if isinstance(data, str | None) else json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    return (stream or uuid4(), version, type, text)


def sqlstate(work, *args: Any, **kwargs: Any) -> str | None:
    """The SQLSTATE with which `work` is refused; None when it is not."""
    try:
        work(*args, **kwargs)
    except psycopg.Error as error:
        return error.sqlstate
    return None


def sealed(conn: psycopg.Connection, company: UUID, subject: UUID, value: str = '"Zoé"') -> str:
    """A digest whose opening is in the vault."""
    salt = secrets.token_hex(32)
    digest = chain.seal(str(company), str(subject), salt, value)
    with conn.transaction():
        conn.execute(
            "INSERT INTO ledger.sealed (company_id, digest, subject_id, salt, value) VALUES (%s, %s, %s, %s, %s)",
            (company, bytes.fromhex(digest), subject, salt, value),
        )
    return digest


def today(conn: psycopg.Connection, zone: str = "Europe/Paris") -> str:
    return str(conn.execute("SELECT (clock_timestamp() AT TIME ZONE %s)::date", (zone,)).fetchone()[0])


def issued(conn: psycopg.Connection, seq: int, /, **facts: Any) -> tuple[UUID, int | None, str | None, str | None]:
    """The event of an invoice number, right unless `facts` say otherwise; a fact that is None is left out."""
    day = today(conn)
    right = {
        "day": day,
        "issued_on": day,
        "kind": "invoice",
        "number": f"F2026-{seq:04}",
        "seq": seq,
        "series": "F2026",
    }
    return one("invoice.issued", {name: fact for name, fact in (right | facts).items() if fact is not None})
