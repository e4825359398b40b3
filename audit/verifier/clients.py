"""Each accounting entry balanced, and the clients' accounts (411, 416) moved as the event says (check 10)."""

from __future__ import annotations

from typing import Any

from audit.verifier.lines import Entry
from audit.verifier.report import Report


class Clients:
    """Entries are shown to it as they pass."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.payments = {}  # type: dict[str, int]
        self.earlier = 0

    def see(self, entry: Entry) -> None:
        moved = 0
        for posting in entry.data.get("postings", ()):
            sides = [(line.get("debit_cents", 0), line.get("credit_cents", 0)) for line in posting["lines"]]
            if sum(debit - credit for debit, credit in sides) or any(
                min(s) < 0 or bool(s[0]) == bool(s[1]) for s in sides
            ):
                self.report.bad(10, f"écriture {entry.pos} : son écriture comptable n’est pas équilibrée")
            moved += sum(
                line.get("debit_cents", 0) - line.get("credit_cents", 0)
                for line in posting["lines"]
                if line["account"].startswith(("411", "416"))
            )
        least, most = self._expected(entry, moved)
        if not least <= moved <= most:
            self.report.bad(10, f"écriture {entry.pos} : le compte client ne bouge pas comme l’événement le dit")

    def close(self) -> None:
        if self.earlier:
            self.report.say(10, f"{self.earlier} annulations de règlements antérieurs : repris, non prouvé")

    def _expected(self, entry: Entry, moved: int) -> tuple[int, int]:
        """What the event changes in what clients owe, in cents: at least, at most. Any, when it is of no such kind."""
        data = entry.data
        settled = sum(one["settled_cents"] for one in data.get("allocations", ()))
        if entry.type in ("invoice.issued", "refund.recorded"):
            exactly = int(data.get("gross_cents", data.get("amount_cents")))
        elif entry.type == "payment.recorded":
            exactly = -settled - data.get("unallocated_cents", 0)
            if data.get("unallocated_cents", 0) or data.get("others"):
                self.payments[entry.stream] = -exactly
        elif entry.type == "payment.reversed":
            return self._reversed(entry.stream, data, settled)
        elif entry.type in ("debt.written_off", "debt.recovered"):
            exactly = int(-settled)
        elif entry.type in ("allocation.recorded", "allocation.reversed", "debt.doubted"):
            exactly = 0
        else:
            exactly = moved
        return exactly, exactly

    def _reversed(self, stream: str, data: dict[str, Any], settled: int) -> tuple[int, int]:
        """What it settled comes back, and what was not allocated: how much of the rest that was, its payment says."""
        if stream in self.payments:
            return self.payments[stream], self.payments[stream]
        lost = sum(x["amount_cents"] for one in data["allocations"] for x in one.get("adjustments", ()))
        rest = data["amount_cents"] + settled - lost
        self.earlier += rest != 0
        return -settled, -settled + rest
