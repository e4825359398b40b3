"""`registre/plage.json`: which positions an archive holds, the days that chose them, the ledger's offsets from UTC."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from audit.archive.source import Span

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


def facts(span: Span, accounts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """`accounts` = the accounting files."""
    told = {
        "from_pos": span.from_pos, "to_pos": span.to_pos, "instants": [span.since, span.until], "accounts": accounts,
        "offsets": [{"from": at, "minutes": minutes} for at, minutes in offsets(span)],
    }  # fmt: skip
    return told | ({"provisional": True} if span.provisional else {})


def offsets(span: Span) -> Iterator[tuple[datetime, int]]:
    """Each offset of the ledger's time zone in these days, in minutes, and the instant (UTC) from which it counts."""
    zone, at = ZoneInfo(span.time_zone), span.since
    yield at, _minutes(at, zone)
    while at < span.until:
        later = min(at + DAY, span.until)
        if _minutes(later, zone) != _minutes(at, zone):
            yield _change(at, later, zone), _minutes(later, zone)
        at = later


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The second in which the offset changes between two instants."""
    old = _minutes(before, zone)
    while after - before > SECOND:
        middle = before + (after - before) // SECOND // 2 * SECOND
        before, after = (middle, after) if _minutes(middle, zone) == old else (before, middle)
    return after


def _minutes(at: datetime, zone: ZoneInfo) -> int:
    return int((at.astimezone(zone).utcoffset() or timedelta()).total_seconds() // 60)
