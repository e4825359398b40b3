"""Recording closings: the totals of a day, a month or a fiscal year, each chained to the one before it.

A closing counts by position, never by a date of a document: what is counted once stays counted once, whenever the
closing is made. It hinders nothing; the accounting closing (`books.closed`) is another thing.
Source: CGI art. 286 I 3° bis; BOI-TVA-DECLA-30-10-30 § 170 (2026-03-25); `events.md`, « Two closings, two clocks ».
"""

from datetime import date
from typing import Any, Literal, Self
from uuid import UUID, uuid5

import msgspec

from domain.aggregate import Aggregate
from domain.lines import Category
from domain.parties import Fact
from domain.payment import Method

PeriodKind = Literal["day", "month", "year"]


class Span(Fact, kw_only=True):
    """Two days, both included."""

    from_: date = msgspec.field(name="from")
    to: date


class SeriesTotal(Fact, kw_only=True):
    """The numbers that a series gave in the period."""

    series: str
    first: str
    last: str
    count: int


class Documents(Fact):
    """What was invoiced: credit notes deducted; debit notes and disbursements apart.

    `credited_gross_cents` = what the credit notes came to, above 0.
    """

    count: int = 0
    net_cents: int = 0
    vat_cents: int = 0
    gross_cents: int = 0
    credited_gross_cents: int = 0
    disbursements_cents: int = 0
    debit_notes_cents: int = 0
    series: tuple[SeriesTotal, ...] = ()


class MethodTotal(Fact, kw_only=True):
    """What came in by one means of payment, less what was reversed and refunded."""

    method: Method
    amount_cents: int


class Payments(Fact):
    """Money that moved; allocations, discounts and losses are none. `count` = entries of all three kinds."""

    count: int = 0
    received_cents: int = 0
    reversed_cents: int = 0
    refunded_cents: int = 0
    methods: tuple[MethodTotal, ...] = ()

    @property
    def net_cents(self) -> int:
        return self.received_cents - self.reversed_cents - self.refunded_cents

    @property
    def absolute_cents(self) -> int:
        return self.received_cents + self.reversed_cents + self.refunded_cents


class VatTotal(Fact, kw_only=True):
    """What was invoiced at one rate."""

    country: str = "FR"
    territory: str = "FR"
    rate_bp: int
    category: Category
    base_cents: int
    vat_cents: int


class Previous(Fact, kw_only=True):
    """The closing of the same kind before this one: its entry's position and hash."""

    pos: int
    hash: str


class Closing(Aggregate):
    """One closing, a stream of its own; its id follows from company, kind and first day, so that it is made once."""

    TOPIC = "closing"

    class Created(Aggregate.Created):
        """`year_*` restart with the fiscal year; `perpetual_*` never do. Counted: positions `from_pos` to `to_pos`."""

        TOPIC = "period.closed"
        period: PeriodKind
        from_: date
        to: date
        from_pos: int
        to_pos: int
        fiscal_year: Span
        documents: Documents
        payments: Payments
        vat: tuple[VatTotal, ...]
        year_documents_net_cents: int
        year_documents_gross_cents: int
        year_payments_cents: int
        perpetual_documents_cents: int
        perpetual_documents_absolute_cents: int
        perpetual_payments_cents: int
        perpetual_payments_absolute_cents: int
        previous: Previous | None = None

        def apply(self, aggregate: "Closing") -> None:
            aggregate.closed = self

    def __init__(self) -> None:
        self.closed: Closing.Created

    @classmethod
    def close(cls, company_id: UUID, facts: dict[str, Any]) -> Self:
        """`facts` are those of `period_totals.facts`."""
        return cls._begin(closing_id(company_id, facts["period"], facts["from_"]), **facts)


def closing_id(company_id: UUID, period: PeriodKind, from_: date) -> UUID:
    return uuid5(company_id, f"closing {period} {from_.isoformat()}")
