"""What later entries did to a document: the entries that mention it, applied in the order of the ledger."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.debt import Debt
from domain.errors import DomainError, Malformed
from domain.invoice import Invoice
from domain.lines import Allocation
from domain.payment import Payment, Refund
from domain.settlement import Receivable
from domain.transfer import Transfer


@dataclass(eq=False)
class NotIssued(DomainError):
    """Only an issued invoice can be paid, credited or written off."""

    id: UUID


@dataclass(eq=False)
class NothingLeft(DomainError):
    """The payment or credit note has less left than is asked of it; or nothing is asked."""

    id: UUID
    left_cents: int
    asked_cents: int


def issued(invoice: Invoice) -> Invoice.Issued:
    if invoice.issued is None:
        raise NotIssued(invoice.id)
    return invoice.issued


def receivable(invoice: Invoice, mentions: Iterable[Any]) -> Receivable:
    """The invoice's account after every entry that settled, credited or wrote it off."""
    document = issued(invoice)
    retention = sum(i.amount_cents for i in document.instalments if i.kind == "retention")
    account = Receivable.of(invoice.id, document.vat, retention)
    for event in mentions:
        if isinstance(event, Debt.Created):
            account = account.doubt()
        for allocation in allocations_of(event):
            if allocation.invoice_id == invoice.id:
                account = account.after(allocation)
    return account


def left_of_payment(payment: Payment, mentions: Iterable[Any]) -> int:
    """Cents of an over-payment that were neither refunded nor put on an invoice."""
    start = 0 if payment.reversed else payment.recorded.unallocated_cents
    return start - _used(payment.id, mentions)


def left_of_credit_note(credit_note: Invoice, mentions: Iterable[Any]) -> int:
    """Cents of a credit note that were neither taken off its invoice, refunded, nor put on another one."""
    document = issued(credit_note)
    start = -document.gross_cents - sum(allocation.settled_cents for allocation in document.allocations)
    return start - _used(credit_note.id, mentions)


def check_left(id: UUID, left_cents: int, asked_cents: int) -> None:
    """Errors: `NothingLeft`."""
    if not 0 < asked_cents <= left_cents:
        raise NothingLeft(id, left_cents, asked_cents)


def check_once(ids: Sequence[UUID]) -> None:
    """At least one, and none twice: each is judged as it stands, not as another line of the form leaves it.

    Errors: `Malformed`.
    """
    if len(set(ids)) != len(ids) or not ids:
        raise Malformed("documents", ", ".join(str(one) for one in ids))


def allocations_of(event: Any) -> tuple[Allocation, ...]:
    """The movements that an event makes on invoices; none for events that make none."""
    found: tuple[Allocation, ...] = getattr(event, "allocations", ())
    return found


def _used(source_id: UUID, mentions: Iterable[Any]) -> int:
    used = 0
    for event in mentions:
        if isinstance(event, Refund.Created):
            used += sum(source.amount_cents for source in event.sources if source.id == source_id)
        elif isinstance(event, Transfer.Created | Transfer.Reversed) and event.source.id == source_id:
            used += sum(allocation.settled_cents for allocation in event.allocations)
    return used
