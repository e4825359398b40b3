"""The short way for entries in which nothing is wrong: nearly all of them, and what makes verification fast.

It only ever says « flawless »; whatever it does not pass goes to `walk.py`, which alone finds.
"""

from collections.abc import Sequence

import msgspec

from audit.batch import EPOCH, MICROSECOND, NEVER, Batch, End, Row, link
from audit.facts import TYPES, fact
from audit.form import Line, reader, seals
from ledger.chain import genesis


def flawless(ledger: str, known: Row | None, window: Sequence[Row]) -> Batch | None:
    """What the entries of `window` say, following a `known` one or the beginning; None when something is odd."""
    lines = [row[5] for row in (window if known is None else [known, *window])]
    read = reader().read_all(lines)
    if read is None:
        return None
    pos, previous, at = (0, bytes.fromhex(genesis(ledger)), NEVER) if known is None else _from(known, read.pop(0))
    for row, line in zip(window, read, strict=True):
        pos += 1
        recorded = (line.at - EPOCH) // MICROSECOND
        if (
            link(previous, row[5]) != row[6]
            or not pos == row[0] == line.pos
            or not at <= recorded == row[4]
            or line.stream.int != row[1].int
            or line.version != row[2]
            or line.type != row[3]
            or line.ledger != ledger
            or (line.type == "ledger.opened") != (pos == 1)
        ):
            return None
        previous, at = row[6], recorded
    return _told(window, read, End(frozenset({pos}), frozenset({previous}), at))


def _from(known: Row, line: Line) -> tuple[int, bytes, int]:
    return known[0], known[6], (line.at - EPOCH) // MICROSECOND


def _told(window: Sequence[Row], read: Sequence[Line], end: End) -> Batch | None:
    try:
        facts = [(line.pos, fact(line.type, line.data)) for line in read if line.type in TYPES]
    except msgspec.ValidationError:
        return None
    return Batch(
        steps=[(line.pos, line.stream.int, line.version) for line in read],
        facts=facts,
        seals=[(row[0], bytes.fromhex(digest.decode())) for row in window for digest in seals(row[5])],
        end=end,
    )
