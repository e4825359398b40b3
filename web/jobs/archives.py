"""Makes the archive that a page asked for: the periods that are over are closed first, then one file is written."""

import time
from collections.abc import Callable
from contextlib import closing
from uuid import UUID

import psycopg

from audit.archive.build import TooMany
from audit.archive.make import NotYet, TooLong, make
from audit.archive.source import NothingThere
from audit.companies import known_companies
from audit.seal import SealExpired
from ledger.commands.archives import record_archive
from ledger.commands.closings import close_all
from web import archive_rows as rows
from web.jobs.places import archive_file
from web.jobs.tasks import Interrupted, task
from web.jobs.workshop import Workshop

OFTEN = 0.3  # seconds between two notes of progress


class Cancelled(Exception):
    """A person did not want it any more."""


@task("make_archive", tries=3)
def make_archive(shop: Workshop, company_id: UUID, archive_id: UUID) -> None:
    """Done again from the start if the worker is killed; recorded once, under the archive's own id."""
    with closing(psycopg.connect(shop.server.uri("probant_job"), autocommit=True)) as conn:
        days = rows.asked(conn, company_id, archive_id)
        if days is None:
            return
        try:
            _make(shop, conn, company_id, archive_id, days)
        except (NothingThere, TooLong, NotYet):
            rows.finish(conn, archive_id, "empty")
        except TooMany:
            rows.finish(conn, archive_id, "many")
        except Cancelled:
            rows.finish(conn, archive_id, "cancelled")
        except SealExpired:
            rows.finish(conn, archive_id, "expired")
        except Interrupted:
            raise
        except Exception:
            rows.finish(conn, archive_id, "failed")
            raise
        else:
            rows.finish(conn, archive_id)


def _make(shop: Workshop, conn: rows.Connection, company_id: UUID, archive_id: UUID, days: tuple[object, ...]) -> None:
    if not rows.note(conn, archive_id, 0):
        raise Cancelled
    close_all(shop.do, company_id)
    company = next(one for one in known_companies(shop.server.uri("probant_audit")) if one.id == company_id)
    path = archive_file(shop.settings, company_id, archive_id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    first, last = days
    built = make(
        shop.settings, shop.server, company, first, last, path,  # type: ignore[arg-type]  # two dates
        progress=_progress(shop, conn, archive_id),
    )  # fmt: skip
    shop.do(record_archive, company_id, archive_id, archive_id=archive_id, first=first, last=last, **built._asdict())


def _progress(shop: Workshop, conn: rows.Connection, id: UUID) -> Callable[[float], None]:
    noted_at = time.monotonic()

    def progress(share: float) -> None:
        nonlocal noted_at
        if shop.stopping.is_set():
            raise Interrupted
        if time.monotonic() - noted_at >= OFTEN:
            noted_at = time.monotonic()
            if not rows.note(conn, id, share):
                raise Cancelled

    return progress
