"""From entry to entry: does each follow the one before, and does its line say what stands beside it?

An entry has one finding at most, the first of: `repeated`, `unreadable`, `intruder`, `displaced`, `altered`, `form`,
`profile`, `foreign`, `opening`, `columns`, `time`, `data`. After a break the check goes on from the *stored* hash, so
that one changed entry is one finding; the entry after one that is missing or displaced has lost its predecessor: its
link cannot be judged, and a notice `unproven` says so. An entry that cannot be believed says nothing about the whole.
"""

from collections.abc import Iterable
from itertools import islice
from typing import Any

import msgspec

from audit.batch import EPOCH, MICROSECOND, NEVER, Batch, End, Row, link
from audit.facts import TYPES, facts
from audit.finding import Defect, Finding, Notice
from audit.form import Line, Malformed, reader, seals
from ledger.chain import genesis

CANDIDATES = 8  # hashes tried as the one before: so many changed hashes in a row are told one by one


class Walk:
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
        if pos == self._pos + 1 and link(self._hash, line) == stored:
            self._move(row)
        elif not self._finds_place(row):
            return
        try:
            read = self._read(line, row[3])
        except Malformed as malformed:
            self._report(pos, malformed.defect)
            return
        if read.ledger != self._ledger:
            self._report(pos, "foreign", ledger=read.ledger)
            return
        self._compare(row, read)
        self.batch.steps.append((pos, read.stream.int, read.version))
        if read.type in TYPES:
            self._learn(pos, read.type, line)
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
        pos = row[0]
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
        links = [link(previous, line) for previous in (self._hash, *self._others)]
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
        elif stored == link(before, line):
            self._retract(last)
            self._report(last, "intruder")
            self._move(row)
            return True
        elif not known:
            self._move(row, loose=True)
            self._report(pos, "displaced", claims=pos - shift)
        elif loose:
            self._move(row)
            self._report(pos, "unproven")
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

    def _learn(self, pos: int, type_: str, line: bytes) -> None:
        try:
            self.batch.facts += [(pos, told) for told in facts(type_, [line])]
        except msgspec.ValidationError:
            self._report(pos, "data", type=type_)

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
            return self._read(row[5], row[3])
        except Malformed:
            return None

    def _retract(self, pos: int) -> None:
        """The entry at `pos` was believed, or found to be wrong in another way."""
        batch = self.batch
        batch.findings = [finding for finding in batch.findings if finding.position != pos]
        batch.steps = [step for step in batch.steps if step[0] != pos]
        batch.facts = [fact for fact in batch.facts if fact[0] != pos]
        batch.seals = [seal for seal in batch.seals if seal[0] != pos]

    def _report(self, pos: int, code: Defect | Notice, **facts: Any) -> None:
        self.batch.findings.append(Finding(pos, code, facts))
