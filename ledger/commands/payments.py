"""Money received and given back; what is left of it put on other invoices."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from msgspec.structs import replace

from domain import cash, receipts
from domain.account import check_left, check_once, issued, left_of_credit_note, left_of_payment, receivable
from domain.client import Client
from domain.company import Company
from domain.invoice import Invoice
from domain.lines import Allocation
from domain.parties import Text
from domain.payment import Cause, Method, Payment, Refund, Source
from domain.postings import Piece, Settled
from domain.receipts import Receipt, Settlement
from domain.settlement import Receivable
from domain.transfer import Transfer
from ledger.commands.sealing import sealing
from ledger.entry import Entry


def record_payment(entry: Entry, *, payment_id: UUID, receipt: Receipt) -> None:
    """Records a payment and what it settles; what is left over stays as the client's credit.

    Errors: `NotIssued`, `OfAnotherClient`, `CashRefused`, `SettlesTooMuch`, `AllocatedTooMuch`, `DateInFuture`.
    """
    entry.fetch(receipt.client_id, *(s.invoice_id for s in receipt.settlements))
    client = entry.get(Client, receipt.client_id)
    settled = _settled(entry, client, receipt.method, receipt.settlements) if receipt.settlements else []
    facts = receipts.recorded(receipt, piece(entry, client, receipt.received_on), entry.day, settled)
    for apart_cents in (facts["unallocated_cents"], *(other.amount_cents for other in receipt.others)):
        cash.check(receipt.method, client, apart_cents)
    facts["reference"] = sealing(entry, client)(receipt.reference)
    entry.save(Payment.record(payment_id, **facts))


def reverse_payment(entry: Entry, *, payment_id: UUID, cause: Cause, reversed_on: date) -> None:
    """Undoes a payment: a wrong click, a bounced cheque, a chargeback. Nothing is deleted."""
    payment = entry.get(Payment, payment_id)
    payment.check_standing()
    paid = payment.recorded
    if left_of_payment(payment, entry.mentions(payment_id)) != paid.unallocated_cents:
        raise receipts.PaymentUsed(payment_id)
    entry.fetch(paid.client_id, *(allocation.invoice_id for allocation in paid.allocations))
    client = entry.get(Client, paid.client_id)
    facts = receipts.reversed_(
        payment,
        piece(entry, client, reversed_on),
        entry.day,
        unsettled(entry, paid.allocations),
        cause=cause,
        reversed_on=reversed_on,
    )
    payment.reverse(**facts)
    entry.save(payment)


def record_refund(
    entry: Entry,
    *,
    refund_id: UUID,
    client_id: UUID,
    method: Method,
    paid_on: date,
    sources: tuple[Source, ...],
    reference: Text = "",
) -> None:
    """Gives money back, out of what is left of credit notes and over-payments. Errors: `NothingLeft`."""
    entry.fetch(client_id, *(source.id for source in sources))
    for source in sources:
        check_left(source.id, left_of(entry, source, client_id), source.amount_cents)
    client = entry.get(Client, client_id)
    facts = receipts.refunded(
        piece(entry, client, paid_on),
        entry.day,
        client_id=client_id,
        method=method,
        paid_on=paid_on,
        sources=sources,
        reference=sealing(entry, client)(reference),
    )
    entry.save(Refund.record(refund_id, **facts))


def allocate(
    entry: Entry,
    *,
    allocation_id: UUID,
    source: Source,
    client_id: UUID,
    allocated_on: date,
    settlements: tuple[Settlement, ...],
) -> None:
    """Puts what is left of a payment or of a credit note on invoices of the same client. Errors: `NothingLeft`."""
    entry.fetch(client_id, source.id, *(s.invoice_id for s in settlements))
    check_left(source.id, left_of(entry, source, client_id), sum(s.settled_cents for s in settlements))
    client = entry.get(Client, client_id)
    settled = _settled(entry, client, method_of(entry, source), settlements)
    facts = receipts.allocated(
        piece(entry, client, allocated_on),
        entry.day,
        settled,
        client_id=client_id,
        source=source,
        allocated_on=allocated_on,
    )
    entry.save(Transfer.record(allocation_id, **facts))


def use_credit(
    entry: Entry,
    *,
    source: Source,
    client_id: UUID,
    on: date,
    allocation_id: UUID,
    settlements: tuple[Settlement, ...],
    refund_id: UUID,
    refund_cents: int,
    method: Method,
) -> None:
    """Puts a part of what is left on invoices and gives another part back, both or neither. Errors: `NothingLeft`."""
    entry.fetch(client_id, source.id)
    asked_cents = sum(s.settled_cents for s in settlements) + refund_cents
    check_left(source.id, left_of(entry, source, client_id), asked_cents)
    if settlements:
        allocate(
            entry, allocation_id=allocation_id, source=source, client_id=client_id, allocated_on=on,
            settlements=settlements,
        )  # fmt: skip
    if refund_cents:
        given = replace(source, amount_cents=refund_cents)
        record_refund(entry, refund_id=refund_id, client_id=client_id, method=method, paid_on=on, sources=(given,))


def reverse_allocation(entry: Entry, *, allocation_id: UUID, reason: Text) -> None:
    transfer = entry.get(Transfer, allocation_id)
    given = transfer.recorded
    entry.fetch(given.client_id, *(allocation.invoice_id for allocation in given.allocations))
    client = entry.get(Client, given.client_id)
    settled, why = unsettled(entry, given.allocations), sealing(entry, client)(reason)
    transfer.reverse(**receipts.unallocated(piece(entry, client, entry.day), entry.day, settled, reason=why))
    entry.save(transfer)


def left_of(entry: Entry, source: Source, client_id: UUID) -> int:
    """Cents left of a fetched payment or credit note. Errors: `OfAnotherClient`."""
    mentions = entry.mentions(source.id)
    if source.kind == "payment":
        payment = entry.get(Payment, source.id)
        if payment.recorded.client_id != client_id:
            raise receipts.OfAnotherClient("")
        return left_of_payment(payment, mentions)
    credit_note = entry.get(Invoice, source.id)
    receipts.check_client(client_id, credit_note)
    return left_of_credit_note(credit_note, mentions)


def unsettled(entry: Entry, allocations: Iterable[Allocation]) -> list[Settled]:
    """Each allocation taken back from its fetched invoice, as that invoice stands today."""
    before = [(_receivable(entry, allocation.invoice_id), allocation) for allocation in allocations]
    return [(account, account.unsettle(allocation)) for account, allocation in before]


def piece(entry: Entry, client: Client, on: date) -> Piece:
    """The voucher of an entry without a document: R and the position that the entry takes."""
    company = entry.get(Company, entry.company_id)
    number = f"R{entry.pos + len(entry.events) + 1:06}"
    return Piece(number=number, on=on, aux=client.code, open_from=company.first_open_day)


def method_of(entry: Entry, source: Source) -> Method:
    """How the money of a fetched payment came in; a credit note is none."""
    return entry.get(Payment, source.id).recorded.method if source.kind == "payment" else "other"


def _settled(entry: Entry, client: Client, method: Method, wanted: Sequence[Settlement]) -> list[Settled]:
    check_once([settlement.invoice_id for settlement in wanted])
    return [_settle(entry, client, method, settlement) for settlement in wanted]


def _settle(entry: Entry, client: Client, method: Method, wanted: Settlement) -> Settled:
    invoice = entry.get(Invoice, wanted.invoice_id)
    receipts.check_client(client.id, invoice)
    cash.check(method, client, issued(invoice).gross_cents, issued(invoice).number)
    account = _receivable(entry, wanted.invoice_id)
    return account, account.settle(wanted.settled_cents, wanted.adjustments)


def _receivable(entry: Entry, invoice_id: UUID) -> Receivable:
    return receivable(entry.get(Invoice, invoice_id), entry.mentions(invoice_id))
