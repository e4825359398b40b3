"""One reading of the ledger up to the end of an archive: what its other parts need to know beforehand."""

from collections.abc import Iterable, Sequence
from typing import Any

from audit.archive.fec import Year
from audit.verifier.lines import Entry
from audit.verifier.resume import State


class Survey:
    """`before` and `after`: the states around the range; `cards`: of clients by code, as last known; `documents`:
    number and type by stream; `posted`: first and last position that posts to each fiscal year.
    """

    def __init__(self, entries: Iterable[Entry], from_pos: int, years: Sequence[Year]) -> None:
        self.state, self.years = State(), years
        self.before: dict[str, Any] = self.state.value()
        self.cards: dict[str, dict[str, Any]] = {}
        self.documents: dict[str, tuple[str, str]] = {}
        self.posted: dict[Year, tuple[int, int]] = {}
        self._codes: dict[str, str] = {}
        for entry in entries:
            if entry.pos == from_pos:
                self.before = State(self.state.value()).value()  # a copy
            self._see(entry)
        self.after = self.state.value()

    def _see(self, entry: Entry) -> None:
        self.state.see(entry)
        data = entry.data
        if entry.type == "client.created":
            self._codes[entry.stream] = data["code"]
        if entry.type in ("client.created", "client.changed"):
            self.cards[self._codes[entry.stream]] = data["profile"]["card"]
        elif entry.type in ("invoice.issued", "quote.sent"):
            self.documents[entry.stream] = (data["number"], entry.type)
        for posting in data.get("postings", ()):
            for year in self.years:
                if year.holds(posting["date"]):
                    self.posted[year] = (self.posted.get(year, (entry.pos, 0))[0], entry.pos)
