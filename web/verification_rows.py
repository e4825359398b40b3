"""The rows of verifications, asked for, under way and done: what a page watches.

A row that is not finished has a job in the queue. Whoever does it holds a lock of the database on the company: a second
worker, given the job because the first seemed dead, leaves it alone.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb

from audit.finding import Finding
from projections.tx import Row, Tx

LOCK = 0x50524F42  # « PROB »

Connection = psycopg.Connection[TupleRow]


class Verification(Row, frozen=True):
    """A verification: waiting until `begun_at`, running until `finished_at`."""

    id: UUID
    done: int
    total: int
    findings: list[dict[str, Any]]
    found: int
    head: str
    failed: bool
    recorded: bool
    started_at: datetime
    begun_at: datetime | None
    finished_at: datetime | None

    @property
    def running(self) -> bool:
        return self.finished_at is None

    @property
    def told(self) -> list[Finding]:
        return [Finding(one["position"], one["code"], one["facts"]) for one in self.findings]


def one(tx: Tx, id: UUID) -> Verification | None:
    return tx.row(Verification, ROWS + "AND id = %(id)s", id=id)


def last(tx: Tx) -> Verification | None:
    """The one that was asked for last."""
    return tx.row(Verification, ROWS + "ORDER BY started_at DESC LIMIT 1")


ROWS = """
    SELECT id, done, total, findings, found, head, failed, recorded, started_at, begun_at, finished_at
      FROM jobs.verification
     WHERE company_id = %(company)s
    """


def ask(conn: Connection, company_id: UUID, id: UUID) -> UUID:
    """Asks for a verification: its id, or that of the one which is not finished. One that was asked for and somehow
    stayed behind is asked for again: done twice, it costs nothing.
    """
    facts = {"company": company_id, "id": id}
    with conn.transaction():
        conn.execute("SELECT set_config('probant.company', %(company)s::text, true)", facts)
        conn.execute(
            """
            INSERT INTO jobs.verification (company_id, id, total)
            SELECT company_id, %(id)s, pos FROM ledger.head WHERE company_id = %(company)s ON CONFLICT DO NOTHING
            """,
            facts,
        )
        row = conn.execute(
            """
            SELECT id, finished_at FROM jobs.verification
             WHERE company_id = %(company)s AND (id = %(id)s OR finished_at IS NULL) ORDER BY id = %(id)s DESC LIMIT 1
            """,
            facts,
        ).fetchone()
        known: UUID = row[0] if row else id
        finished_at = row[1] if row else None
        if finished_at is None:
            conn.execute(
                "SELECT jobs.defer(%s, '{verify_ledger}', %s, current_date)",
                (company_id, [Jsonb({"verification_id": str(known)})]),
            )
    return known


def begin(conn: Connection, company_id: UUID, id: UUID) -> bool:
    """Takes the company's lock, for as long as the connection lives; False when it is taken, or all is done."""
    facts = {"company": company_id, "id": id, "lock": LOCK}
    conn.execute("SELECT set_config('probant.company', %(company)s::text, false)", facts)
    taken = conn.execute("SELECT pg_try_advisory_lock(%(lock)s, hashtext(%(company)s::text))", facts).fetchone()
    if taken != (True,):
        return False
    begun = conn.execute(
        "UPDATE jobs.verification SET begun_at = now(), done = 0 WHERE id = %(id)s AND finished_at IS NULL", facts
    )
    return begun.rowcount == 1


def note(conn: Connection, id: UUID, done: int) -> None:
    """How many entries were examined by now."""
    conn.execute("UPDATE jobs.verification SET done = %s WHERE id = %s", (done, id))


def finish(conn: Connection, id: UUID, **facts: Any) -> None:
    """What it came to: `done` `found` `head` `findings` `failed` `recorded`."""
    told = {"done": 0, "found": 0, "head": "", "findings": [], "failed": False, "recorded": False} | facts
    conn.execute(
        """
        UPDATE jobs.verification
           SET done = %(done)s, found = %(found)s, head = %(head)s, findings = %(findings)s, failed = %(failed)s,
               recorded = %(recorded)s, finished_at = now()
         WHERE id = %(id)s
        """,
        told | {"id": id, "findings": Jsonb(told["findings"])},
    )
