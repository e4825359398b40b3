"""What a use case sees of the ledger: aggregates in, aggregates out, numbers, seals.

Nothing is written before the use case has returned: `Books.do` then appends it all in one exchange.
"""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import psycopg
from eventsourcing.utils import get_topic
from psycopg.rows import TupleRow

from domain.aggregate import Aggregate
from domain.errors import NotFound
from ledger import vault
from ledger.codec import EventMapper
from ledger.errors import SeriesUnknown
from ledger.series import Series, from_head

A = TypeVar("A", bound=Aggregate)


class Pen(NamedTuple):
    """What `ledger.open` says of the ledger: the row of its head, and of a command done before."""

    pos: int
    day: date
    training: bool
    series: dict[str, Any] | None
    known: bytes | None
    result: Any


class Pending(NamedTuple):
    """An event on its way into the ledger."""

    stream: UUID
    version: int
    type: str
    data: str


class Streams:
    """Three queries in the exchange that is under way, whose rows are read after it: streams, what opens their seals,
    and the entries of other streams that speak of them.
    """

    LINES = """
        SELECT stream_id, line FROM ledger.entry
         WHERE company_id = %b AND stream_id = ANY (%b) ORDER BY stream_id, version
        """
    OPENINGS = """
        SELECT encode(s.digest, 'hex'), s.value FROM ledger.seal
          JOIN ledger.sealed s USING (company_id, digest) WHERE company_id = %b AND stream_id = ANY (%b)
        """
    MENTIONS = """
        SELECT m.subject_id, e.line FROM ledger.mention m
          JOIN ledger.entry e USING (company_id, pos) WHERE company_id = %b AND subject_id = ANY (%b) ORDER BY pos
        """

    def __init__(self, conn: psycopg.Connection, company_id: UUID, ids: Iterable[UUID]) -> None:
        self.ids = list(ids)
        self._lines = conn.execute(self.LINES, (company_id, self.ids))
        self._openings = conn.execute(self.OPENINGS, (company_id, self.ids))
        self._mentions = conn.execute(self.MENTIONS, (company_id, self.ids))

    def lines(self) -> dict[UUID, list[str]]:
        """Lines of each stream in order; an empty list for a stream that does not exist."""
        return self._by_stream(self._lines)

    def mentions(self) -> dict[UUID, list[str]]:
        """Lines of other streams that speak of each, in the order of the ledger."""
        return self._by_stream(self._mentions)

    def openings(self) -> dict[str, str]:
        return dict(self._openings.fetchall())

    def _by_stream(self, rows: Iterable[TupleRow]) -> dict[UUID, list[str]]:
        found: dict[UUID, list[str]] = {stream: [] for stream in self.ids}
        for stream, line in rows:
            found[stream].append(line)
        return found


class Entry:
    """The unit of work of one command on one ledger.

    `day` is today in the ledger's time zone, as the database says (in a training ledger, the day it is kept on);
    `pos` is the position before this entry.
    """

    def __init__(
        self, conn: psycopg.Connection[TupleRow], mapper: EventMapper, company_id: UUID, actor: str, pen: Pen
    ) -> None:
        self.company_id = company_id
        self.actor = actor
        self.day = pen.day
        self.training = pen.training
        self.pos = pen.pos
        self.events: list[Pending] = []
        self.sealed: list[vault.Opening] = []
        self._conn = conn
        self._mapper = mapper
        self._series = from_head(pen.series)
        self._lines: dict[UUID, list[str]] = {}
        self._mentions: dict[UUID, list[str]] = {}
        self._aggregates: dict[UUID, Aggregate] = {}
        self._openings: dict[str, str] = {}

    def get(self, kind: type[A], id: UUID) -> A:
        """The aggregate `id`, the same object each time. Errors: `NotFound` when there is none, or of another kind."""
        if id not in self._aggregates:
            self._aggregates[id] = self._replayed(kind, id)
        found = self._aggregates[id]
        if not isinstance(found, kind):
            raise NotFound(get_topic(kind), id)
        return found

    def fetch(self, *ids: UUID) -> None:
        """Loads several streams, and what opens their seals, in one exchange: `get` then needs none."""
        missing = [stream for stream in ids if stream not in self._lines]
        if missing:
            with self._conn.pipeline():
                streams = Streams(self._conn, self.company_id, missing)
            self.received(streams)

    def received(self, streams: Streams) -> None:
        self._lines |= streams.lines()
        self._mentions |= streams.mentions()
        self._openings |= streams.openings()

    def mentions(self, id: UUID) -> list[Any]:
        """Events of other streams that settle, credit or continue the document `id`, in the order of the ledger."""
        self.fetch(id)
        return [self._mapper.decode(line) for line in self._mentions[id]]

    def save(self, *aggregates: Aggregate) -> None:
        """Records what happened to these aggregates, in the order given."""
        for aggregate in aggregates:
            self._aggregates[aggregate.id] = aggregate
            for event in aggregate.collect_events():
                name, data = self._mapper.encode(event)
                self.events.append(Pending(event.originator_id, event.originator_version, name, data))

    def series(self) -> dict[str, Series]:
        """The ledger's series by name, counting what this entry took."""
        return self._series

    def next_number(self, series: str) -> tuple[int, str]:
        """Rank and number, given for good only if the entry is recorded. Errors: `SeriesUnknown`."""
        if series not in self._series:
            raise SeriesUnknown(series)
        return self._series[series].take()

    def seal(self, subject: UUID, value: Any) -> str:
        """The digest that stands for `value`, which speaks of the person `subject`; made afresh each time."""
        opening = vault.seal(self.company_id, subject, value)
        self.sealed.append(opening)
        self._openings[opening.digest] = opening.value
        return opening.digest

    def opening(self, digest: str) -> Any | None:
        """The JSON value behind a digest of a stream that was loaded; None when it was erased."""
        text = self._openings.get(digest)
        return None if text is None else json.loads(text)

    def _replayed(self, kind: type[A], id: UUID) -> Aggregate:
        self.fetch(id)
        aggregate: Aggregate | None = None
        for line in self._lines[id]:
            aggregate = self._mapper.decode(line).mutate(aggregate)
        if aggregate is None:
            raise NotFound(get_topic(kind), id)
        return aggregate
