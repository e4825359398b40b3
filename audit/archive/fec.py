"""The file of accounting entries (FEC): 18 fields, tab-separated, out of the postings that the events carry.

Source: LPF art. A47 A-1; `events.md`, « FEC ». One file a fiscal year; in `sales` keeping it is not a FEC, and says so.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from audit.verifier.files import FEC_HEAD
from audit.verifier.lines import Entry
from domain import accounts

JOURNALS = {"VE": "Ventes", "BQ": "Banque", "CA": "Caisse", "OD": "Opérations diverses", "AN": "À nouveaux"}


class Year(NamedTuple):
    """A fiscal year, both days included."""

    first: date
    last: date

    def holds(self, day: str) -> bool:
        return self.first.isoformat() <= day <= self.last.isoformat()


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
