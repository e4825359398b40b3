"""The journal: accounting entries of some days, whole, with the number that each has in the accounting file (FEC)."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from projections import words
from projections.tx import Row, Tx

Year = tuple[date, date]  # first and last day, both included
NUMBER = re.compile(r"([A-Z]{2})(\d{6,9})")


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Days, both included. `q`: words or an amount that a line of the entry has (piece, account, code or name of the
    client), or the entry's own number. `years`: the fiscal years that numbers are counted in.
    """

    first: date
    last: date
    journals: tuple[str, ...] = ()
    q: str = ""
    years: Sequence[Year] = ()

    def params(self) -> dict[str, Any]:
        """As parameters of SQL."""
        number = NUMBER.fullmatch(self.q.strip().upper())
        return {
            "first": self.first,
            "last": self.last,
            "journals": list(self.journals),
            "words": words.patterns(self.q),
            "amount": words.amount(self.q),
            "of_journal": number and number[1],
            "number": number and int(number[2]),
            "from_days": [first for first, _ in self.years],
            "to_days": [last for _, last in self.years],
        }


class Line(Row, frozen=True):
    """A line of an accounting entry, which is the `posting`th of the ledger's entry at `pos`, and the `number`th of its
    journal and year. `about`: the document or the payment that made it, by an event of `type`; `kind` of the document;
    `client`: its client's name; `aux`: the client's code, on accounts of clients alone.
    """

    pos: int
    posting: int
    rank: int
    number: int | None
    journal: str
    day: date
    operation_on: date | None
    piece: str
    piece_on: date
    label: str
    account: str
    aux: str
    client: str
    type: str
    about: UUID
    kind: str
    debit_cents: int
    credit_cents: int

    @property
    def entry(self) -> str:
        """The number of its entry as the accounting file has it: `VE000042`; empty outside the years asked for."""
        return f"{self.journal}{self.number:06d}" if self.number else ""


class Sums(Row, frozen=True):
    """How many accounting entries, and what they come to."""

    entries: int
    debit_cents: int
    credit_cents: int


NUMBERED = """
    WITH numbered AS (
        SELECT e.pos, e.posting, e.journal,
               row_number() OVER (PARTITION BY y.first, e.journal ORDER BY e.pos, e.posting) AS number
          FROM unnest(%(from_days)s::date[], %(to_days)s::date[]) AS y (first, last)
          JOIN read.postings e ON e.company_id = %(company)s AND e.rank = 0 AND e.day BETWEEN y.first AND y.last)
    """
COLUMNS = """
    SELECT p.pos, p.posting, p.rank, n.number, p.journal, p.day, p.operation_on, p.piece, p.piece_on, p.label,
           p.account, p.aux, coalesce(c.name, '') AS client, p.type, p.about, coalesce(i.kind, '') AS kind,
           p.debit_cents, p.credit_cents
    """
CLIENT = """
      LEFT JOIN read.invoices i ON i.company_id = %(company)s AND i.id = p.about
      LEFT JOIN read.payments m ON m.company_id = %(company)s AND m.id = p.about
      LEFT JOIN read.clients c ON c.company_id = %(company)s AND c.id = coalesce(i.client_id, m.client_id)
    """
NUMBER_OF = " LEFT JOIN numbered n ON n.pos = p.pos AND n.posting = p.posting"
SAID = """
       (lower(p.piece || ' ' || p.label || ' ' || p.account || ' ' || p.aux) || ' ' || coalesce(c.search, '')
            LIKE ALL (%(words)s)
        OR %(amount)s::bigint IN (p.debit_cents, p.credit_cents))
    """
FOUND = """
      FROM read.postings f
     WHERE f.company_id = %(company)s AND f.day BETWEEN %(first)s AND %(last)s
       AND (%(journals)s::text[] = '{}' OR f.journal = ANY (%(journals)s))
       AND (%(words)s::text[] = '{}' OR (f.pos, f.posting) IN (
            SELECT pos, posting FROM numbered WHERE journal = %(of_journal)s AND number = %(number)s
             UNION ALL
            SELECT p.pos, p.posting FROM read.postings p
    """
DAYS = " WHERE p.company_id = %(company)s AND p.day BETWEEN %(first)s AND %(last)s AND"
ENTRIES = FOUND + CLIENT + DAYS + SAID + "))"
SHOWN = ", shown AS (SELECT f.pos, f.posting"
OLDEST = " AND f.rank = 0 ORDER BY f.day, f.pos, f.posting LIMIT %(limit)s OFFSET %(offset)s)"
NEWEST = " AND f.rank = 0 ORDER BY f.day DESC, f.pos DESC, f.posting DESC LIMIT %(limit)s OFFSET %(offset)s)"
SHOWN_LINES = """
      FROM shown JOIN read.postings p
           ON p.company_id = %(company)s AND p.pos = shown.pos AND p.posting = shown.posting
    """
SORTS = {
    "day": (OLDEST, " ORDER BY p.day, p.pos, p.posting, p.rank"),
    "-day": (NEWEST, " ORDER BY p.day DESC, p.pos DESC, p.posting DESC, p.rank"),
}
SUMS = """
    SELECT count(*) FILTER (WHERE f.rank = 0) AS entries, coalesce(sum(f.debit_cents), 0)::bigint AS debit_cents,
           coalesce(sum(f.credit_cents), 0)::bigint AS credit_cents
    """


def page(tx: Tx, filter: Filter, *, sort: str = "-day", limit: int | None = 50, offset: int = 0) -> list[Line]:
    """All lines of `limit` accounting entries (None = of all), by day and as they stand in the ledger."""
    chosen, order = SORTS[sort]
    sql = NUMBERED + SHOWN + ENTRIES + chosen + COLUMNS + SHOWN_LINES + NUMBER_OF + CLIENT + order
    return tx.rows(Line, sql, **filter.params(), limit=limit, offset=offset)


def sums(tx: Tx, filter: Filter) -> Sums:
    """All the entries that the filter finds: their debits are their credits."""
    return tx.rows(Sums, NUMBERED + SUMS + ENTRIES, **filter.params())[0]


def span(tx: Tx) -> Year | None:
    """The first and the last day that has an entry."""
    first = tx.value("SELECT min(day) FROM read.postings WHERE company_id = %(company)s")
    last = tx.value("SELECT max(day) FROM read.postings WHERE company_id = %(company)s")
    return (first, last) if first else None
