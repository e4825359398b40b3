"""Reading the ledger to prove it: as `probant_audit`, one company at a time, in one snapshot."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from uuid import UUID

import psycopg
from psycopg import Connection, IsolationLevel
from psycopg.rows import TupleRow
from psycopg.types.numeric import Int8BinaryLoader

from audit.batch import NEVER, Row
from audit.entries import CONTEXT
from audit.whole import Head, Opening

ENTRIES = """
    SELECT pos, stream_id, version, type, recorded_at, textsend(line), hash
      FROM ledger.entry
     WHERE company_id = %(company)s AND pos BETWEEN %(first)s AND %(last)s
     ORDER BY pos
"""
EXCHANGE = 500  # rows
NOBODY = UUID(int=0)
UNREADABLE = (psycopg.DatabaseError, UnicodeError)  # a damaged page, text that is none


@contextmanager
def snapshot(uri: str, company_id: UUID) -> Iterator[Connection[TupleRow]]:
    """A transaction that sees one company at one moment. Instants come as PostgreSQL keeps them: µs since 2000.

    It ends by closing the connection: a rollback would wait for ever for a stream that an error left half read.
    """
    with closing(psycopg.connect(uri)) as conn:
        conn.isolation_level = IsolationLevel.REPEATABLE_READ
        conn.read_only = True
        conn.adapters.register_loader("timestamptz", Int8BinaryLoader)
        conn.execute("SELECT set_config('probant.company', %s, true)", (str(company_id),))
        conn.execute("SET LOCAL enable_sort = off")  # by the index: a large ledger would be sorted on the disk
        yield conn


def head(conn: Connection[TupleRow], company_id: UUID) -> Head | None:
    """The head row; None when there is none."""
    row = (
        conn.cursor(binary=True)
        .execute("SELECT pos, hash, at, series FROM ledger.head WHERE company_id = %s", (company_id,))
        .fetchone()
    )
    return Head(*row) if row else None


def last_position(conn: Connection[TupleRow], company_id: UUID, head: Head | None) -> int:
    """Of the entries, whatever the head says, unless the last one cannot be read; 0 when there are none."""
    query = "SELECT coalesce(max(pos), 0) FROM ledger.entry WHERE company_id = %s"
    return _position(conn, query, (company_id,), head.pos if head else 0)


def rows(conn: Connection[TupleRow], company_id: UUID, after: int, to: int) -> Iterator[Row]:
    """Entries from `after` + 1 to `to` with their neighbours: the last `CONTEXT` before, the first beyond.

    One that PostgreSQL cannot read has an empty line.
    """
    first = (
        NEVER
        if after == 0
        else _position(
            conn,
            "SELECT min(pos) FROM (SELECT pos FROM ledger.entry WHERE company_id = %s AND pos <= %s"
            " ORDER BY pos DESC LIMIT %s) before",
            (company_id, after, CONTEXT),
            max(after + 1 - CONTEXT, 1),
        )
    )
    last = _position(conn, "SELECT min(pos) FROM ledger.entry WHERE company_id = %s AND pos > %s", (company_id, to), to)
    read = after
    try:
        for row in _stream(conn, company_id, first, last):
            read = row[0]
            yield row
    except UNREADABLE:
        if conn.broken:
            raise
        yield from _piecewise(conn, company_id, read + 1, last)


def lines(conn: Connection[TupleRow], company_id: UUID) -> Iterator[bytes]:
    """The lines of a ledger in order, as they are stored, without their LF."""
    query = "SELECT textsend(line) FROM ledger.entry WHERE company_id = %s ORDER BY pos"
    for (line,) in conn.cursor(binary=True).stream(query, (company_id,), size=EXCHANGE):
        yield line


def openings(conn: Connection[TupleRow], company_id: UUID, digests: Sequence[bytes] | None = None) -> Iterator[Opening]:
    """The vault of a company; or what it has for these digests."""
    query = "SELECT encode(digest, 'hex'), subject_id::text, salt, value FROM ledger.sealed WHERE company_id = %s"
    asked: tuple[object, ...] = (company_id,)
    if digests is not None:
        query, asked = f"{query} AND digest = ANY (%s)", (company_id, list(digests))
    for row in conn.cursor(binary=True).stream(query, asked, size=EXCHANGE):
        yield Opening._make(row)


def _stream(conn: Connection[TupleRow], company_id: UUID, first: int, last: int) -> Iterator[Row]:
    bounds = {"company": company_id, "first": first, "last": last}
    with conn.transaction():
        yield from conn.cursor(binary=True).stream(ENTRIES, bounds, size=EXCHANGE)


def _piecewise(conn: Connection[TupleRow], company_id: UUID, first: int, last: int) -> Iterator[Row]:
    for start in range(first, last + 1, EXCHANGE):
        yield from _halved(conn, company_id, start, min(last, start + EXCHANGE - 1))


def _halved(conn: Connection[TupleRow], company_id: UUID, first: int, last: int) -> Iterator[Row]:
    """What can be read; halves the rest until the entry to blame stands alone."""
    try:
        readable = list(_stream(conn, company_id, first, last))
    except UNREADABLE:
        if conn.broken:
            raise
        if first == last:
            yield first, NOBODY, 0, "", 0, b"", b""
            return
        middle = (first + last) // 2
        yield from _halved(conn, company_id, first, middle)
        yield from _halved(conn, company_id, middle + 1, last)
    else:
        yield from readable


def _position(conn: Connection[TupleRow], query: str, values: tuple[UUID | int, ...], otherwise: int) -> int:
    """What the query answers; `otherwise` when that is nothing, or lies on a page that cannot be read."""
    try:
        with conn.transaction():
            row = conn.execute(query, values).fetchone()
    except UNREADABLE:
        if conn.broken:
            raise
        row = None
    return otherwise if row is None or row[0] is None else int(row[0])
