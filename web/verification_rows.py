"""The rows of verifications, under way and done.

Whoever verifies a company holds a lock of the database on it, from the request until the result is recorded. So there
is one at a time whatever processes there are; and a row that is not finished, without anybody holding its lock, was
interrupted: the process that held it is gone.
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
GATE = 0x50524F43

Connection = psycopg.Connection[TupleRow]


class Job(Row, frozen=True):
    """A verification. `running`: somebody is at it; neither `running` nor finished: it was interrupted."""

    id: UUID
    done: int
    total: int
    findings: list[dict[str, Any]]
    found: int
    head: str
    failed: bool
    recorded: bool
    started_at: datetime
    finished_at: datetime | None
    running: bool

    @property
    def told(self) -> list[Finding]:
        return [Finding(one["position"], one["code"], one["facts"]) for one in self.findings]


def one(tx: Tx, id: UUID) -> Job | None:
    return tx.row(Job, JOBS + "AND id = %(id)s", id=id, lock=LOCK)


def last(tx: Tx) -> Job | None:
    """The one that began last."""
    return tx.row(Job, JOBS + "ORDER BY started_at DESC LIMIT 1", lock=LOCK)


JOBS = """
    SELECT id, done, total, findings, found, head, failed, recorded, started_at, finished_at,
           finished_at IS NULL AND EXISTS (
               SELECT FROM pg_locks
                WHERE locktype = 'advisory' AND objsubid = 2 AND granted AND classid::bigint = %(lock)s
                  AND objid::bigint = hashtext(%(company)s::text)::bigint & 4294967295
                  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS running
      FROM jobs.verification
     WHERE company_id = %(company)s
    """


def begin(conn: Connection, company_id: UUID, id: UUID) -> UUID | None:
    """Takes the company's lock and writes the row; None. When that cannot be, the id of the verification that is there.

    Two that come together wait for one another at the gate.
    """
    facts = {"company": company_id, "id": id, "lock": LOCK, "gate": GATE}
    with conn.transaction():
        conn.execute("SELECT pg_advisory_xact_lock(%(gate)s, hashtext(%(company)s::text))", facts)
        if conn.execute("SELECT id FROM jobs.verification WHERE id = %(id)s", facts).fetchone():
            return id
        free = conn.execute("SELECT pg_try_advisory_lock(%(lock)s, hashtext(%(company)s::text))", facts).fetchone()
        if free == (False,):
            row = conn.execute("SELECT id FROM jobs.verification ORDER BY started_at DESC LIMIT 1").fetchone()
            return row[0] if row else id
        conn.execute(
            """
            INSERT INTO jobs.verification (company_id, id, total)
            SELECT %(company)s, %(id)s, coalesce(max(pos), 0) FROM ledger.head WHERE company_id = %(company)s
            """,
            facts,
        )
    return None


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
