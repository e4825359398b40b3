"""« Vérifier maintenant »: the audit of one ledger in a thread of its own, watched from a page, recorded as an entry.

Whoever verifies a company holds a lock of the database on it, from the request until the result is recorded. So there
is one at a time whatever processes there are; and a row that is not finished, without anybody holding its lock, was
interrupted: the process that held it is gone.
"""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from queue import SimpleQueue
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from flask import Flask
from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb

from audit.cores import processes
from audit.finding import Finding
from audit.verify import Result, verify_company
from domain.errors import DomainError
from ledger import postgres
from ledger.books import Books
from ledger.codec import EventMapper
from ledger.commands.verifications import record_verification
from ledger.postgres import Server
from projections.tx import Row, Tx

ACTOR = "job:verify"
LOCK = 0x50524F42  # « PROB »
GATE = 0x50524F43
KEPT = 200  # findings that a row keeps
OFTEN = 0.3  # seconds between two notes of progress
log = logging.getLogger(__name__)

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


class Task(NamedTuple):
    """A verification to be done; `conn` holds the lock."""

    conn: Connection
    company_id: UUID
    id: UUID


class Verifier:
    """Takes verifications, one after the other. `key` is that of the commands."""

    def __init__(self, server: Server, mapper: EventMapper, key: bytes) -> None:
        self.server, self.mapper, self.key = server, mapper, key
        self.tasks: SimpleQueue[Task] = SimpleQueue()
        self.thread = threading.Thread(target=self._work, name="verify", daemon=True)  # it must not hold up the end
        self.starting = threading.Lock()

    def ask(self, company_id: UUID, id: UUID) -> UUID:
        """Begins a verification; the id of the one that is under way, or of this very one when it was asked before."""
        conn = psycopg.connect(self.server.uri("probant_job"), autocommit=True)
        conn.execute("SELECT set_config('probant.company', %s, false)", (str(company_id),))
        taken, current = _take(conn, company_id, id)
        if not taken:
            conn.close()
            return current
        with self.starting:
            if not self.thread.is_alive():
                self.thread.start()
        self.tasks.put(Task(conn, company_id, id))
        return id

    def _work(self) -> None:
        while True:
            task = self.tasks.get()
            try:
                self._verify(task)
            except Exception:
                log.exception("verification %s failed", task.id)
                with suppress(psycopg.Error):  # the connection may be what failed: then the row reads as interrupted
                    _finish(task, failed=True)
            finally:
                task.conn.close()

    def _verify(self, task: Task) -> None:
        with processes() as pool:  # started only for a large ledger
            result = verify_company(self.server, task.company_id, _progress(task), pool)
        _finish(
            task,
            done=result.count,
            found=len(result.findings),
            head=result.head,
            recorded=self._recorded(task, result),
            findings=Jsonb([{"position": f.position, "code": f.code, "facts": f.facts} for f in result.findings[:KEPT]]),
        )

    def _recorded(self, task: Task, result: Result) -> bool:
        """Whether the ledger took the entry: one that was damaged may refuse any."""
        try:
            with postgres.pool(self.server, "probant_job", min_size=1, max_size=1) as pool:
                Books(pool, self.mapper, self.key).do(
                    record_verification, task.company_id, task.id, ACTOR, verification_id=task.id, to_pos=result.count,
                    findings=len(result.findings),
                )  # fmt: skip
        except (DomainError, psycopg.Error):
            log.exception("the result of verification %s could not be recorded", task.id)
            return False
        return True


def init(app: Flask, verifier: Verifier) -> None:
    app.extensions["verifier"] = verifier


def job(tx: Tx, id: UUID) -> Job | None:
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


def _take(conn: Connection, company_id: UUID, id: UUID) -> tuple[bool, UUID]:
    """Takes the company's lock and writes the row; else the id of who has it. Two that come together wait at the gate."""
    facts = {"company": company_id, "id": id, "lock": LOCK, "gate": GATE}
    with conn.transaction():
        conn.execute("SELECT pg_advisory_xact_lock(%(gate)s, hashtext(%(company)s::text))", facts)
        if conn.execute("SELECT FROM jobs.verification WHERE id = %(id)s", facts).fetchone():
            return False, id
        free = conn.execute("SELECT pg_try_advisory_lock(%(lock)s, hashtext(%(company)s::text))", facts).fetchone()
        if free == (True,):
            conn.execute(
                """
                INSERT INTO jobs.verification (company_id, id, total)
                SELECT %(company)s, %(id)s, coalesce(max(pos), 0) FROM ledger.head WHERE company_id = %(company)s
                """,
                facts,
            )
            return True, id
        row = conn.execute("SELECT id FROM jobs.verification ORDER BY started_at DESC LIMIT 1").fetchone()
    return False, row[0] if row else id


def _progress(task: Task) -> Callable[[int], None]:
    done, noted_at = 0, time.monotonic()

    def progress(count: int) -> None:
        nonlocal done, noted_at
        done += count
        if time.monotonic() - noted_at >= OFTEN:
            noted_at = time.monotonic()
            task.conn.execute("UPDATE jobs.verification SET done = %s WHERE id = %s", (done, task.id))

    return progress


def _finish(task: Task, **facts: Any) -> None:
    told = {"done": 0, "found": 0, "head": "", "findings": Jsonb([]), "failed": False, "recorded": False} | facts
    task.conn.execute(
        """
        UPDATE jobs.verification
           SET done = %(done)s, found = %(found)s, head = %(head)s, findings = %(findings)s, failed = %(failed)s,
               recorded = %(recorded)s, finished_at = now()
         WHERE id = %(id)s
        """,
        told | {"id": task.id},
    )
