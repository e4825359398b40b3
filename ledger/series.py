"""Series of numbers, as the head row knows them."""

from datetime import date
from typing import Any

import msgspec

from ledger.errors import SeriesUnknown


class Series(msgspec.Struct):
    """One series: the kinds it numbers, its pattern, the last number given and the date of its document."""

    series: str
    kinds: tuple[str, ...]
    pattern: str
    last: int
    last_issued_on: date | None = msgspec.field(default=None, name="issued_on")
    closed: bool = False

    def take(self) -> tuple[int, str]:
        """The next number: its rank, and written in the pattern."""
        if self.closed:
            raise SeriesUnknown(self.series)
        self.last += 1
        return self.last, written(self.pattern, self.last)


def written(pattern: str, seq: int) -> str:
    """`seq` in a pattern: its one run of # becomes the number, padded with zeros to its length.

    >>> written("F2026-####", 42)
    'F2026-0042'
    """
    run = "#" * pattern.count("#")
    return pattern.replace(run, str(seq).zfill(len(run)))


def from_head(series: dict[str, Any] | None) -> dict[str, Series]:
    """The series of a head row; none for a ledger that is not opened yet."""
    return {name: msgspec.convert({"series": name, **facts}, Series) for name, facts in (series or {}).items()}
