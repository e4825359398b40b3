"""Entries examined window by window, each window with its neighbours: so ranges of a ledger are independent."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, TypeVar

from audit.batch import NEVER, Batch, Row
from audit.flawless import flawless
from audit.walk import Walk

WINDOW = 500  # entries examined together
CONTEXT = 10  # entries before them that are looked at again: more damaged ones in a row may be told otherwise at a seam
T = TypeVar("T", bound=tuple[Any, ...])


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
    seen = flawless(ledger, known, window) or _walked(ledger, known, window)
    told = _between(window, after, to)
    return Batch(
        findings=[finding for finding in seen.findings if after < finding.position <= to],
        steps=_between(seen.steps, after, to),
        facts=_between(seen.facts, after, to),
        seals=_between(seen.seals, after, to),
        count=len(told),
        last=told[-1][0] if told else after,
        end=seen.end,
    )


def _walked(ledger: str, known: Row | None, window: Sequence[Row]) -> Batch:
    walk = Walk(ledger, known)
    for row in window:
        walk.step(row)
    return replace(walk.batch, end=walk.end())


def _between(told: Sequence[T], after: int, to: int) -> list[T]:
    """What is told of positions from `after` + 1 to `to`, in order."""
    return list(told[bisect_left(told, (after + 1,)) : bisect_left(told, (to + 1,))])
