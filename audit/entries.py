"""Each entry in its place: does it follow the one before, and does its line say what stands beside it?

An entry has one finding at most, the first of: `repeated`, `unreadable`, `intruder`, `displaced`, `altered`, `form`,
`profile`, `foreign`, `opening`, `columns`, `time`, `data`. After a break the check goes on from the *stored* hash, so
that one changed entry is one finding; the entry after one that is missing or displaced has lost its predecessor, and
its link is not judged. An entry that cannot be believed says nothing about the whole (`whole.py`).
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from audit.facts import TYPES, Fact, fact
from audit.finding import Defect, Finding
from audit.form import Line, Malformed, reader, seals
from ledger.chain import genesis

# The columns: pos, stream_id, version, type, recorded_at (µs since 2000, as PostgreSQL keeps it), line, hash.
# An entry that PostgreSQL cannot read has an empty line.
Row = tuple[int, UUID, int, str, int, bytes, bytes]

WINDOW = 1000  # entries examined together
CONTEXT = 10  # entries before them that are looked at again: more damaged ones in a row may be told otherwise at a seam
CANDIDATES = 8  # hashes tried as the one before: so many changed hashes in a row are told one by one
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
NEVER = -(2**63)  # before any instant
T = TypeVar("T", bound=tuple[Any, ...])


@dataclass(frozen=True)
class End:
    """The last entry, as the head row should have it. Where damage leaves several answers, each is right."""

    positions: frozenset[int] = frozenset({0})
    hashes: frozenset[bytes] = frozenset()  # none: unknown
    recorded: int = NEVER  # µs since 2000


@dataclass
class Batch:
    """What some entries in a row say."""

    findings: list[Finding] = field(default_factory=list)
    steps: list[tuple[int, int, int]] = field(default_factory=list)  # position, stream, version
    facts: list[tuple[int, Fact]] = field(default_factory=list)  # position
    seals: list[tuple[int, bytes]] = field(default_factory=list)  # position, digest
    count: int = 0
    last: int = 0  # position
    end: End = End()


def examine(ledger: str, rows: Iterable[Row], after: int = 0, to: int = 2**63) -> Iterator[Batch]:
    """Batches of the entries from `after` + 1 to `to` of a ledger, a lower-case UUID.

    `rows` are in order of position; where they exist, the last `CONTEXT` up to `after` and the first beyond `to` are
    among them: what an entry is worth shows in its neighbours.
    """
    ahead = iter(rows)
    window: list[Row] = []
    known: Row | None = None
    starts, after = after == 0, after or NEVER  # a place before the first is no place
    while chunk := list(islice(ahead, WINDOW)):
        if not (window or starts) and chunk[0][0] > 1:
            known, *chunk = chunk
        window += chunk
        if len(window) > 1:
            yield _examine(ledger, known, window, after, min(to, window[-2][0]))
            after = max(after, window[-2][0])
        if len(window) > CONTEXT:
            known, window = window[-CONTEXT - 1], window[-CONTEXT:]
    if window:
        yield _examine(ledger, known, window, after, to)


def _examine(ledger: str, known: Row | None, window: Sequence[Row], after: int, to: int) -> Batch:
    walk = _Walk(ledger, known)
    for row in window:
        walk.step(row)
    seen = walk.batch
    told = _between(window, after, to)
    return Batch(
        findings=[finding for finding in seen.findings if after < finding.position <= to],
        steps=_between(seen.steps, after, to),
        facts=_between(seen.facts, after, to),
        seals=_between(seen.seals, after, to),
        count=len(told),
        last=told[-1][0] if told else after,
        end=walk.end(),
    )


def _between(told: Sequence[T], after: int, to: int) -> list[T]:
    """What is told of positions from `after` + 1 to `to`, in order."""
    return list(told[bisect_left(told, (after + 1,)) : bisect_left(told, (to + 1,))])


class _Walk:
    """Goes from entry to entry, after a `known` one or from the beginning."""

    def __init__(self, ledger: str, known: Row | None) -> None:
        self.batch = Batch()
        self._ledger = ledger
        self._read = reader().read
        self._pos, self._hash = (known[0], known[6]) if known else (0, bytes.fromhex(genesis(ledger)))
        self._before = b""  # the hash before the last one
        self._others: list[bytes] = []  # what the last hash should have been
        self._loose = False  # the last entry is not the predecessor of the next
        self._shifts = (0, 0)  # column minus line of positions, in the last two entries
        self._recorded = NEVER  # `at` of the last line believed, in the column's unit
        if known and (claimed := self._claimed(known)):
            self._shifts = (0, known[0] - claimed.pos)
            self._recorded = (claimed.at - EPOCH) // MICROSECOND

    def step(self, row: Row) -> None:
        pos, line, stored = row[0], row[5], row[6]
        if pos == self._pos + 1 and _link(self._hash, line) == stored:
            self._move(row)
        elif not self._finds_place(row):
            return
        try:
            read = self._read(line)
        except Malformed as malformed:
            self._report(pos, malformed.defect)
            return
        if read.ledger != self._ledger:
            self._report(pos, "foreign", ledger=read.ledger)
            return
        self._compare(row, read)
        self.batch.steps.append((pos, read.stream.int, read.version))
        if read.type in TYPES:
            self._learn(pos, read)
        if b'"sealed":' in line:
            self.batch.seals.extend((pos, bytes.fromhex(digest.decode())) for digest in seals(line))

    def end(self) -> End:
        hashes = () if self._loose else (self._hash, *self._others)
        return End(frozenset(self._pos - shift for shift in (0, *self._shifts)), frozenset(hashes), self._recorded)

    def _move(self, row: Row, others: Iterable[bytes] = (), *, loose: bool = False) -> None:
        self._before, self._hash, self._pos = self._hash, row[6], row[0]
        self._others, self._loose = list(islice(others, CANDIDATES)), loose

    def _finds_place(self, row: Row) -> bool:
        """Says what is wrong with an entry that does not simply follow; whether its line can be believed."""
        pos, line = row[0], row[5]
        if pos <= self._pos:
            self._report(pos, "repeated")
            return False
        claimed = self._claimed(row)
        gap = pos > self._pos + 1
        if gap and claimed and claimed.pos <= self._pos:  # astray: it does not prove that there was one before it
            self._report(pos, "displaced", claims=claimed.pos)
            return False
        if gap:
            self._report(self._pos + 1, "missing", last=pos - 1)
        shift = pos - claimed.pos if claimed else 0
        return self._judge(row, shift, loose=self._loose or gap)

    def _judge(self, row: Row, shift: int, *, loose: bool) -> bool:
        pos, line, stored = row[0], row[5], row[6]
        links = [_link(previous, line) for previous in (self._hash, *self._others)]
        last, before, known = self._pos, self._before, shift in (0, *self._shifts)
        self._shifts = (self._shifts[1], shift)
        if not line:
            self._move(row, loose=True)
            self._report(pos, "unreadable")
        elif stored in links:
            self._move(row)
            return True
        elif stored == self._hash:
            self._move(row)
            self._report(pos, "repeated")
        elif stored == _link(before, line):
            self._retract(last)
            self._report(last, "intruder")
            self._move(row)
            return True
        elif not known:
            self._move(row, loose=True)
            self._report(pos, "displaced", claims=pos - shift)
        elif loose:
            self._move(row)
            return True
        else:
            self._move(row, links)
            self._report(pos, "altered")
        return False

    def _compare(self, row: Row, read: Line) -> None:
        """The line with its columns and with the line before."""
        pos, stream, version, type_, recorded, _, _ = row
        at, previous = (read.at - EPOCH) // MICROSECOND, self._recorded
        self._recorded = at
        if (
            at == recorded
            and at >= previous
            and pos == read.pos
            and read.version == version
            and read.type == type_
            and read.stream.int == stream.int
            and (type_ == "ledger.opened") == (pos == 1)
        ):
            if any(self._shifts):
                self._shifts = (self._shifts[1], 0)
            return
        if (read.type == "ledger.opened") != (pos == 1):
            self._report(pos, "opening", type=read.type)
        elif columns := self._columns(row, read):
            self._report(pos, "columns", columns=columns)
        elif at < previous and read.type != "clock.declared":
            self._report(pos, "time")

    def _learn(self, pos: int, read: Line) -> None:
        try:
            self.batch.facts.append((pos, fact(read.type, read.data)))
        except msgspec.ValidationError:
            self._report(pos, "data", type=read.type)

    def _columns(self, row: Row, read: Line) -> list[str]:
        """Which columns disagree with the line."""
        pos, stream, version, type_, recorded, _, _ = row
        shift = pos - read.pos
        agree = {
            "pos": shift in (0, *self._shifts),
            "stream_id": read.stream == stream,
            "version": read.version == version,
            "type": read.type == type_,
            "recorded_at": self._recorded == recorded,
        }
        self._shifts = (self._shifts[1], shift)
        return [name for name, good in agree.items() if not good]

    def _claimed(self, row: Row) -> Line | None:
        try:
            return self._read(row[5])
        except Malformed:
            return None

    def _retract(self, pos: int) -> None:
        """The entry at `pos` was believed, or found to be wrong in another way."""
        batch = self.batch
        batch.findings = [finding for finding in batch.findings if finding.position != pos]
        batch.steps = [step for step in batch.steps if step[0] != pos]
        batch.facts = [fact for fact in batch.facts if fact[0] != pos]
        batch.seals = [seal for seal in batch.seals if seal[0] != pos]

    def _report(self, pos: int, code: Defect, **facts: Any) -> None:
        self.batch.findings.append(Finding(pos, code, facts))


def _link(previous: bytes, line: bytes) -> bytes:
    return sha256(b"%s\n%s\n" % (previous.hex().encode(), line)).digest()
