"""Does a ledger still say what it said? From entries to findings: each defect named once, where it is."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow

from audit import held, reading
from audit.batch import Batch, Row
from audit.blobs import check_files
from audit.companies import Company
from audit.cores import in_order
from audit.entries import examine
from audit.figures import figures
from audit.finding import Finding
from audit.whole import Head, Opening, Whole
from ledger.postgres import Server

RANGE = 5_000  # entries that one process takes at a time: some 60 ms, beside 5 to open a connection
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Result:
    """A verified ledger: its entries, the hash of its head in hexadecimal, what was found. Notices are no defects."""

    company_id: UUID
    count: int
    head: str
    findings: tuple[Finding, ...]
    notices: tuple[Finding, ...]


def check(ledger: str, rows: Iterable[Row], head: Head | None, openings: Iterable[Opening] = ()) -> Iterator[Finding]:
    """Findings and notices of a ledger, a lower-case UUID, whose entries come in order of position.

    Memory: some 150 bytes for each stream, number and seal, nothing for an entry.
    """
    return _follow(ledger, examine(ledger, rows), head, openings)


def verify_company(
    server: Server,
    company_id: UUID,
    on_progress: Progress | None = None,
    pool: Executor | None = None,
    *,
    adding_up: bool = False,
) -> Result:
    """Verifies the ledger as it stands now; what is appended meanwhile waits for the next time. `adding_up`: also
    whether its figures do (`figures.py`), where nothing else is found.

    `on_progress` is told how many more entries were examined. A large ledger goes to the processes of `pool`, if any.
    """
    uri, count = server.uri("probant_audit"), 0

    def counted(batches: Iterable[Batch]) -> Iterator[Batch]:
        nonlocal count
        for batch in batches:
            yield batch
            count += batch.count
            if on_progress:
                on_progress(batch.count)

    with reading.snapshot(uri, company_id) as conn:
        head = reading.head(conn, company_id)
        last = reading.last_position(conn, company_id, head)
        batches = counted(_batches(conn, uri, company_id, last, pool))
        told = list(_follow(str(company_id), batches, head, reading.openings(conn, company_id)))
        told += check_files(conn, company_id)
        told += held.kept(conn, company_id)
        if adding_up and all(finding.is_notice for finding in told):
            told += figures(conn, company_id)
    return Result(
        company_id,
        count,
        head.hash.hex() if head else "",
        tuple(finding for finding in told if not finding.is_notice),
        tuple(finding for finding in told if finding.is_notice),
    )


def verify_companies(
    server: Server, companies: Iterable[Company], on_progress: Progress, pool: Executor
) -> Iterator[Result]:
    """Verifies ledgers on all cores, in the order given: a small one in one process, a large one in ranges."""
    chosen = list(companies)
    small = in_order(pool, verify_company, [(server, company.id) for company in chosen if company.pos <= RANGE])
    for company in chosen:
        if company.pos > RANGE:
            yield verify_company(server, company.id, on_progress, pool)
        else:
            result = next(small)
            on_progress(result.count)
            yield result


def _follow(ledger: str, batches: Iterable[Batch], head: Head | None, openings: Iterable[Opening]) -> Iterator[Finding]:
    whole = Whole(ledger)
    for batch in batches:
        yield from whole.follow(batch)
    yield from whole.close(head, openings)


def _batches(
    conn: Connection[TupleRow], uri: str, company_id: UUID, last: int, pool: Executor | None
) -> Iterator[Batch]:
    if pool is None or last <= RANGE:
        yield from examine(str(company_id), reading.rows(conn, company_id, 0, last))
    else:
        ranges = ((uri, company_id, after, min(after + RANGE, last)) for after in range(0, last, RANGE))
        for batches in in_order(pool, examine_range, ranges):
            yield from batches


def examine_range(uri: str, company_id: UUID, after: int, to: int) -> list[Batch]:
    """Entries from `after` + 1 to `to`, in whatever process: the stored hashes make ranges independent.

    It has a snapshot of its own: below the last position of the first one, entries do not change.
    """
    with reading.snapshot(uri, company_id) as conn:
        return list(examine(str(company_id), reading.rows(conn, company_id, after, to), after, to))
