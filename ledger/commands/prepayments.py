"""What a client paid, or was credited, before an invoice is issued, put on that invoice in the same entry."""

from collections.abc import Sequence
from uuid import UUID, uuid5

from msgspec.structs import replace

from domain import cash, receipts
from domain.account import check_left, check_once, receivable
from domain.client import Client
from domain.company import Company
from domain.errors import Malformed
from domain.invoice import Invoice, Paid
from domain.payment import Payment, Source
from domain.postings import Piece
from domain.transfer import Transfer
from ledger.commands.payments import left_of, method_of
from ledger.entry import Entry


def taken(
    entry: Entry, invoice: Invoice, client_id: UUID, sources: Sequence[Source], gross_cents: int
) -> tuple[Source, ...]:
    """The sources in their order, each with what the invoice takes of it: all that is left, as far as it goes.

    Errors: `NothingLeft` (also of a source that comes after the invoice is met), `OfAnotherClient`; `Malformed` for a
    credit note, which nobody pays.
    """
    if invoice.kind == "credit_note":
        raise Malformed("kind", invoice.kind)
    check_once([source.id for source in sources])
    entry.fetch(*(source.id for source in sources))
    found: list[Source] = []
    for source in sources:
        left_cents = left_of(entry, source, client_id)
        cents = min(left_cents, gross_cents - sum(known.amount_cents for known in found))
        check_left(source.id, left_cents, cents)
        found.append(replace(source, amount_cents=cents))
    return tuple(found)


def paid(entry: Entry, sources: Sequence[Source]) -> tuple[Paid, ...]:
    """What of it is money, as the invoice prints it; a credit note lowers what is due, it is no payment."""
    return tuple(
        Paid(
            payment_id=source.id,
            received_on=entry.get(Payment, source.id).recorded.received_on,
            amount_cents=source.amount_cents,
        )
        for source in sources
        if source.kind == "payment"
    )


def put_on(entry: Entry, invoice: Invoice, client: Client, sources: Sequence[Source]) -> None:
    """An allocation of each source, on the day of the issue, with the invoice as its voucher. Errors: `CashRefused`."""
    document = invoice.issued
    if document is None:
        return
    piece = Piece(
        number=document.number,
        on=document.issued_on,
        aux=client.code,
        open_from=entry.get(Company, entry.company_id).first_open_day,
    )
    account = receivable(invoice, ())
    for source in sources:
        cash.check(method_of(entry, source), client, document.gross_cents, document.number)
        moved = account.settle(source.amount_cents)
        facts = receipts.allocated(
            piece, entry.day, [(account, moved)], client_id=client.id,
            source=Source(kind=source.kind, id=source.id), allocated_on=document.issued_on,
        )  # fmt: skip
        entry.save(Transfer.record(uuid5(invoice.id, f"prepaid {source.id}"), **facts))
        account = account.after(moved)
