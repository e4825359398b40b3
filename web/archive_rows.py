"""The rows of archives that pages asked for: what a person watches until the file is there."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb

from projections.tx import Row, Tx

Connection = psycopg.Connection[TupleRow]


class ArchiveRow(Row, frozen=True):
    """An archive asked for; without a file, `problem` is `empty`, `many` (files), `cancelled`, `expired` (its seal) or
    `failed`.
    """

    id: UUID
    first_on: date
    last_on: date
    done: int
    total: int
    problem: str
    started_at: datetime
    finished_at: datetime | None

    @property
    def running(self) -> bool:
        return self.finished_at is None


ROWS = """
    SELECT id, first_on, last_on, done, total, problem, started_at, finished_at
      FROM jobs.archive
     WHERE company_id = %(company)s
    """


def one(tx: Tx, id: UUID) -> ArchiveRow | None:
    return tx.row(ArchiveRow, ROWS + "AND id = %(id)s", id=id)


def under_way(tx: Tx) -> list[ArchiveRow]:
    """Those that are waited for."""
    return tx.rows(ArchiveRow, ROWS + "AND finished_at IS NULL ORDER BY started_at DESC")


def ask(conn: Connection, company_id: UUID, id: UUID, first: date, last: date) -> None:
    """Asks for an archive, once under that id."""
    facts = {"company": company_id, "id": id, "first": first, "last": last}
    with conn.transaction():
        conn.execute("SELECT set_config('probant.company', %(company)s::text, true)", facts)
        asked = conn.execute(
            """
            INSERT INTO jobs.archive (company_id, id, first_on, last_on, total)
            SELECT company_id, %(id)s, %(first)s, %(last)s, pos FROM ledger.head WHERE company_id = %(company)s
            ON CONFLICT DO NOTHING
            """,
            facts,
        )
        if asked.rowcount:
            conn.execute(
                "SELECT jobs.defer(%s, '{make_archive}', %s, current_date)",
                (company_id, [Jsonb({"archive_id": str(id)})]),
            )


def cancel(conn: Connection, company_id: UUID, id: UUID) -> None:
    """The worker stops at its next look."""
    with conn.transaction():
        conn.execute("SELECT set_config('probant.company', %s, true)", (str(company_id),))
        conn.execute("UPDATE jobs.archive SET cancelled = true WHERE id = %s", (id,))


def asked(conn: Connection, company_id: UUID, id: UUID) -> tuple[date, date] | None:
    """The days of an archive that is still waited for."""
    conn.execute("SELECT set_config('probant.company', %s, false)", (str(company_id),))
    query = "SELECT first_on, last_on FROM jobs.archive WHERE id = %s AND finished_at IS NULL"
    return conn.execute(query, (id,)).fetchone()


def note(conn: Connection, id: UUID, share: float) -> bool:
    """Which share is done by now, 0 to 1; whether it is to go on."""
    query = "UPDATE jobs.archive SET done = total * %s WHERE id = %s RETURNING cancelled"
    return conn.execute(query, (share, id)).fetchone() == (False,)


def finish(conn: Connection, id: UUID, problem: str = "") -> Any:
    conn.execute("UPDATE jobs.archive SET finished_at = now(), problem = %s WHERE id = %s", (problem, id))
