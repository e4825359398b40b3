"""What is left of a payment or of a credit note, put on other invoices."""

from datetime import date
from typing import Any, Self
from uuid import UUID

from domain.aggregate import Aggregate
from domain.lines import Allocation, Posting, TaxDue
from domain.parties import Text
from domain.payment import AlreadyReversed, Source


class Transfer(Aggregate):
    """What is left of a payment or of a credit note, put on invoices: no money moves, cash VAT may fall due."""

    TOPIC = "allocation"

    class Created(Aggregate.Created):
        TOPIC = "allocation.recorded"
        day: date
        client_id: UUID
        source: Source
        allocated_on: date
        allocations: tuple[Allocation, ...]
        postings: tuple[Posting, ...]
        tax_due: tuple[TaxDue, ...]

        def apply(self, aggregate: "Transfer") -> None:
            aggregate.recorded = self

    class Reversed(Aggregate.Event):
        TOPIC = "allocation.reversed"
        day: date
        allocation_id: UUID
        reason: Text
        source: Source
        allocations: tuple[Allocation, ...]
        postings: tuple[Posting, ...]
        tax_due: tuple[TaxDue, ...]

        def apply(self, aggregate: "Transfer") -> None:
            aggregate.reversed = True

    def __init__(self) -> None:
        self.recorded: Transfer.Created
        self.reversed = False

    @classmethod
    def record(cls, id: UUID, **facts: Any) -> Self:
        return cls._begin(id, **facts)

    def reverse(self, **facts: Any) -> None:
        if self.reversed:
            raise AlreadyReversed(self.id)
        self.trigger_event(self.Reversed, allocation_id=self.id, source=self.recorded.source, **facts)
