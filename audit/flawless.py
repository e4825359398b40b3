"""The short way for entries in which nothing is wrong: nearly all of them, and what makes verification fast.

It only ever says « flawless »; whatever it does not pass goes to `walk.py`, which alone finds. What can be said of all
entries of a window at once is said at once, in C; lines are read by type, since those have one shape.
"""

from binascii import hexlify
from collections import defaultdict
from collections.abc import Sequence
from hashlib import sha256
from operator import le

import msgspec

from audit.batch import EPOCH, MICROSECOND, NEVER, Batch, End, Row
from audit.facts import TYPES, facts
from audit.form import Malformed, reader
from ledger.chain import genesis

TOGETHER = 64  # lines decoded by one call; more of them would not stay in the processor's cache


class Odd(Exception):
    """A line and its columns disagree."""


def flawless(ledger: str, known: Row | None, window: Sequence[Row]) -> Batch | None:
    """What the entries of `window` say, following a `known` one or the beginning; None when something is odd."""
    pos, recorded, hash_ = (known[0], known[4], known[6]) if known else (0, NEVER, bytes.fromhex(genesis(ledger)))
    if not _follow(window, pos, recorded, hash_):
        return None
    by_type: defaultdict[str, list[Row]] = defaultdict(list)
    for row in window:
        by_type[row[3]].append(row)
    batch = Batch()
    try:
        if known:
            _agree(Batch(), ledger, known[3], [known])
        for type_, rows in by_type.items():
            for start in range(0, len(rows), TOGETHER):
                _agree(batch, ledger, type_, rows[start : start + TOGETHER])
    except (Odd, Malformed, msgspec.ValidationError):
        return None
    batch.steps = [(pos, stream.int, version) for pos, stream, version, *_ in window]
    batch.facts.sort(key=_position)
    batch.seals.sort()
    last = window[-1]
    batch.end = End(frozenset({last[0]}), frozenset({last[6]}), last[4])
    return batch


def _follow(window: Sequence[Row], pos: int, recorded: int, hash_: bytes) -> bool:
    """Whether each entry follows the one before, the first one an entry with that position, instant and hash."""
    positions, _, _, types, instants, lines, hashes = zip(*window, strict=True)
    previous = map(hexlify, (hash_, *hashes[:-1]))
    linked = map(sha256, map(b"\n".join, zip(previous, lines, [b""] * len(lines), strict=True)))
    return (
        positions == tuple(range(pos + 1, pos + 1 + len(window)))
        and all(map(le, (recorded, *instants), instants))
        and types.count("ledger.opened") == (pos == 0) == (types[0] == "ledger.opened")
        and [digest.digest() for digest in linked] == list(hashes)
    )


def _agree(batch: Batch, ledger: str, type_: str, rows: Sequence[Row]) -> None:
    """Adds what entries of one type tell. Errors: `Odd`, `Malformed`, `ValidationError` of what is not right."""
    texts = [row[5] for row in rows]
    read = reader().read_all(texts, type_) or reader().read_each(texts, type_)
    for (pos, stream, version, _, recorded, _, _), line in zip(rows, read.lines, strict=True):
        if (
            line.pos != pos
            or line.stream.int != stream.int
            or line.version != version
            or (line.at - EPOCH) // MICROSECOND != recorded
            or line.type != type_
            or line.ledger != ledger
        ):
            raise Odd
    batch.seals += [(rows[index][0], digest) for index, digest in read.seals]
    if type_ in TYPES:
        batch.facts += zip([row[0] for row in rows], facts(type_, texts), strict=True)


def _position(told: tuple[int, object]) -> int:
    return told[0]
