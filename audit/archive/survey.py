"""One reading of the ledger up to the end of an archive: what its other parts need to know beforehand."""

from collections.abc import Iterable, Sequence
from copy import deepcopy
from datetime import date
from typing import Any

from audit.archive.fec import Year, year_of
from audit.archive.state import State
from audit.verifier.lines import Entry


class Survey:
    """`before` and `after`: the states around the range; `codes`: of clients, by their stream; `cards`: of
    clients by code, as last known; `posted`: first and last position that posts to each fiscal year; `first_at`:
    instant of the first entry of the range.
    """

    def __init__(self, entries: Iterable[Entry], from_pos: int, years: Sequence[Year]) -> None:
        self.before, self.after, self.years, self.first_at = State(), State(), years, ""
        self.cards: dict[str, dict[str, Any]] = {}
        self.posted: dict[Year, tuple[int, int]] = {}
        self.codes: dict[str, str] = {}
        for entry in entries:
            if entry.pos == from_pos:
                self.before, self.first_at = deepcopy(self.after), entry.at
            self._see(entry)

    def _see(self, entry: Entry) -> None:
        self.after.see(entry)
        data = entry.data
        if entry.type == "client.created":
            self.codes[entry.stream] = data["code"]
        if entry.type in ("client.created", "client.changed"):
            self.cards[self.codes[entry.stream]] = data["profile"]["card"]
        for posting in data.get("postings", ()):
            year = year_of(date.fromisoformat(posting["date"]), self.years)
            self.posted[year] = (self.posted.get(year, (entry.pos, 0))[0], entry.pos)
