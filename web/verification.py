"""The audit of a ledger, done by the worker, recorded as an entry: asked for by a page, else each day by itself.

By itself it reads what came since the last verification, and once a week the whole. It trusts what was verified before
only as far as a checkpoint in the data folder vouches for it (`audit/since.py`).
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from uuid import UUID

import psycopg

from audit import held
from audit.cores import processes
from audit.finding import Finding
from audit.since import verify_since
from audit.verify import Result, verify_company
from domain.errors import DomainError
from ledger import checkpoints
from ledger.commands.verifications import record_verification
from ledger.errors import CommandReused
from ledger.signer import Signer
from projections import verifications
from web import alarm
from web import verification_rows as rows
from web.jobs.tasks import Interrupted, task
from web.jobs.workshop import Workshop
from web.verification_rows import Connection

KEPT = 200  # findings that a row keeps
OFTEN = 0.3  # seconds between two notes of progress
log = logging.getLogger(__name__)


@task("verify_ledgers", cron="37 * * * *")
def verify_ledgers(shop: Workshop) -> None:
    """Asks for the verifications that are due; each hour, so that a machine that sleeps at night has them too."""
    for company_id in shop.companies():
        try:
            with shop.pool.connection() as conn, conn.transaction():
                checkpoints.see(conn, company_id)
                if not checkpoints.head(conn, company_id).frozen:  # it could take no result
                    rows.ask_if_due(conn, company_id)
        except Exception:
            log.exception("no verification of %s could be asked for", company_id)


@task("verify_ledger")
def verify_ledger(shop: Workshop, company_id: UUID, verification_id: UUID) -> None:
    """Verifies the ledger, notes how far it is, records what it came to; raises the alarm if it found something."""
    with closing(psycopg.connect(shop.server.uri("probant_job"), autocommit=True)) as conn:
        whole = rows.begin(conn, company_id, verification_id)
        if whole is None:
            return
        try:
            _verify(shop, conn, company_id, verification_id, whole=whole)
        except Interrupted:
            raise
        except Exception:
            log.exception("verification %s failed", verification_id)
            with suppress(psycopg.Error):  # the connection may be what failed: then it is done again
                rows.finish(conn, verification_id, failed=True)
                return
            raise


def _verify(shop: Workshop, conn: Connection, company_id: UUID, id: UUID, *, whole: bool) -> None:
    place, result = (None if whole else _since(shop, company_id)) or (0, _whole(shop, conn, company_id, id))
    kept = [{"position": f.position, "code": f.code, "facts": f.facts} for f in result.findings[:KEPT]]
    rows.finish(
        conn, id, done=result.count - place, found=len(result.findings), head=result.head, findings=kept,
        recorded=_recorded(shop, company_id, id, result), first=place + 1,
    )  # fmt: skip
    if result.findings:
        alarm.sound(shop, company_id, id, result.findings)


def _since(shop: Workshop, company_id: UUID) -> tuple[int, Result] | None:
    """What came since the last clean verification; None where that, or a checkpoint of it outside, is missing."""
    with shop.read(company_id) as tx:
        last = verifications.integrity(tx).last
    remembered = Signer(shop.settings).last(str(company_id))
    if last is None or not last.ok or remembered is None:
        return None
    return verify_since(shop.server, company_id, remembered[1].bytes, last.to_pos)


def _whole(shop: Workshop, conn: Connection, company_id: UUID, id: UUID) -> Result:
    with processes() as pool:  # started only for a large ledger
        result = verify_company(shop.server, company_id, _progress(shop, conn, id), pool, adding_up=True)
    return replace(result, findings=(*result.findings, *_outside(shop, company_id)))


def _outside(shop: Workshop, company_id: UUID) -> Iterator[Finding]:
    """What the checkpoint in the data folder says against the ledger."""
    remembered = Signer(shop.settings).last(str(company_id))
    if remembered:
        with shop.pool.connection() as conn, conn.transaction():
            checkpoints.see(conn, company_id)
            yield from (found for found in held.history(conn, company_id, remembered[0]) if not found.is_notice)


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
