"""« Vérifier maintenant »: the audit of one ledger, asked for by a page, done by the worker, recorded as an entry."""

import logging
import time
from collections.abc import Callable
from contextlib import closing, suppress
from uuid import UUID

import psycopg

from audit.cores import processes
from audit.verify import Result, verify_company
from domain.errors import DomainError
from ledger.commands.verifications import record_verification
from ledger.errors import CommandReused
from web import verification_rows as rows
from web.jobs.tasks import Interrupted, task
from web.jobs.workshop import Workshop
from web.verification_rows import Connection

KEPT = 200  # findings that a row keeps
OFTEN = 0.3  # seconds between two notes of progress
log = logging.getLogger(__name__)


@task("verify_ledger")
def verify_ledger(shop: Workshop, company_id: UUID, verification_id: UUID) -> None:
    """Verifies the ledger, notes how far it is, records what it came to."""
    with closing(psycopg.connect(shop.server.uri("probant_job"), autocommit=True)) as conn:
        if not rows.begin(conn, company_id, verification_id):
            return
        try:
            _verify(shop, conn, company_id, verification_id)
        except Interrupted:
            raise
        except Exception:
            log.exception("verification %s failed", verification_id)
            with suppress(psycopg.Error):  # the connection may be what failed: then it is done again
                rows.finish(conn, verification_id, failed=True)
                return
            raise


def _verify(shop: Workshop, conn: Connection, company_id: UUID, id: UUID) -> None:
    with processes() as pool:  # started only for a large ledger
        result = verify_company(shop.server, company_id, _progress(shop, conn, id), pool)
    kept = [{"position": f.position, "code": f.code, "facts": f.facts} for f in result.findings[:KEPT]]
    rows.finish(
        conn, id, done=result.count, found=len(result.findings), head=result.head, findings=kept,
        recorded=_recorded(shop, company_id, id, result),
    )  # fmt: skip


def _recorded(shop: Workshop, company_id: UUID, id: UUID, result: Result) -> bool:
    """Whether the ledger took the entry: one that was damaged may refuse any."""
    try:
        shop.do(
            record_verification, company_id, id, verification_id=id, to_pos=result.count, findings=len(result.findings)
        )
    except CommandReused:  # by a worker that was killed just after
        return True
    except (DomainError, psycopg.Error):
        log.exception("the result of verification %s could not be recorded", id)
        return False
    return True


def _progress(shop: Workshop, conn: Connection, id: UUID) -> Callable[[int], None]:
    done, noted_at = 0, time.monotonic()

    def progress(count: int) -> None:
        nonlocal done, noted_at
        if shop.stopping.is_set():
            raise Interrupted
        done += count
        if time.monotonic() - noted_at >= OFTEN:
            noted_at = time.monotonic()
            rows.note(conn, id, done)

    return progress
