"""Series of numbers, as the head row knows them."""

from datetime import date
from typing import Any

import msgspec


class Series(msgspec.Struct):
    """One series: the kinds it numbers, its pattern, the last number given and the date of its document."""

    series: str
    kinds: tuple[str, ...]
    pattern: str
    last: int
    last_issued_on: date | None = msgspec.field(default=None, name="issued_on")
    closed: bool = False


def from_head(series: dict[str, Any] | None) -> dict[str, Series]:
    """The series of a head row; none for a ledger that is not opened yet."""
    return {name: msgspec.convert({"series": name, **facts}, Series) for name, facts in (series or {}).items()}
