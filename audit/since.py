"""Verification from a place on: the entries after it, what they refer to, and the head.

The place is one that a checkpoint held outside the database vouches for. Like `flawless.py`, this only ever says
« flawless »: whatever it does not pass is left to the verification of the whole, which alone finds. It sees no line
that was changed before the place under an unchanged hash.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow

from audit import held, reading
from audit.batch import Batch
from audit.blobs import check_files
from audit.entries import examine
from audit.facts import Numbered, SeriesOpened, facts
from audit.finding import Finding
from audit.verify import Result
from audit.whole import Head, Known, Whole
from domain.numbering import number
from ledger import checkpoint
from ledger.note import NoteRefused
from ledger.postgres import Server

Conn = Connection[TupleRow]
LONGEST = 100_000  # entries held in memory at once: more of them are read with the whole
STREAMS = """
    SELECT stream_id, max(pos), max(version) FROM ledger.entry
     WHERE company_id = %s AND stream_id = ANY (%s) AND pos <= %s GROUP BY stream_id
    """
LANDMARKS = """
    SELECT pos, type, textsend(line) FROM ledger.entry
     WHERE company_id = %s AND pos <= %s AND type IN ('series.opened', 'ledger.restored') ORDER BY pos
    """
NUMBERS = """
    SELECT pos, type, textsend(line) FROM ledger.entry
     WHERE company_id = %(company)s AND pos = ANY (ARRAY(SELECT pos FROM ledger.number WHERE company_id = %(company)s
                                                            AND number = ANY (%(numbers)s) AND pos <= %(place)s))
    """  # no join: under row-level security the planner would read the whole ledger for it
SEALS = "SELECT count(*) FROM ledger.seal WHERE company_id = %s AND digest = ANY (%s) AND pos <= %s"
NEWER = "SELECT note FROM ledger.checkpoint WHERE company_id = %s AND size > %s ORDER BY size"


class Odd(Exception):
    """Something is not as it should be: what it is, the verification of the whole says."""


def verify_since(server: Server, company_id: UUID, note: bytes, verified: int) -> tuple[int, Result] | None:
    """The place and the result, without findings; None when the whole is to be read.

    `note`: the last checkpoint that the data folder holds. `verified`: how far the last clean verification came, as the
    ledger says; the place is the lower of both.
    """
    with reading.snapshot(server.uri("probant_audit"), company_id) as conn:
        try:
            place = min(verified, checkpoint.read(note)[0].size)
            return place, _follow(conn, company_id, note, place)
        except (Odd, NoteRefused, *reading.UNREADABLE):
            return None


def _follow(conn: Conn, company: UUID, note: bytes, place: int) -> Result:
    head = reading.head(conn, company)
    last = reading.last_position(conn, company, head)
    if head is None or place < 1 or last - place > LONGEST:
        raise Odd
    _flawless(held.held(conn, company, note))
    batches = list(examine(str(company), reading.rows(conn, company, place, last), place, last))
    _flawless(finding for batch in batches for finding in batch.findings)
    whole = Whole(str(company), _known(conn, company, place, batches, head))
    for batch in batches:
        _flawless(whole.follow(batch))
    digests = [digest for batch in batches for _, digest in batch.seals]
    if _value(conn, SEALS, company, digests, place):
        raise Odd
    _flawless(whole.close(head, reading.openings(conn, company, digests)))
    _flawless(check_files(conn, company, place))
    for (newer,) in conn.execute(NEWER, (company, place)).fetchall():
        _flawless(held.held(conn, company, newer.encode()))
    return Result(company, last, head.hash.hex(), (), ())


def _flawless(told: Iterable[Finding]) -> None:
    if any(not finding.is_notice for finding in told):
        raise Odd


def _known(conn: Conn, company: UUID, place: int, batches: list[Batch], head: Head) -> Known:
    streams = {UUID(int=stream) for batch in batches for _, stream, _ in batch.steps}
    rows = conn.execute(STREAMS, (company, list(streams), place)).fetchall()
    numbered = [fact for batch in batches for _, fact in batch.facts if isinstance(fact, Numbered)]
    new = [fact for fact in numbered if fact.revision == 1]
    if conn.execute(NUMBERS, {"company": company, "numbers": [each.number for each in new], "place": place}).fetchone():
        raise Odd
    given = Counter(fact.series for fact in new)
    return Known(
        last=place,
        streams={stream.int: (pos, version) for stream, pos, version in rows},
        series={
            name: _series(conn, company, place, opened, closed, given[opened.series], head)
            for name, (opened, closed) in _landmarks(conn, company, place).items()
        },
    )


def _landmarks(conn: Conn, company: UUID, place: int) -> dict[str, tuple[SeriesOpened, bool]]:
    """The series opened so far, and whether a restored ledger closed them."""
    found: dict[str, tuple[SeriesOpened, bool]] = {}
    for _, type_, line in conn.cursor(binary=True).execute(LANDMARKS, (company, place)).fetchall():
        for told in facts(type_, [line]):
            if isinstance(told, SeriesOpened):
                found[told.series] = told, False
            else:
                found = {name: (opened, True) for name, (opened, _) in found.items()}
    return found


def _series(
    conn: Conn, company: UUID, place: int, opened: SeriesOpened, closed: bool, given: int, head: Head
) -> tuple[str, int, int, bool]:
    """How far a series was at the place: as many numbers before the head's counter as were given since. Its entry must
    be there, and none of the next number.
    """
    before = int(head.series.get(opened.series, {}).get("last", -1)) - given
    wanted = [number(opened.pattern, seq) for seq in range(max(before, opened.first), before + 2)]
    asked = {"company": company, "numbers": wanted, "place": place}
    rows = conn.cursor(binary=True).execute(NUMBERS, asked).fetchall()
    there = [(pos, fact) for pos, type_, line in rows for fact in _numbered(type_, line)]
    if before == opened.first - 1 and not there:
        return opened.pattern, before, 1, closed
    if [(fact.series, fact.seq) for _, fact in there] != [(opened.series, before)]:
        raise Odd
    return opened.pattern, before, there[0][0], closed


def _numbered(type_: str, line: bytes) -> Iterator[Numbered]:
    if type_ not in ("invoice.issued", "quote.sent"):
        raise Odd
    yield from (fact for fact in facts(type_, [line]) if isinstance(fact, Numbered))


def _value(conn: Conn, query: str, *values: object) -> int:
    row = conn.execute(query.encode(), values).fetchone()
    return int(row[0]) if row else 0
