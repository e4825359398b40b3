"""What only the whole of a ledger shows: streams, numbers, seals and their openings, the head.

A break in a stream or a series between whose two entries a damaged one lies is put down to that damage, which is told
already. So one damaged entry stays one finding.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from audit.batch import Batch, End
from audit.facts import ClockDeclared, Erased, Fact, Numbered, Restored, SeriesOpened
from audit.finding import Finding
from domain.numbering import number
from ledger.chain import seal

# After these the entry has said nothing to the whole, or should not have.
DAMAGES = set("missing repeated unreadable intruder displaced altered form profile foreign data".split())
VERSION_BITS = 32  # a stream's last position and version in one number: a million streams cost 150 MB


@dataclass(frozen=True)
class Head:
    """The head row; `recorded` in µs since 2000, `series` by name: its `pattern` and `last` number."""

    pos: int
    hash: bytes
    recorded: int
    series: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Known:
    """What the entries up to `last` say to those after them, where these are followed alone.

    `streams`: position and version of the last entry of each. `series`: pattern, last number, position of its entry,
    whether a restored ledger closed it.
    """

    last: int
    streams: Mapping[int, tuple[int, int]]
    series: Mapping[str, tuple[str, int, int, bool]]


class Opening(NamedTuple):
    """A row of the vault; digest and salt in hexadecimal."""

    digest: str
    subject: str
    salt: str
    value: str


@dataclass
class _Series:
    pattern: str  # empty: its opening is damaged
    last: int
    pos: int
    closed: bool = False


LAST = 2**63
BEGINNING = Known(0, {}, {})
_NO_SERIES = _Series("", 0, 0)


class Whole:
    """Follows a ledger, batch after batch, and closes with what stands beside its entries."""

    def __init__(self, ledger: str, known: Known = BEGINNING) -> None:
        self._ledger = ledger
        self._damages: list[tuple[int, int]] = []  # first and last position
        self._streams = {stream: pos << VERSION_BITS | version for stream, (pos, version) in known.streams.items()}
        self._series = {name: _Series(*state) for name, state in known.series.items()}
        self._numbers: set[str] = set()
        self._seals: dict[bytes, int] = {}
        self._erased: dict[bytes, int] = {}
        self._last = known.last
        self._end = End()

    def follow(self, batch: Batch) -> list[Finding]:
        """Findings of the batch and of its place in the whole, in order of position."""
        for finding in batch.findings:
            if finding.code in DAMAGES:
                self._damages.append((finding.position, finding.facts.get("last", finding.position)))
        found = [*batch.findings, *self._follow_streams(batch)]
        for pos, fact in batch.facts:
            found += self._learn(pos, fact)
        found += self._follow_seals(batch)
        self._last, self._end = batch.last, batch.end
        return sorted(found, key=lambda finding: finding.position)

    def close(self, head: Head | None, openings: Iterable[Opening]) -> Iterator[Finding]:
        """The head and the vault against all that was followed. `head` is None when there is no such row."""
        if head is None:
            yield Finding(self._last, "head", {"fields": ["company_id"]})
        else:
            yield from self._check_head(head)
        yield from self._check_openings(openings)

    def _excused(self, first: int, last: int) -> bool:
        """Whether there is damage from one position to another, both included."""
        at = bisect_left(self._damages, (first, first))
        return any(start <= last and end >= first for start, end in self._damages[max(at - 1, 0) : at + 1])

    def _follow_streams(self, batch: Batch) -> list[Finding]:
        found, streams, mask = [], self._streams, (1 << VERSION_BITS) - 1
        for pos, stream, version in batch.steps:
            last = streams.get(stream, 0)
            if version != (expected := (last & mask) + 1) and not self._excused(last >> VERSION_BITS, pos):
                facts = {"stream": str(UUID(int=stream)), "version": version, "expected": expected}
                found.append(Finding(pos, "version", facts))
            streams[stream] = pos << VERSION_BITS | version
        return found

    def _learn(self, pos: int, fact: Fact) -> Iterator[Finding]:
        match fact:
            case SeriesOpened():
                yield from self._open_series(pos, fact)
            case Numbered(revision=1):
                yield from self._count(pos, fact)
            case Erased():
                self._erased.update(dict.fromkeys(map(bytes.fromhex, fact.digests), pos))
            case ClockDeclared():
                yield Finding(pos, "clock_declared")
            case Restored():
                yield Finding(pos, "restored")
                for series in self._series.values():
                    series.closed = True

    def _open_series(self, pos: int, opened: SeriesOpened) -> Iterator[Finding]:
        if opened.series in self._series:
            yield Finding(pos, "series", {"series": opened.series})
        else:
            self._series[opened.series] = _Series(opened.pattern, opened.first - 1, pos)

    def _count(self, pos: int, told: Numbered) -> Iterator[Finding]:
        series = self._series.get(told.series)
        if series is None or series.closed:
            if not self._excused(0, pos):
                yield Finding(pos, "series", {"series": told.series})
            series = self._series[told.series] = _Series("", told.seq - 1, pos)
        expected = number(series.pattern, series.last + 1) if series.pattern else told.number
        if (told.seq, told.number) != (series.last + 1, expected) and not self._excused(series.pos, pos):
            yield Finding(pos, "number", {"series": told.series, "number": told.number, "expected": expected})
        elif told.number in self._numbers:
            yield Finding(pos, "reused_number", {"number": told.number})
        self._numbers.add(told.number)
        series.last, series.pos = told.seq, pos

    def _follow_seals(self, batch: Batch) -> Iterator[Finding]:
        for pos, digest in batch.seals:
            first = self._seals.setdefault(digest, pos)
            if first != pos:
                yield Finding(pos, "reused_seal", {"digest": digest.hex(), "first": first})

    def _check_head(self, head: Head) -> Iterator[Finding]:
        end = self._end
        if head.pos > self._last and head.pos not in end.positions:
            self._damages.append((self._last + 1, head.pos))
            yield Finding(self._last + 1, "cut", {"last": head.pos})
        elif head.pos < self._last and head.pos not in end.positions:
            self._damages.append((head.pos + 1, self._last))
            yield Finding(head.pos + 1, "beyond", {"last": self._last})
        elif wrong := [*self._wrong_fields(head)]:
            yield Finding(self._last, "head", {"fields": wrong})
        yield from self._check_counters(head)

    def _wrong_fields(self, head: Head) -> Iterator[str]:
        if self._end.hashes and head.hash not in self._end.hashes:
            yield "hash"
        if head.recorded != self._end.recorded and not self._excused(self._last, self._last):
            yield "at"

    def _check_counters(self, head: Head) -> Iterator[Finding]:
        for name in sorted(self._series.keys() | head.series.keys()):
            series = self._series.get(name, _NO_SERIES)
            told = {"pattern": "", "last": 0, **head.series.get(name, {})}
            right = told["last"] == series.last and (not series.pattern or told["pattern"] == series.pattern)
            if not right and not self._excused(series.pos, LAST):
                facts = {"series": name, "counter": told["last"], "expected": series.last}
                yield Finding(series.pos or self._last, "counter", facts)

    def _check_openings(self, openings: Iterable[Opening]) -> Iterator[Finding]:
        lost = dict(self._seals)
        for opening in openings:
            pos = lost.pop(bytes.fromhex(opening.digest), None)
            if pos and seal(self._ledger, opening.subject, opening.salt, opening.value) != opening.digest:
                yield Finding(pos, "seal_altered", {"digest": opening.digest})
        for pos, digests in groupby(lost, lost.__getitem__):
            yield from self._tell_missing(pos, list(digests))

    def _tell_missing(self, pos: int, digests: list[bytes]) -> Iterator[Finding]:
        erased = [digest.hex() for digest in digests if digest in self._erased]
        if erased:
            yield Finding(pos, "erased", {"digests": erased})
        for digest in digests:
            if digest not in self._erased:
                yield Finding(pos, "seal_lost", {"digest": digest.hex()})
