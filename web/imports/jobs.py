"""What the worker does with a file: judges its lines, makes them, undoes them. Killed in between, it goes on.

Each line is one command under an id that follows from the file's and the line's: done twice, it is done once.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid5

from domain.errors import DomainError
from ledger.errors import LedgerReadOnly
from projections import duplicates
from web import forms, texts
from web.imports import rows, work_rows
from web.imports.lines import Ways
from web.imports.rows import Connection, Import, Line
from web.imports.work_rows import Judged, Made
from web.jobs.tasks import Interrupted, task
from web.jobs.workshop import Workshop

AT_ONCE = {"judging": 1000, "running": 100, "undoing": 100}  # lines between two notes of what was done
log = logging.getLogger(__name__)


@task("judge_import")
def judge_import(shop: Workshop, company_id: UUID, import_id: UUID) -> None:
    """Reads each line as a form and says what is wrong with it, or whom it duplicates."""
    found = _found(shop, company_id, import_id, "judging")
    if found is None:
        return
    with _rows(shop, company_id) as conn:
        work_rows.lay_out(conn, company_id, import_id)
    with shop.read(company_id) as tx:
        ways = Ways.of(tx, found.kind)
    for lines in _batches(shop, company_id, found):
        told: list[Judged] = [ways.judged(found, line) for line in lines]
        with _rows(shop, company_id) as conn:
            if work_rows.found(conn, company_id, import_id, "judging") != found:
                return  # other columns were chosen meanwhile: another job judges
            work_rows.judged(conn, company_id, import_id, told)
    with _rows(shop, company_id) as conn:
        work_rows.doubles_within(conn, company_id, import_id)
        work_rows.settle(conn, company_id, import_id, "shown")


@task("run_import")
def run_import(shop: Workshop, company_id: UUID, import_id: UUID) -> None:
    """Makes the good lines, and those that look like duplicates if the person wanted them, as that person."""
    found = _found(shop, company_id, import_id, "running")
    if found is None:
        return
    with shop.read(company_id) as tx:
        ways = Ways.of(tx, found.kind)
    for lines in _batches(shop, company_id, found):
        done = [_made(shop, company_id, found, ways, line) for line in lines]
        with _rows(shop, company_id) as conn:
            work_rows.made(conn, company_id, import_id, done)
    _settle(shop, company_id, import_id, "done")


@task("undo_import")
def undo_import(shop: Workshop, company_id: UUID, import_id: UUID) -> None:
    """Archives what the file brought, but for clients who have documents by now."""
    found = _found(shop, company_id, import_id, "undoing")
    if found is None:
        return
    for lines in _batches(shop, company_id, found):
        with shop.read(company_id) as tx:
            ways, ids = Ways.of(tx, found.kind), [line.made_id for line in lines if line.made_id]
            free = duplicates.unused_clients(tx, ids) if found.kind == "clients" else set(ids)
        done = [_undone(shop, company_id, found, ways, line, free=line.made_id in free) for line in lines]
        with _rows(shop, company_id) as conn:
            work_rows.made(conn, company_id, import_id, done)
    _settle(shop, company_id, import_id, "undone")


@task("forget_imports", cron="43 3 * * *")
def forget_imports(shop: Workshop) -> None:
    """Throws files of more than a month away, in every company."""
    with shop.pool.connection() as conn:
        for company_id in shop.companies():
            rows.forget(conn, company_id)


def _made(shop: Workshop, company_id: UUID, found: Import, ways: Ways, line: Line) -> Made:
    try:
        request = ways.request(found, line)
        _do(shop, company_id, found, "make", line, ways.create, request)
    except LedgerReadOnly:
        raise  # tried again later, as a whole
    except forms.Invalid as invalid:  # the rates of today are others than when it was judged
        return Made(line.line, "refused", " ".join(invalid.errors.values()), None)
    except DomainError as refused:
        return Made(line.line, "refused", texts.sentence(refused), None)
    return Made(line.line, "made", "", request[ways.names[0]])


def _undone(shop: Workshop, company_id: UUID, found: Import, ways: Ways, line: Line, *, free: bool) -> Made:
    if not free:
        return Made(line.line, "kept", "Des documents sont à ce client.", line.made_id)
    _do(shop, company_id, found, "undo", line, ways.archive, {ways.names[0]: line.made_id})
    return Made(line.line, "archived", "", line.made_id)


def _do(
    shop: Workshop, company_id: UUID, found: Import, what: str, line: Line, use_case: object, request: dict[str, object]
) -> None:  # fmt: skip
    command_id = uuid5(found.id, f"{what} {line.line}")
    shop.books.do(use_case, company_id, command_id, f"user:{found.user_id}", **request)  # type: ignore[arg-type]


def _batches(shop: Workshop, company_id: UUID, found: Import) -> Iterator[list[Line]]:
    """What still waits, some at a time. Errors: `Interrupted` when the worker is to end."""
    while True:
        if shop.stopping.is_set():
            raise Interrupted
        with _rows(shop, company_id) as conn:
            lines = work_rows.batch(conn, company_id, found.id, found.state, AT_ONCE[found.state])
        if not lines:
            return
        yield lines


def _found(shop: Workshop, company_id: UUID, import_id: UUID, state: str) -> Import | None:
    with _rows(shop, company_id) as conn:
        return work_rows.found(conn, company_id, import_id, state)


def _settle(shop: Workshop, company_id: UUID, import_id: UUID, state: str) -> None:
    with _rows(shop, company_id) as conn:
        work_rows.settle(conn, company_id, import_id, state)


@contextmanager
def _rows(shop: Workshop, company_id: UUID) -> Iterator[Connection]:
    with shop.pool.connection() as conn, rows.own(conn, company_id):
        yield conn
