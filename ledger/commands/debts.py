"""Debts that may not be paid: doubtful, written off, recovered after all."""

from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid5

from domain import debts
from domain.account import issued, receivable
from domain.client import Client
from domain.debt import Debt
from domain.document import Document, document_stream
from domain.errors import NotFound
from domain.invoice import Invoice
from domain.parties import Text
from domain.postings import Piece
from domain.receipts import check_not_future
from domain.settlement import Receivable
from ledger.commands.payments import piece
from ledger.commands.sealing import sealing
from ledger.entry import Entry

Sealing = Callable[[Text], Text]


def doubt_debt(entry: Entry, *, invoice_id: UUID, on: date, ground: str) -> None:
    account, voucher, told = _debt(entry, invoice_id, on)
    facts = debts.doubted(voucher, entry.day, account, on=on, ground=told(ground))
    entry.save(Debt.doubt(debt_id(invoice_id), **facts))


def write_off_debt(entry: Entry, *, invoice_id: UUID, on: date, ground: str, recover_due: bool = False) -> None:
    """The loss of all that is still due; doubted in the same breath when it was not before."""
    account, voucher, told = _debt(entry, invoice_id, on)
    debt = _found(entry, invoice_id)
    if debt is None:
        doubt_debt(entry, invoice_id=invoice_id, on=on, ground=ground)
        account, voucher, told = _debt(entry, invoice_id, on)  # the loss is an entry of its own, after the doubt
        debt, account = entry.get(Debt, debt_id(invoice_id)), account.doubt()
    facts = debts.written_off(voucher, entry.day, account, on=on, ground=told(ground), recover_due=recover_due)
    debt.write_off(**facts, notice_document_id=_notice(entry, invoice_id) if recover_due else None)
    entry.save(debt)


def _notice(entry: Entry, invoice_id: UUID) -> UUID | None:
    """The document whose copy said that it was not paid; None when none was made here."""
    try:
        document = entry.get(Document, document_stream(invoice_id))
    except NotFound:
        return None
    return document.id if document.unpaid else None


def recover_debt(entry: Entry, *, invoice_id: UUID, on: date, ground: str, amount_cents: int, account: str) -> None:
    """Money that came in after the loss."""
    receivable_, voucher, told = _debt(entry, invoice_id, on)
    debt = entry.get(Debt, debt_id(invoice_id))
    debt.recover(
        **debts.recovered(
            voucher, entry.day, receivable_, on=on, ground=told(ground), amount_cents=amount_cents, account=account
        )
    )
    entry.save(debt)


def debt_id(invoice_id: UUID) -> UUID:
    """The stream of an invoice's debt: one for each."""
    return uuid5(invoice_id, "debt")


def _debt(entry: Entry, invoice_id: UUID, on: date) -> tuple[Receivable, Piece, Sealing]:
    """What is left of the invoice, the voucher of the entry, and how a text about its client is written."""
    check_not_future(on, entry.day)
    invoice = entry.get(Invoice, invoice_id)
    client_id = issued(invoice).client_id
    entry.fetch(client_id, debt_id(invoice_id))
    client = entry.get(Client, client_id)
    return receivable(invoice, entry.mentions(invoice_id)), piece(entry, client, on), sealing(entry, client)


def _found(entry: Entry, invoice_id: UUID) -> Debt | None:
    try:
        return entry.get(Debt, debt_id(invoice_id))
    except NotFound:
        return None
