"""Closings (check 9): each `period.closed` says what its entries come to, and follows the one before it."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from datetime import date, timedelta
from typing import Any, Iterator

from audit.verifier.lines import Entry
from audit.verifier.report import Report
from audit.verifier.sums import MONEY, RATE, Sums, lean

FISCAL = ("invoice.issued", "invoice.imported", *MONEY, "allocation.recorded", "allocation.reversed", "debt.doubted",
          "debt.written_off", "debt.recovered", "entry.posted")  # fmt: skip
YEARS_MAX = 200  # fiscal years of a ledger
KINDS = {"day": "journalière", "month": "mensuelle", "year": "annuelle"}
CARRIED = ("period", "from", "to", "from_pos", "to_pos", "fiscal_year")
PERPETUAL = ("perpetual_documents_cents", "perpetual_documents_absolute_cents", "perpetual_payments_cents",
             "perpetual_payments_absolute_cents")  # fmt: skip
YEARLY = ("year_documents_net_cents", "year_documents_gross_cents", "year_payments_cents")


class Day:
    """Fiscal entries that follow each other and bear the same day: closings cut between such days, nowhere else."""

    def __init__(self, day: str, pos: int) -> None:
        self.day, self.first, self.last, self.sums = day, pos, pos, Sums()


class Closings:
    """`period.closed` against the entries it counts; resumed from the closings that the archive before ended with, and
    from what its entries since came to, where the state says so.
    """

    def __init__(self, report: Report, state: dict[str, Any], start: int) -> None:
        self.report, self.start = report, start
        self.last = dict(state.get("closings") or {})  # type: dict[str, Any]
        self.days, self.firsts = [], []  # type: list[Day], list[int]
        told = state.get("open") if start else {}
        self.resumed = None  # type: dict[str, list[tuple[str, Sums]]] | None  # the latest day first
        if isinstance(told, dict):
            self.resumed = {
                kind: [(day, Sums(days[day])) for day in sorted(days, reverse=True)] for kind, days in told.items()
            }
        self.years = []  # type: list[tuple[str, str]]
        self.restarted = False
        self.counts = Counter()  # type: Counter[str]

    def see(self, entry: Entry) -> None:
        if entry.type in FISCAL:
            if not self.days or self.days[-1].day != entry.data["day"]:
                self.days.append(Day(entry.data["day"], entry.pos))
                self.firsts.append(entry.pos)
            self.days[-1].last = entry.pos
            if entry.type in MONEY or entry.type == "invoice.issued":
                self.days[-1].sums.add(entry.type, entry.data)
        elif entry.type == "period.closed":
            for wrong in self._wrong(entry):
                self.report.bad(9, f"écriture {entry.pos} : {wrong}")
            self.last[entry.data["period"]] = self.told(entry)
        elif entry.type == "fiscal_year.defined":
            others = [year for year in self.years if year[0] != entry.data["from"]]  # one not begun may be defined anew
            self.years = [*others, (entry.data["from"], entry.data["to"])][:YEARS_MAX]
        elif entry.type == "clock.declared":
            self.restarted = True

    @staticmethod
    def told(entry: Entry) -> dict[str, Any]:
        """What the next closing of the kind goes on from."""
        kept = {name: entry.data[name] for name in (*CARRIED, *PERPETUAL, *YEARLY)}
        return dict(kept, pos=entry.pos, hash=entry.head.hex())

    def close(self) -> None:
        self.report.say(9, "{} recalculées".format(self.counts["proven"] + self.counts["resumed"]))
        if self.counts["resumed"]:
            self.report.say(9, "dont {} depuis l’état repris".format(self.counts["resumed"]))
        if self.counts["taken"]:
            self.report.say(9, "{} commencées avant cette archive : repris, non prouvé".format(self.counts["taken"]))
        told = [f"{name} au {self.last[kind]['to']}" for kind, name in KINDS.items() if kind in self.last]
        if told:
            self.report.say(9, "dernières : " + ", ".join(told))

    def _wrong(self, entry: Entry) -> Iterator[str]:
        data, before = entry.data, self.last.get(entry.data["period"])
        if data.get("previous") != (before and {"hash": before["hash"], "pos": before["pos"]}):
            yield "elle ne suit pas la clôture précédente"
        yield from _mislabelled(data, before, [] if self.start else self.years)
        if data["from_pos"] != (before["to_pos"] + 1 if before else 1):
            yield "elle ne reprend pas où la précédente s’arrêtait"
            return
        if not data["from_pos"] - 1 <= data["to_pos"] < entry.pos:
            yield "elle ne compte pas des écritures d’avant elle"
            return
        yield from self._uncovered(data)
        inside = self._inside(data["from_pos"], data["to_pos"])
        if inside and (inside[0].first < data["from_pos"] or inside[-1].last > data["to_pos"]):
            yield "elle coupe un jour en deux"
        counted = [*self._resume(data), *((one.day, one.sums) for one in inside)]
        yield from self._misplaced(data, [day for day, _ in counted])
        if data["from_pos"] <= self.start and self.resumed is None:
            self.counts["taken"] += 1
            return
        self.counts["resumed" if data["from_pos"] <= self.start else "proven"] += 1
        total, year = Sums(), Sums()
        for day, sums in counted:
            total.plus(sums)
            if day >= data["fiscal_year"]["from"]:
                year.plus(sums)
        yield from _differs(data, before or {}, total, year)

    def _resume(self, data: dict[str, Any]) -> Iterator[tuple[str, Sums]]:
        """Days of before the range that this closing counts: all that is left of them, when it counts entries of it."""
        left = (self.resumed or {}).get(data["period"], [])
        while left and data["from_pos"] <= self.start and (data["to_pos"] >= self.start or left[-1][0] <= data["to"]):
            yield left.pop()

    def _inside(self, first: int, last: int) -> list[Day]:
        """The days of which an entry stands between two positions, both included."""
        at = max(bisect_right(self.firsts, first) - 1, 0)
        found = self.days[at : bisect_right(self.firsts, last)]
        return found[1:] if found and found[0].last < first else found

    def _misplaced(self, data: dict[str, Any], days: list[str]) -> Iterator[str]:
        """What is counted is of these days, and all of it is: the next day that follows is a later one."""
        following = self.days[bisect_right(self.firsts, data["to_pos"]) :][:1]
        whole = {"day": {data["to"]}}.get(data["period"])
        if self.restarted:
            return
        if any(not data["from"] <= day <= data["to"] for day in days) or (whole and days and set(days) != whole):
            yield "elle compte des écritures d’autres jours que les siens"
        if following and following[0].day <= data["to"]:
            yield "elle ne compte pas toutes les écritures de ses jours"

    def _uncovered(self, data: dict[str, Any]) -> Iterator[str]:
        """Days are closed before their month, months before their fiscal year."""
        shorter = self.last.get({"month": "day", "year": "month"}.get(data["period"], ""))
        if data["period"] == "month":
            closed = shorter["to_pos"] if shorter else self.start
            if self._inside(closed + 1, data["to_pos"]):
                yield "la clôture d’un jour qu’elle compte manque"
        elif data["period"] == "year":
            following = date.fromisoformat(shorter["to"]) + timedelta(1) if shorter else _date(data["from"])
            if _month_end(following) <= _date(data["to"]):
                yield "la clôture d’un mois qu’elle compte manque"


def _mislabelled(data: dict[str, Any], before: dict[str, Any] | None, years: list[tuple[str, str]]) -> Iterator[str]:
    """The days that a closing names; `years`: every fiscal year defined so far, none when that is not known."""
    first, last, year = _date(data["from"]), _date(data["to"]), data["fiscal_year"]
    expected = {"day": first, "month": _month_end(first), "year": _date(year["to"])}[data["period"]]
    if last != expected or (data["period"] == "month" and first.day != 1):
        yield "ses jours ne sont pas ceux d’une période"
    if before and data["period"] != "day" and first != _date(before["to"]) + timedelta(1):
        yield "ses jours ne suivent pas ceux de la clôture précédente"
    holding = next((one for one in years if one[0] <= data["to"] <= one[1]), None)
    calendar = ("{}-01-01".format(data["to"][:4]), "{}-12-31".format(data["to"][:4]))
    found = (year["from"], year["to"])
    if not found[0] <= data["to"] <= found[1] or (years and found != (holding or calendar)):
        yield "son exercice n’est pas celui de ses jours"


def _differs(data: dict[str, Any], before: dict[str, Any], total: Sums, year: Sums) -> Iterator[str]:
    told, found = _told(data), total.parts()
    if not total.complete:  # what a state of bare cents says nothing of
        for part, names in (("documents", ("series", "debit_notes_cents")), ("payments", ("methods",))):
            for name in names:
                told[part].pop(name, None)
                found[part].pop(name, None)
        told["vat"] = found["vat"]
    for part, name in (("documents", "documents"), ("payments", "règlements"), ("vat", "taxes")):
        if told[part] != found[part]:
            yield f"les totaux des {name} ne sont pas ceux des écritures"
    added = (total.cents["gross_cents"], total.cents["absolute"], total.paid, total.moved)
    if any(data[name] != before.get(name, 0) + cents for name, cents in zip(PERPETUAL, added)):
        yield "les totaux perpétuels ne suivent pas ceux de la clôture précédente"
    same = before if before.get("fiscal_year") == data["fiscal_year"] else {}
    added_year = (year.cents["net_cents"], year.cents["gross_cents"], year.paid)
    if any(data[name] != same.get(name, 0) + cents for name, cents in zip(YEARLY, added_year)):
        yield "les totaux de l’exercice ne suivent pas ceux de la clôture précédente"


def _told(data: dict[str, Any]) -> dict[str, Any]:
    vat = [dict(RATE, **one) for one in data.get("vat", ())]
    return {"documents": lean(data.get("documents", {})), "payments": lean(data.get("payments", {})), "vat": vat}


def _date(text: str) -> date:
    return date.fromisoformat(text)


def _month_end(day: date) -> date:
    return (day.replace(day=1) + timedelta(31)).replace(day=1) - timedelta(1)
