"""The ledger as a stream that people read: its entries, newest first, or all that concerns one thing."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from ledger.codec import read_line
from projections import subjects
from projections.facts import Facts
from projections.subjects import Subject
from projections.tx import Row, Tx


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """`about`: a document, a client, a payment…; `actor` as in the lines; days in the ledger's time zone, included.
    `person`: a user who did it, or whom it is about.
    """

    types: tuple[str, ...] = ()
    about: UUID | None = None
    actor: str = ""
    person: UUID | None = None
    first_on: date | None = None
    last_on: date | None = None


class Entry(Row, frozen=True):
    """An entry of the ledger. `hash` in hex. `about`: what its stream is today, then the other things that it names."""

    pos: int
    at: datetime
    actor: str
    type: str
    stream_id: UUID
    version: int
    hash: str
    about: tuple[Subject, ...]
    facts: Facts

    @property
    def own(self) -> Subject | None:
        """What its stream is, when that has a name."""
        return self.about[0] if self.about and self.about[0].id == self.stream_id else None

    @property
    def number(self) -> str:
        """Of the document that its stream is today."""
        return self.own.title if self.own and self.own.family in ("invoice", "quote") else ""

    @property
    def client(self) -> str:
        """Whom it concerns."""
        return next((one.client for one in self.about if one.client), "")


class RawEntry(Row, frozen=True):
    """An entry as it stands in the ledger; hashes in hex. At position 1 `previous_hash` is empty: it is the genesis."""

    pos: int
    at: datetime
    type: str
    stream_id: UUID
    version: int
    line: str
    hash: str
    previous_hash: str

    @property
    def actor(self) -> str:
        return read_line(self.line).by


class Tally(Row, frozen=True):
    """A type or an actor, and how many entries it has."""

    name: str
    entries: int


class Found(Row, frozen=True):
    """An entry as the database gives it."""

    pos: int
    at: datetime
    actor: str
    type: str
    stream_id: UUID
    version: int
    hash: str
    named: list[UUID]
    line: str


ROWS = """
    SELECT r.pos, r.at, r.actor, r.type, e.stream_id, e.version, encode(e.hash, 'hex') AS hash, r.named, e.line
    """
FOUND = """
      FROM found
      JOIN read.entries r ON r.company_id = %(company)s AND r.pos = found.pos
      JOIN ledger.entry e ON e.company_id = %(company)s AND e.pos = found.pos
    """
FILTERED = """
      FROM read.entries f
     WHERE company_id = %(company)s
       AND (%(types)s::text[] = '{}' OR type = ANY (%(types)s))
       AND (%(actor)s = '' OR actor = %(actor)s)
       AND (%(person)s::uuid IS NULL OR actor = 'user:' || %(person)s::uuid OR pos IN (
             SELECT pos FROM read.concerns WHERE company_id = %(company)s AND about = %(person)s))
       AND (%(first_at)s::timestamptz IS NULL OR at >= %(first_at)s)
       AND (%(end_at)s::timestamptz IS NULL OR at < %(end_at)s)
       AND (%(about)s::uuid IS NULL OR pos IN (
             SELECT pos FROM read.concerns WHERE company_id = %(company)s AND about = %(about)s))
    """
NEWEST = "WITH found AS (SELECT pos "
NEWEST_END = " AND (%(before)s::bigint IS NULL OR pos < %(before)s) ORDER BY pos DESC LIMIT %(limit)s)"
ABOUT = """
    WITH found AS (
        SELECT pos
          FROM read.concerns
         WHERE company_id = %(company)s AND about = %(about)s
         ORDER BY pos DESC
         LIMIT %(limit)s)
    """
DESCENDING = " ORDER BY found.pos DESC"
COUNT = "SELECT count(*) "


def page(tx: Tx, filter: Filter, *, before: int | None = None, limit: int = 50) -> list[Entry]:
    """Entries found, newest first; `before` = the last position of the page above."""
    sql = NEWEST + FILTERED + NEWEST_END + ROWS + FOUND + DESCENDING
    return _entries(tx, sql, **_params(tx, filter), before=before, limit=limit)


def count(tx: Tx, filter: Filter) -> int:
    found: int = tx.value(COUNT + FILTERED, **_params(tx, filter))
    return found


def about(tx: Tx, id: UUID, *, limit: int = 200) -> list[Entry]:
    """The last entries that concern a document or a client, in the order of the ledger."""
    return _entries(tx, ABOUT + ROWS + FOUND + DESCENDING, about=id, limit=limit)[::-1]


def entry(tx: Tx, pos: int) -> RawEntry | None:
    """One entry, as it is proved."""
    return tx.row(
        RawEntry,
        """
        SELECT e.pos, e.recorded_at AS at, e.type, e.stream_id, e.version, e.line, encode(e.hash, 'hex') AS hash,
               coalesce((SELECT encode(hash, 'hex') FROM ledger.entry
                          WHERE company_id = %(company)s AND pos = %(pos)s::bigint - 1), '') AS previous_hash
          FROM ledger.entry e
         WHERE e.company_id = %(company)s AND e.pos = %(pos)s
        """,
        pos=pos,
    )


def types(tx: Tx) -> list[Tally]:
    """The types that the ledger holds, for the filter."""
    return tx.rows(
        Tally,
        """
        SELECT type AS name, count(*) AS entries
          FROM read.entries
         WHERE company_id = %(company)s
         GROUP BY type
         ORDER BY type
        """,
    )


def actors(tx: Tx) -> list[Tally]:
    """Who made entries, for the filter: the most active first."""
    return tx.rows(
        Tally,
        """
        SELECT actor AS name, count(*) AS entries
          FROM read.entries
         WHERE company_id = %(company)s
         GROUP BY actor
         ORDER BY entries DESC, actor
        """,
    )


def _entries(tx: Tx, sql: str, **params: Any) -> list[Entry]:
    found = [(row, _facts(row)) for row in tx.rows(Found, sql, **params)]
    known = subjects.named(tx, (one for row, facts in found for one in _ids(row, facts)))
    return [_entry(row, facts, known) for row, facts in found]


def _facts(row: Found) -> Facts:
    return msgspec.json.decode(read_line(row.line).data, type=Facts)


def _ids(row: Found, facts: Facts) -> list[UUID]:
    return [row.stream_id, *row.named, *facts.things]


def _entry(row: Found, facts: Facts, known: dict[UUID, Subject]) -> Entry:
    own, *others = [known.get(one) for one in _ids(row, facts)]
    beside = sorted((one for one in others if one), key=lambda one: (one.family, one.title))
    about = tuple(one for one in (own, *beside) if one)
    return Entry(
        pos=row.pos, at=row.at, actor=row.actor, type=row.type, stream_id=row.stream_id, version=row.version,
        hash=row.hash, about=about, facts=facts,
    )  # fmt: skip


def _params(tx: Tx, filter: Filter) -> dict[str, Any]:
    return {
        "types": list(filter.types),
        "about": filter.about,
        "actor": filter.actor,
        "person": filter.person,
        "first_at": _midnight(tx, filter.first_on),
        "end_at": _midnight(tx, filter.last_on, 1),
    }


def _midnight(tx: Tx, on: date | None, days: int = 0) -> Any:
    """The instant at which that day, or one `days` later, begins where the company is."""
    if on is None:
        return None
    return tx.value(
        """
        SELECT (%(on)s::date + %(days)s)::timestamp AT TIME ZONE time_zone
          FROM ledger.head
         WHERE company_id = %(company)s
        """,
        on=on,
        days=days,
    )
