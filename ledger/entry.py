"""What a use case sees of the ledger: aggregates in, aggregates out, numbers, seals.

Nothing is written before the use case has returned: `Books.do` then appends it all in one exchange.
"""

import json
from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from typing import Any, LiteralString, NamedTuple, TypeVar
from uuid import UUID

import psycopg
from eventsourcing.utils import get_topic
from psycopg.rows import TupleRow

from domain.aggregate import Aggregate
from domain.errors import NotFound
from ledger import vault
from ledger.codec import EventMapper, Line, read_line
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


class Streams(NamedTuple):
    """What a use case may read: the lines of some streams in order, those of other streams that speak of `subjects`,
    and what opens the seals. `None` stands for nothing, as in SQL.
    """

    lines: list[str] | None
    subjects: list[UUID] | None
    mentions: list[str] | None
    digests: list[str] | None
    openings: list[str] | None


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
        self.kept: list[tuple[bytes, date]] = []
        self.deferred: list[tuple[str, dict[str, str]]] = []
        self.rows_beside: list[tuple[LiteralString, dict[str, Any]]] = []
        self._conn = conn
        self._mapper = mapper
        self._series = from_head(pen.series)
        self._lines: dict[UUID, list[Line]] = {}
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
            row = self._conn.execute(
                "SELECT lines, subjects, mentions, digests, openings FROM ledger.streams(%b, %b)",
                (self.company_id, missing),
                binary=True,
            ).fetchone()
            self.received(missing, Streams._make(row or ()))

    def received(self, ids: Iterable[UUID], streams: Streams) -> None:
        """Takes what was read of these streams, and of those that came along."""
        for stream in ids:
            self._lines[stream], self._mentions[stream] = [], []
        for line in map(read_line, streams.lines or ()):
            self._mentions.setdefault(line.stream, [])
            self._lines.setdefault(line.stream, []).append(line)
        for subject, text in zip(streams.subjects or (), streams.mentions or (), strict=True):
            self._mentions[subject].append(text)
        self._openings |= zip(streams.digests or (), streams.openings or (), strict=True)

    def mentions(self, id: UUID) -> list[Any]:
        """Events of other streams that settle, credit or continue the document `id`, in the order of the ledger."""
        self.fetch(id)
        return [self._mapper.decode(line) for line in self._mentions[id]]

    def rows(self, query: LiteralString, *args: Any) -> list[TupleRow]:
        """Rows of this ledger beyond its streams; the first placeholder of `query` is the company."""
        return self._conn.execute(query, (self.company_id, *args)).fetchall()

    def decode(self, line: str) -> Any:
        """The event of a line, in the words of today."""
        return self._mapper.decode(line)

    def save(self, *aggregates: Aggregate) -> None:
        """Records what happened to these aggregates, in the order given."""
        for aggregate in aggregates:
            self._aggregates[aggregate.id] = aggregate
            for event in aggregate.collect_events():
                name, data = self._mapper.encode(event)
                self.events.append(Pending(event.originator_id, event.originator_version, name, data))

    def series(self) -> dict[str, Series]:
        """The ledger's series by name, as they were before this entry."""
        return self._series

    def seal(self, subject: UUID, value: Any) -> str:
        """The digest that stands for `value`, which speaks of the person `subject`; made afresh each time."""
        opening = vault.seal(self.company_id, subject, value)
        self.sealed.append(opening)
        self._openings[opening.digest] = opening.value
        return opening.digest

    def keep(self, content: bytes, until: date) -> str:
        """Keeps a file at least until that day, in the transaction of this entry; its SHA-256 in hex."""
        self.kept.append((content, until))
        return sha256(content).hexdigest()

    def defer(self, task: str, **ids: UUID | str) -> None:
        """Asks for a job, to be done once this entry is recorded, and only then. Its facts are identifiers: what the
        job needs, it reads in the ledger.
        """
        self.deferred.append((task, {name: str(value) for name, value in ids.items()}))

    def beside(self, query: LiteralString, **facts: Any) -> None:
        """A row outside the ledger that goes with this entry, in its transaction: what a job works on and no line may
        hold. The query may use `%(company)s`.
        """
        self.rows_beside.append((query, {"company": self.company_id, **facts}))

    def opening(self, digest: str) -> Any | None:
        """The JSON value behind a digest of a stream that was loaded; None when it was erased."""
        text = self._openings.get(digest)
        return None if text is None else json.loads(text)

    def _replayed(self, kind: type[A], id: UUID) -> Aggregate:
        self.fetch(id)
        aggregate: Aggregate | None = None
        for line in self._lines[id]:
            aggregate = self._mapper.to_event(line).mutate(aggregate)
        if aggregate is None:
            raise NotFound(get_topic(kind), id)
        return aggregate
