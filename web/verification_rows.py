"""The rows of verifications, asked for, under way and done: what a page watches.

A row that is not finished has a job in the queue. Whoever does it holds a lock of the database on the company: a second
worker, given the job because the first seemed dead, leaves it alone.
"""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb

from audit.finding import Finding
from projections.tx import Row, Tx

LOCK = 0x50524F42  # « PROB »

Connection = psycopg.Connection[TupleRow]


class Verification(Row, frozen=True):
    """A verification: waiting until `begun_at`, running until `finished_at`. `first`: the first entry that it read."""

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
    first: int

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
    SELECT id, done, total, findings, found, head, failed, recorded, started_at, begun_at, finished_at, first
      FROM jobs.verification
     WHERE company_id = %(company)s
    """


# Due: the last one was a day ago, or broke down an hour ago. Whole: none of the whole was clean for a week.
DUE = """
    SELECT coalesce(bool_and(started_at < now() - CASE WHEN failed THEN interval '55 min' ELSE interval '23 hours' END)
                    FILTER (WHERE newest), true),
           NOT coalesce(bool_or(whole AND NOT failed AND found = 0
                                AND started_at > now() - interval '167 hours'), false)
      FROM (SELECT *, started_at = max(started_at) OVER () AS newest FROM jobs.verification
             WHERE company_id = %(company)s) v
    """


def ask_if_due(conn: Connection, company_id: UUID) -> None:
    """Asks for the daily verification, as the job: once a week of the whole."""
    with conn.transaction():
        conn.execute("SELECT set_config('probant.company', %s, true)", (str(company_id),))
        due, whole = conn.execute(DUE, {"company": company_id}).fetchone() or (False, False)
        if due:
            asked = ask(conn, company_id, uuid4())
            if not whole:
                conn.execute("UPDATE jobs.verification SET whole = false WHERE id = %s AND begun_at IS NULL", (asked,))


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


def begin(conn: Connection, company_id: UUID, id: UUID) -> bool | None:
    """Takes the company's lock, for as long as the connection lives: whether the whole is to be read. None when it is
    taken, or all is done.
    """
    facts = {"company": company_id, "id": id, "lock": LOCK}
    conn.execute("SELECT set_config('probant.company', %(company)s::text, false)", facts)
    taken = conn.execute("SELECT pg_try_advisory_lock(%(lock)s, hashtext(%(company)s::text))", facts).fetchone()
    if taken != (True,):
        return None
    begun = conn.execute(
        """
        UPDATE jobs.verification SET begun_at = now(), done = 0 WHERE id = %(id)s AND finished_at IS NULL
        RETURNING whole
        """,
        facts,
    ).fetchone()
    return begun[0] if begun else None


def note(conn: Connection, id: UUID, done: int) -> None:
    """How many entries were examined by now."""
    conn.execute("UPDATE jobs.verification SET done = %s WHERE id = %s", (done, id))


def finish(conn: Connection, id: UUID, **facts: Any) -> None:
    """What it came to: `done` `found` `head` `findings` `failed` `recorded` `first`."""
    told = {"done": 0, "found": 0, "head": "", "findings": [], "failed": False, "recorded": False, "first": 1} | facts
    conn.execute(
        """
        UPDATE jobs.verification
           SET done = %(done)s, found = %(found)s, head = %(head)s, findings = %(findings)s, failed = %(failed)s,
               recorded = %(recorded)s, first = %(first)s, whole = %(first)s = 1, finished_at = now()
         WHERE id = %(id)s
        """,
        told | {"id": id, "findings": Jsonb(told["findings"])},
    )
