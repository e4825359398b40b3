"""A debt that is no longer sure."""

from datetime import date
from typing import Any, Self
from uuid import UUID

from domain.aggregate import Aggregate
from domain.lines import Allocation, Posting, TaxDue, VatShare
from domain.parties import Text


class Debt(Aggregate):
    """A debt that is no longer sure: doubted, written off, recovered after all. One stream per invoice."""

    TOPIC = "debt"

    class Created(Aggregate.Created):
        TOPIC = "debt.doubted"
        day: date
        invoice_id: UUID
        on: date
        net_cents: int
        vat: tuple[VatShare, ...]
        ground: Text
        postings: tuple[Posting, ...]
        tax_due: tuple[TaxDue, ...] = ()
        notice_document_id: UUID | None = None

        def apply(self, aggregate: "Debt") -> None:
            aggregate.doubted = self

    class WrittenOff(Aggregate.Event):
        TOPIC = "debt.written_off"
        day: date
        invoice_id: UUID
        on: date
        net_cents: int
        vat: tuple[VatShare, ...]
        allocations: tuple[Allocation, ...]
        ground: Text
        postings: tuple[Posting, ...]
        tax_due: tuple[TaxDue, ...] = ()
        notice_document_id: UUID | None = None

        def apply(self, aggregate: "Debt") -> None:
            aggregate.written_off = self

    class Recovered(Aggregate.Event):
        TOPIC = "debt.recovered"
        day: date
        invoice_id: UUID
        on: date
        net_cents: int
        vat: tuple[VatShare, ...]
        allocations: tuple[Allocation, ...]
        ground: Text
        postings: tuple[Posting, ...]
        tax_due: tuple[TaxDue, ...] = ()

        def apply(self, aggregate: "Debt") -> None:
            aggregate.recovered_cents += self.net_cents

    def __init__(self) -> None:
        self.doubted: Debt.Created
        self.written_off: Debt.WrittenOff | None = None
        self.recovered_cents = 0

    @classmethod
    def doubt(cls, id: UUID, **facts: Any) -> Self:
        return cls._begin(id, **facts)

    def write_off(self, **facts: Any) -> None:
        self.trigger_event(self.WrittenOff, **facts)

    def recover(self, **facts: Any) -> None:
        self.trigger_event(self.Recovered, **facts)
