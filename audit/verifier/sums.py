"""What fiscal entries come to, in the names of `period.closed` (check 9)."""

from __future__ import annotations

from collections import Counter
from typing import Any

MONEY = {
    "payment.recorded": "received_cents",
    "payment.reversed": "reversed_cents",
    "refund.recorded": "refunded_cents",
}
DOCUMENTS = ("count", "net_cents", "vat_cents", "gross_cents", "credited_gross_cents", "disbursements_cents",
             "debit_notes_cents")  # fmt: skip
RATE = (("country", "FR"), ("territory", "FR"), ("rate_bp", 0), ("category", ""))


class Sums:
    """What fiscal entries come to, in the names of `period.closed`; `known`: those of `state`, to go on from. Bare
    cents, without the three other keys, are taken as well: VAT, means of payment and series are then not `complete`.
    """

    def __init__(self, known: dict[str, Any] | None = None) -> None:
        told = dict(known or {})
        self.complete = known is None or "vat" in told
        self.vat = {tuple(one[:4]): list(one[4:]) for one in told.pop("vat", ())}  # type: dict[tuple[Any, ...], Any]
        self.methods = Counter(told.pop("methods", {}))  # type: Counter[str]
        self.series = {name: list(one) for name, one in told.pop("series", {}).items()}  # type: dict[str, list[Any]]
        self.cents = Counter(told)  # type: Counter[str]

    def add(self, type_: str, data: dict[str, Any]) -> None:
        """A document or money, in the order of the ledger."""
        if type_ in MONEY:
            self.cents.update({"payments": 1, MONEY[type_]: data["amount_cents"]})
            self.methods[data["method"]] += data["amount_cents"] * (1 if type_ == "payment.recorded" else -1)
            return
        apart = data.get("disbursements_cents", 0)
        self.cents.update(count=1, disbursements_cents=apart)
        numbers = self.series.setdefault(data["series"], [data["number"], "", 0])
        numbers[1:] = [data["number"], numbers[2] + 1]
        if data["kind"] == "debit_note":
            self.cents.update(debit_notes_cents=data["gross_cents"])
            return
        net, gross = data["net_cents"] - apart, data["gross_cents"] - apart
        self.cents.update(net_cents=net, vat_cents=data["vat_cents"], gross_cents=gross, absolute=abs(gross))
        self.cents.update(credited_gross_cents=-gross if data["kind"] == "credit_note" else 0)
        for group in data["vat"]:
            self._tax(tuple(group.get(*name) for name in RATE), group["base_cents"], group["vat_cents"])

    def plus(self, later: Sums) -> None:
        """Adds what came after."""
        self.complete = self.complete and later.complete
        self.cents.update(later.cents)
        self.methods.update(later.methods)
        for rate, (base, vat) in later.vat.items():
            self._tax(rate, base, vat)
        for name, (first, last, count) in later.series.items():
            numbers = self.series.setdefault(name, [first, "", 0])
            numbers[1:] = [last, numbers[2] + count]

    def state(self) -> dict[str, Any]:
        """What `Sums` goes on from, as JSON."""
        cents = {name: value for name, value in self.cents.items() if value}
        vat = [[*rate, *amounts] for rate, amounts in sorted(self.vat.items())]
        return dict(cents, vat=vat, methods=dict(self.methods), series=self.series)

    def parts(self) -> dict[str, Any]:
        """`documents`, `payments` and `vat` of a closing, without what is nothing."""
        documents = {name: self.cents[name] for name in DOCUMENTS}  # type: dict[str, Any]
        documents["series"] = [
            {"series": name, "first": first, "last": last, "count": count}
            for name, (first, last, count) in sorted(self.series.items())
        ]
        payments = {name: self.cents[name] for name in MONEY.values()}  # type: dict[str, Any]
        payments["count"] = self.cents["payments"]
        payments["methods"] = [{"method": m, "amount_cents": cents} for m, cents in sorted(self.methods.items())]
        names = [name for name, _ in RATE]
        vat = [dict(zip(names, rate), base_cents=base, vat_cents=tax) for rate, (base, tax) in sorted(self.vat.items())]
        return {"documents": lean(documents), "payments": lean(payments), "vat": vat}

    @property
    def paid(self) -> int:
        return self.cents["received_cents"] - self.cents["reversed_cents"] - self.cents["refunded_cents"]

    @property
    def moved(self) -> int:
        return sum(self.cents[name] for name in MONEY.values())

    def _tax(self, rate: tuple[Any, ...], base: int, vat: int) -> None:
        known = self.vat.setdefault(rate, [0, 0])
        known[:] = [known[0] + base, known[1] + vat]


def lean(facts: dict[str, Any]) -> dict[str, Any]:
    """Without what is nothing: 0, empty."""
    return {name: value for name, value in facts.items() if value}
