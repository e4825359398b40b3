"""Closings, postings and what clients owe (checks 9 and 10)."""

from __future__ import annotations

from collections import Counter
from typing import Any, Iterator

from audit.verifier.lines import Entry
from audit.verifier.report import Report

MONEY = {
    "payment.recorded": "received_cents",
    "payment.reversed": "reversed_cents",
    "refund.recorded": "refunded_cents",
}
CARRIED = ("period", "from", "to", "from_pos", "to_pos", "fiscal_year")
PERPETUAL = ("perpetual_documents_cents", "perpetual_documents_absolute_cents", "perpetual_payments_cents",
             "perpetual_payments_absolute_cents")  # fmt: skip
YEARLY = ("year_documents_net_cents", "year_documents_gross_cents", "year_payments_cents")


class Sums:
    """What fiscal entries come to, in the names of `period.closed`."""

    def __init__(self) -> None:
        self.cents = Counter()  # type: Counter[str]

    def add(self, type_: str, data: dict[str, Any]) -> None:
        if type_ == "invoice.issued":
            apart = data.get("disbursements_cents", 0)
            self.cents.update(count=1, disbursements_cents=apart)
            if data["kind"] != "debit_note":
                net, gross = data["net_cents"] - apart, data["gross_cents"] - apart
                self.cents.update(net_cents=net, vat_cents=data["vat_cents"], gross_cents=gross, absolute=abs(gross))
                self.cents.update(credited_gross_cents=-gross if data["kind"] == "credit_note" else 0)
        else:
            self.cents.update({"payments": 1, MONEY[type_]: data["amount_cents"]})

    def documents(self) -> dict[str, int]:
        names = ("count", "net_cents", "vat_cents", "gross_cents", "credited_gross_cents", "disbursements_cents")
        return {name: self.cents[name] for name in names}

    def payments(self) -> dict[str, int]:
        told = {name: self.cents[name] for name in MONEY.values()}
        return dict(told, count=self.cents["payments"])

    @property
    def paid(self) -> int:
        return self.cents["received_cents"] - self.cents["reversed_cents"] - self.cents["refunded_cents"]

    @property
    def moved(self) -> int:
        return sum(self.cents[name] for name in MONEY.values())


class Closings:
    """`period.closed` against the entries it counts; resumed from the closings that the archive before ended with."""

    def __init__(self, report: Report, state: dict[str, Any], start: int) -> None:
        self.report, self.start = report, start
        self.last = dict(state.get("closings") or {})  # type: dict[str, Any]
        self.fiscal = []  # type: list[tuple[int, str, str, dict[str, Any]]]
        self.checked = 0

    def see(self, entry: Entry) -> None:
        if entry.type in MONEY or entry.type == "invoice.issued":
            self.fiscal.append((entry.pos, entry.type, entry.data["day"], _slim(entry)))
        elif entry.type == "period.closed":
            for wrong in self._wrong(entry):
                self.report.bad(9, f"écriture {entry.pos} : {wrong}")
            self.last[entry.data["period"]] = self.told(entry)

    @staticmethod
    def told(entry: Entry) -> dict[str, Any]:
        """What the next closing of the kind goes on from."""
        kept = {name: entry.data[name] for name in (*CARRIED, *PERPETUAL, *YEARLY)}
        return dict(kept, pos=entry.pos, hash=entry.head.hex())

    def _wrong(self, entry: Entry) -> Iterator[str]:
        data, before = entry.data, self.last.get(entry.data["period"])
        if data.get("previous") != (before and {"hash": before["hash"], "pos": before["pos"]}):
            yield "elle ne suit pas la clôture précédente"
        if data["from_pos"] != (before["to_pos"] + 1 if before else 1):
            yield "elle ne reprend pas où la précédente s’arrêtait"
        if data["from_pos"] <= self.start:
            return  # counts entries of an earlier archive: taken over, not proven
        self.checked += 1
        counted = [one for one in self.fiscal if data["from_pos"] <= one[0] <= data["to_pos"]]
        total, year = Sums(), Sums()
        for _, type_, day, facts in counted:
            total.add(type_, facts)
            if day >= data["fiscal_year"]["from"]:
                year.add(type_, facts)
        yield from self._compare(data, before or {}, total, year)

    def _compare(self, data: dict[str, Any], before: dict[str, Any], total: Sums, year: Sums) -> Iterator[str]:
        for name, told, found in (
            ("documents", data.get("documents") or {}, total.documents()),
            ("règlements", data.get("payments") or {}, total.payments()),
        ):
            if any(told.get(key, 0) != value for key, value in found.items()):
                yield f"les totaux des {name} ne sont pas ceux des écritures"
        added = (total.cents["gross_cents"], total.cents["absolute"], total.paid, total.moved)
        if any(data[name] != before.get(name, 0) + cents for name, cents in zip(PERPETUAL, added)):
            yield "les totaux perpétuels ne suivent pas ceux de la clôture précédente"
        same = before if before.get("fiscal_year") == data["fiscal_year"] else {}
        added_year = (year.cents["net_cents"], year.cents["gross_cents"], year.paid)
        if any(data[name] != same.get(name, 0) + cents for name, cents in zip(YEARLY, added_year)):
            yield "les totaux de l’exercice ne suivent pas ceux de la clôture précédente"


def _slim(entry: Entry) -> dict[str, Any]:
    names = ("kind", "net_cents", "vat_cents", "gross_cents", "disbursements_cents", "amount_cents")
    return {name: entry.data[name] for name in names if name in entry.data}


class Clients:
    """Each accounting entry balanced, and the clients' accounts (411, 416) moved as the event says."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.payments = {}  # type: dict[str, int]
        self.owed = 0

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
        expected = self._expected(entry)
        if expected is not None and expected != moved:
            self.report.bad(10, f"écriture {entry.pos} : le compte client ne bouge pas comme l’événement le dit")
        self.owed += moved

    def _expected(self, entry: Entry) -> int | None:
        """What the event changes in what clients owe, in cents; None when it does not say, or is of no such kind."""
        data = entry.data
        settled = sum(one["settled_cents"] for one in data.get("allocations", ()))
        if entry.type in ("invoice.issued", "refund.recorded"):
            return int(data.get("gross_cents", data.get("amount_cents")))
        if entry.type == "payment.recorded":
            self.payments[entry.stream] = settled + data.get("unallocated_cents", 0)
            return -self.payments[entry.stream]
        if entry.type == "payment.reversed":
            return self.payments.get(entry.stream)
        if entry.type in ("debt.written_off", "debt.recovered"):
            return int(-settled)
        return 0 if entry.type in ("allocation.recorded", "allocation.reversed", "debt.doubted") else None
