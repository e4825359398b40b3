"""« Vérifier maintenant »: the audit of one ledger in a thread of its own, told to a page, recorded as an entry."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from queue import SimpleQueue
from typing import NamedTuple
from uuid import UUID

import psycopg
from flask import Flask

from audit.cores import processes
from audit.verify import Result, verify_company
from domain.errors import DomainError
from ledger import postgres
from ledger.books import Books
from ledger.codec import EventMapper
from ledger.commands.verifications import record_verification
from ledger.postgres import Server
from web import jobs

ACTOR = "job:verify"
KEPT = 200  # findings that a row keeps
OFTEN = 0.3  # seconds between two notes of progress
log = logging.getLogger(__name__)


class Task(NamedTuple):
    """A verification to be done; `conn` holds the lock."""

    conn: jobs.Connection
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
        with ExitStack() as opened:
            conn = opened.enter_context(closing(psycopg.connect(self.server.uri("probant_job"), autocommit=True)))
            conn.execute("SELECT set_config('probant.company', %s, false)", (str(company_id),))
            if current := jobs.begin(conn, company_id, id):
                return current
            opened.pop_all()  # the thread will close it, and so give the lock back
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
                    jobs.finish(task.conn, task.id, failed=True)
            finally:
                task.conn.close()

    def _verify(self, task: Task) -> None:
        with processes() as pool:  # started only for a large ledger
            result = verify_company(self.server, task.company_id, _progress(task), pool)
        kept = [{"position": f.position, "code": f.code, "facts": f.facts} for f in result.findings[:KEPT]]
        jobs.finish(
            task.conn,
            task.id,
            done=result.count,
            found=len(result.findings),
            head=result.head,
            recorded=self._recorded(task, result),
            findings=kept,
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


def _progress(task: Task) -> Callable[[int], None]:
    done, noted_at = 0, time.monotonic()

    def progress(count: int) -> None:
        nonlocal done, noted_at
        done += count
        if time.monotonic() - noted_at >= OFTEN:
            noted_at = time.monotonic()
            jobs.note(task.conn, task.id, done)

    return progress
