"""The rows of attestations that pages asked for, until they are made."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb

from projections.tx import Row, Tx

Connection = psycopg.Connection[TupleRow]


class CertificateJob(Row, frozen=True):
    """An attestation asked for; `problem` is `altered` (with `found` defects), `refused`, `failed`, or empty."""

    id: UUID
    problem: str
    found: int
    started_at: datetime
    finished_at: datetime | None

    @property
    def running(self) -> bool:
        return self.finished_at is None


def one(tx: Tx, id: UUID) -> CertificateJob | None:
    return tx.row(
        CertificateJob,
        """
        SELECT id, problem, found, started_at, finished_at
          FROM jobs.certificate
         WHERE company_id = %(company)s AND id = %(id)s
        """,
        id=id,
    )


def ask(conn: Connection, company_id: UUID, id: UUID, asked: Any) -> None:
    """Asks for an attestation, once under that id."""
    with conn.transaction():
        _see(conn, company_id)
        new = conn.execute(
            "INSERT INTO jobs.certificate (company_id, id, asked) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            (company_id, id, Jsonb(msgspec.to_builtins(asked))),
        )
        if new.rowcount:
            conn.execute(
                "SELECT jobs.defer(%s, '{issue_certificate}', %s, current_date)",
                (company_id, [Jsonb({"certificate_id": str(id)})]),
            )


def asked(conn: Connection, company_id: UUID, id: UUID) -> Any:
    """What was typed for one that is still waited for; None for any other."""
    with conn.transaction():
        _see(conn, company_id)
        row = conn.execute("SELECT asked FROM jobs.certificate WHERE id = %s AND finished_at IS NULL", (id,)).fetchone()
    return row[0] if row else None


def finish(conn: Connection, company_id: UUID, id: UUID, problem: str = "", found: int = 0) -> None:
    """What it came to; what was typed is kept no longer."""
    with conn.transaction():
        _see(conn, company_id)
        conn.execute(
            "UPDATE jobs.certificate SET finished_at = now(), problem = %s, found = %s, asked = NULL WHERE id = %s",
            (problem, found, id),
        )


def _see(conn: Connection, company_id: UUID) -> None:
    conn.execute("SELECT set_config('probant.company', %s, true)", (str(company_id),))
