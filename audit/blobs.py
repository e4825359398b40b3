"""The files that the ledger speaks of: are they there, and do they still hash to their name?"""

from collections.abc import Iterable, Iterator
from uuid import UUID

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

from audit.finding import Finding

RENDERED = """
    SELECT pos, substring(line FROM '"sha256":"([0-9a-f]{64})"'), now() > coalesce(
               (SELECT max(coalesce(substring(issued.line FROM '"day":"([0-9-]{10})"')::date + interval '10 years',
                                    substring(issued.line FROM '"sent_on":"([0-9-]{10})"')::date + interval '5 years'))
                  FROM ledger.entry issued
                 WHERE issued.company_id = rendered.company_id AND issued.type IN ('invoice.issued', 'quote.sent')
                   AND issued.stream_id = substring(rendered.line FROM '"document_id":"([0-9a-f-]{36})"')::uuid),
               recorded_at + interval '5 years')
      FROM ledger.entry rendered
     WHERE company_id = %s AND pos > %s AND type = 'document.rendered'
     ORDER BY pos
"""  # the third: its term may be over, and the file removed
STORED = "SELECT encode(sha256(bytes), 'hex') FROM ledger.blob WHERE company_id = %s AND sha256 = decode(%s, 'hex')"


def check_files(conn: Connection[TupleRow], company_id: UUID, after: int = 0) -> Iterator[Finding]:
    """Files that a `document.rendered` after that position says stand, and that are not there or not those."""
    for pos, sha256, may_be_gone in _rendered(conn, company_id, after):
        if sha256 is None:
            continue  # told already: the line is damaged
        stored = _stored(conn, company_id, sha256)
        if stored is None and not may_be_gone:
            yield Finding(pos, "file_lost", {"sha256": sha256})
        elif stored not in (None, sha256):
            yield Finding(pos, "file_altered", {"sha256": sha256})


def _rendered(conn: Connection[TupleRow], company_id: UUID, after: int) -> Iterable[TupleRow]:
    try:
        with conn.transaction():
            return conn.execute(RENDERED, (company_id, after)).fetchall()
    except psycopg.DatabaseError:
        return []  # a line cannot be read: told already


def _stored(conn: Connection[TupleRow], company_id: UUID, sha256: str) -> str | None:
    """The hash of the content under that name; None when there is none; empty when PostgreSQL cannot read it."""
    try:
        with conn.transaction():
            row = conn.execute(STORED, (company_id, sha256)).fetchone()
    except psycopg.DataError:
        return ""
    return row[0] if row else None
