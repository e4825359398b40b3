"""What a period came to, from its fiscal events: the arithmetic of closings, and of `probant total`.

Totals as in `events.md`: documents with their sign, net and gross, debit notes and disbursements apart; payments less
reversals and refunds; allocations and discounts are no payments. Cents.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from domain.closing import Closing, Documents, MethodTotal, Payments, PeriodKind, Previous, SeriesTotal, Span, VatTotal
from domain.invoice import Invoice
from domain.lines import Category
from domain.payment import Method, Payment, Refund

Rate = tuple[str, str, int, Category]
COUNTED = (Invoice.Issued.TOPIC, Payment.Created.TOPIC, Payment.Reversed.TOPIC, Refund.Created.TOPIC)


@dataclass
class Totals:
    """Adds up events of a period; in any order, but for `series`, which wants that of the ledger."""

    documents: Counter[str] = field(default_factory=Counter)
    payments: Counter[str] = field(default_factory=Counter)
    methods: Counter[Method] = field(default_factory=Counter)
    base: Counter[Rate] = field(default_factory=Counter)
    vat: Counter[Rate] = field(default_factory=Counter)
    absolute_cents: int = 0
    series: dict[str, SeriesTotal] = field(default_factory=dict)

    @classmethod
    def of(cls, events: Iterable[Any]) -> "Totals":
        """Of the fiscal events given; those that are neither documents nor money count for nothing."""
        totals = cls()
        for event in events:
            totals.add(event)
        return totals

    def add(self, event: Any) -> None:
        match event:
            case Invoice.Issued():
                self._document(event)
            case Payment.Created():
                self._money("received_cents", event.method, event.amount_cents, 1)
            case Payment.Reversed():
                self._money("reversed_cents", event.method, event.amount_cents, -1)
            case Refund.Created():
                self._money("refunded_cents", event.method, event.amount_cents, -1)

    def documents_fact(self) -> Documents:
        return Documents(series=tuple(self.series[name] for name in sorted(self.series)), **self.documents)

    def payments_fact(self) -> Payments:
        methods = tuple(MethodTotal(method=m, amount_cents=cents) for m, cents in sorted(self.methods.items()))
        return Payments(methods=methods, **self.payments)

    def vat_facts(self) -> tuple[VatTotal, ...]:
        return tuple(
            VatTotal(country=rate[0], territory=rate[1], rate_bp=rate[2], category=rate[3], base_cents=self.base[rate],
                     vat_cents=self.vat[rate])
            for rate in sorted(self.base)
        )  # fmt: skip

    def _document(self, event: Invoice.Issued) -> None:
        self._number(event)
        apart = event.disbursements_cents
        net, gross = event.net_cents - apart, event.gross_cents - apart
        self.documents.update(count=1, disbursements_cents=apart)
        if event.kind == "debit_note":
            self.documents.update(debit_notes_cents=event.gross_cents)
            return
        self.documents.update(net_cents=net, vat_cents=event.vat_cents, gross_cents=gross)
        self.documents.update(credited_gross_cents=-gross if event.kind == "credit_note" else 0)
        self.absolute_cents += abs(gross)
        for group in event.vat:
            rate = (group.country, group.territory, group.rate_bp, group.category)
            self.base[rate] += group.base_cents
            self.vat[rate] += group.vat_cents

    def _number(self, event: Invoice.Issued) -> None:
        known = self.series.get(event.series)
        self.series[event.series] = SeriesTotal(
            series=event.series,
            first=known.first if known else event.number,
            last=event.number,
            count=known.count + 1 if known else 1,
        )

    def _money(self, kind: str, method: Method, cents: int, sign: int) -> None:
        self.payments.update({"count": 1, kind: cents})
        self.methods[method] += sign * cents


@dataclass(frozen=True)
class Bounds:
    """What a closing counts: days are labels, positions decide."""

    period: PeriodKind
    from_: date
    to: date
    from_pos: int
    to_pos: int
    fiscal_year: Span


def facts(
    bounds: Bounds, events: Iterable[Any], before: Closing.Created | None, previous: Previous | None
) -> dict[str, Any]:
    """Every field of `period.closed`; `before` = the closing of that kind before it, at `previous`."""
    counted = list(events)
    period, year = Totals.of(counted), Totals.of(e for e in counted if e.day >= bounds.fiscal_year.from_)
    documents, payments = period.documents_fact(), period.payments_fact()
    year_facts = {
        "year_documents_net_cents": year.documents["net_cents"],
        "year_documents_gross_cents": year.documents["gross_cents"],
        "year_payments_cents": year.payments_fact().net_cents,
    }
    perpetual_facts = {
        "perpetual_documents_cents": documents.gross_cents,
        "perpetual_documents_absolute_cents": period.absolute_cents,
        "perpetual_payments_cents": payments.net_cents,
        "perpetual_payments_absolute_cents": payments.absolute_cents,
    }
    same_year = before if before and before.fiscal_year == bounds.fiscal_year else None
    return {
        **{name: getattr(bounds, name) for name in ("period", "from_", "to", "from_pos", "to_pos", "fiscal_year")},
        "documents": documents,
        "payments": payments,
        "vat": period.vat_facts(),
        **_on_top(year_facts, same_year),
        **_on_top(perpetual_facts, before),
        "previous": previous,
    }


def _on_top(cents: dict[str, int], before: Closing.Created | None) -> dict[str, int]:
    return {name: amount + getattr(before, name, 0) for name, amount in cents.items()}
