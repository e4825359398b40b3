"""The file of accounting entries (FEC): 18 fields, tab-separated, out of the postings that the events carry.

Source: LPF art. A47 A-1; `events.md`, « FEC ». One file a fiscal year; in `sales` keeping it is not a FEC, and says so.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from audit.verifier.books import FEC_HEAD
from audit.verifier.lines import Entry
from domain import accounts, fiscal_years

JOURNALS = {"VE": "Ventes", "BQ": "Banque", "CA": "Caisse", "OD": "Opérations diverses", "AN": "À nouveaux"}


class Year(NamedTuple):
    """A fiscal year, both days included."""

    first: date
    last: date

    def holds(self, day: str) -> bool:
        return self.first.isoformat() <= day <= self.last.isoformat()


def year_of(day: date, years: Sequence[Year]) -> Year:
    """The fiscal year of a day: as defined or as it will be, else what the others leave of the calendar year.

    >>> year_of(date(2026, 2, 3), [Year(date(2026, 4, 1), date(2027, 3, 31))])
    Year(first=datetime.date(2026, 1, 1), last=datetime.date(2026, 3, 31))
    """
    for first, last in (*years, *fiscal_years.due(years, day)):
        if first <= day <= last:
            return Year(first, last)
    return Year(
        date(day.year, 1, 1), min([date(day.year, 12, 31), *(year.first - timedelta(days=1) for year in years)])
    )


def file_name(siren: str, keeping: str, year: Year) -> str:
    """As the law wants it of a FEC (`full` keeping); another name for what is none."""
    kind = f"FEC{year.last:%Y%m%d}" if keeping == "full" else f"_ecritures_{year.last:%Y%m}"
    return f"{siren or '0' * 9}{kind}.txt"


def rows(entries: Iterable[Entry], year: Year, zone: str, names: dict[str, str]) -> Iterator[str]:
    """The lines of the file, each with its CR LF; `names` = of clients, by their code (`aux`)."""
    yield "\t".join(FEC_HEAD) + "\r\n"
    numbers: Counter[str] = Counter()
    for entry in entries:
        valid = datetime.fromisoformat(entry.at).astimezone(ZoneInfo(zone)).strftime("%Y%m%d")
        for posting in entry.data.get("postings", ()):
            if year.holds(posting["date"]):
                numbers[posting["journal"]] += 1
                number = f"{posting['journal']}{numbers[posting['journal']]:06d}"
                for line in posting["lines"]:
                    yield _row(posting, line, number, valid, names)


def _row(posting: dict[str, Any], line: dict[str, Any], number: str, valid: str, names: dict[str, str]) -> str:
    aux = line.get("aux", "")
    fields = (
        posting["journal"], JOURNALS[posting["journal"]], number, _day(posting["date"]), line["account"],
        accounts.name(line["account"]), aux, names.get(aux, "Tiers effacé") if aux else "", posting["piece"],
        _day(posting["piece_on"]), posting["label"], _euros(line.get("debit_cents", 0)),
        _euros(line.get("credit_cents", 0)), "", "", valid, "", "",
    )  # fmt: skip
    return "\t".join(" ".join(field.split()) for field in fields) + "\r\n"


def _day(iso: str) -> str:
    return iso.replace("-", "")


def _euros(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}"
