"""Money that came in or went out. Each is a stream of its own; invoices are settled by them.

`events.md` gives the fields; the arithmetic is in `settlement.py`, the accounting in `postings.py`.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Self
from uuid import UUID

from domain.aggregate import Aggregate
from domain.errors import DomainError
from domain.lines import Allocation, Fees, Other, Posting, TaxDue
from domain.parties import Fact, Text

Method = Literal["transfer", "card", "cheque", "cash", "direct_debit", "bill", "other"]
Cause = Literal["error", "bounced", "chargeback"]


@dataclass(eq=False)
class AlreadyReversed(DomainError):
    """A payment or an allocation is undone once."""

    id: UUID


class Source(Fact):
    """Where a refund or an allocation takes its money from: what is left of a payment or of a credit note."""

    kind: Literal["payment", "credit_note"]
    id: UUID
    amount_cents: int = 0


class Payment(Aggregate):
    """A receipt of money. `amount_cents` is the debt it clears, before fees."""

    TOPIC = "payment"

    class Created(Aggregate.Created):
        TOPIC = "payment.recorded"
        day: date
        client_id: UUID
        method: Method
        received_on: date
        vat_on: date
        amount_cents: int
        account: str
        unallocated_cents: int
        allocations: tuple[Allocation, ...]
        postings: tuple[Posting, ...]
        tax_due: tuple[TaxDue, ...]
        credited_on: date | None = None
        fees: Fees | None = None
        reference: Text = ""
        others: tuple[Other, ...] = ()

        def apply(self, aggregate: "Payment") -> None:
            aggregate.recorded = self

    class Reversed(Aggregate.Event):
        """The payment undone: entered by mistake, bounced, or charged back. Carries again what it undoes."""

        TOPIC = "payment.reversed"
        day: date
        payment_id: UUID
        cause: Cause
        reversed_on: date
        vat_on: date
        client_id: UUID
        method: Method
        amount_cents: int
        allocations: tuple[Allocation, ...]
        postings: tuple[Posting, ...]
        tax_due: tuple[TaxDue, ...]

        def apply(self, aggregate: "Payment") -> None:
            aggregate.reversed = True

    def __init__(self) -> None:
        self.recorded: Payment.Created
        self.reversed = False

    @classmethod
    def record(cls, id: UUID, **facts: Any) -> Self:
        return cls._begin(id, **facts)

    def reverse(self, **facts: Any) -> None:
        self.check_standing()
        paid = self.recorded
        self.trigger_event(
            self.Reversed,
            payment_id=self.id,
            client_id=paid.client_id,
            method=paid.method,
            amount_cents=paid.amount_cents,
            **facts,
        )

    def check_standing(self) -> None:
        if self.reversed:
            raise AlreadyReversed(self.id)


class Refund(Aggregate):
    """Money given back to a client, out of what is left of payments and credit notes."""

    TOPIC = "refund"

    class Created(Aggregate.Created):
        TOPIC = "refund.recorded"
        day: date
        client_id: UUID
        method: Method
        paid_on: date
        amount_cents: int
        account: str
        sources: tuple[Source, ...]
        postings: tuple[Posting, ...]
        tax_due: tuple[TaxDue, ...]
        reference: Text = ""

        def apply(self, aggregate: "Refund") -> None:
            aggregate.recorded = self

    def __init__(self) -> None:
        self.recorded: Refund.Created

    @classmethod
    def record(cls, id: UUID, **facts: Any) -> Self:
        return cls._begin(id, **facts)
