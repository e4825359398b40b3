"""The short way for entries in which nothing is wrong: nearly all of them, and what makes verification fast.

It only ever says « flawless »; whatever it does not pass goes to `walk.py`, which alone finds.
"""

from collections.abc import Sequence

import msgspec

from audit.batch import EPOCH, MICROSECOND, Batch, End, Row, link
from audit.facts import TYPES, fact
from audit.form import Line, reader, seals
from ledger.chain import genesis

TOGETHER = 32  # lines decoded by one call; more of them would not stay in the processor's cache


def flawless(ledger: str, known: Row | None, window: Sequence[Row]) -> Batch | None:
    """What the entries of `window` say, following a `known` one or the beginning; None when something is odd."""
    batch = Batch(end=End(hashes=frozenset({bytes.fromhex(genesis(ledger))})))
    if known is not None:
        read = reader().read_all([known[5]])
        if read is None:
            return None
        batch.end = _end(known, read[0])
    for start in range(0, len(window), TOGETHER):
        rows = window[start : start + TOGETHER]
        read = reader().read_all([row[5] for row in rows])
        if read is None or not _follow(ledger, batch.end, rows, read) or not _tell(batch, rows, read):
            return None
        batch.end = _end(rows[-1], read[-1])
    return batch


def _follow(ledger: str, end: End, rows: Sequence[Row], read: Sequence[Line]) -> bool:
    """Whether each entry follows the one before and its columns and line say the same."""
    (pos,), (previous,), at = end.positions, end.hashes, end.recorded
    for row, line in zip(rows, read, strict=True):
        pos += 1
        row_pos, stream, version, type_, recorded, text, stored = row
        if (
            link(previous, text) != stored
            or not pos == row_pos == line.pos
            or not at <= recorded == (line.at - EPOCH) // MICROSECOND
            or line.stream.int != stream.int
            or line.version != version
            or line.type != type_
            or line.ledger != ledger
            or (type_ == "ledger.opened") != (pos == 1)
        ):
            return False
        previous, at = stored, recorded
    return True


def _tell(batch: Batch, rows: Sequence[Row], read: Sequence[Line]) -> bool:
    """Adds to the batch what the entries tell the whole; whether they tell it as they should."""
    try:
        batch.facts += [(line.pos, fact(line.type, line.data)) for line in read if line.type in TYPES]
    except msgspec.ValidationError:
        return False
    batch.steps += [(row[0], row[1].int, row[2]) for row in rows]
    batch.seals += [(row[0], bytes.fromhex(digest.decode())) for row in rows for digest in seals(row[5])]
    return True


def _end(row: Row, line: Line) -> End:
    return End(frozenset({row[0]}), frozenset({row[6]}), (line.at - EPOCH) // MICROSECOND)
