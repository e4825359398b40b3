"""The file of an issued document: kept once, by the job that rendered it; copies of it, handed out by a person."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from domain.account import receivable
from domain.company import Company
from domain.document import (
    CopyReason,
    Document,
    NotFrozen,
    Rules,
    Unpaid,
    document_stream,
    kept_until,
    quote_kept_until,
)  # fmt: skip
from domain.errors import NotFound
from domain.invoice import Invoice
from domain.quote import Quote
from ledger.entry import Entry
from ledger.version import SOFTWARE

PDF = "application/pdf"


def keeping(content: bytes, template: str, rules: tuple[Rules, ...] = ()) -> Callable[..., str]:
    """The use case that keeps this PDF: it gives the SHA-256, in hex, of the file that is kept, which is another one
    when somebody was faster. What was made for nothing goes nowhere.
    """

    def keep_document(entry: Entry, *, document_id: UUID, revision: int = 1) -> str:
        if known := _file(entry, document_id, revision):
            return known.rendered.sha256
        sha256 = entry.keep(content, _term(entry, document_id))
        entry.save(
            Document.render(
                document_id, revision=revision, media_type=PDF, sha256=sha256, bytes=len(content), template=template,
                software=SOFTWARE, rules=rules,
            )
        )  # fmt: skip
        return sha256

    return keep_document


def copy_document(entry: Entry, *, document_id: UUID, reason: CopyReason) -> int:
    """A copy of an invoice or credit note that leaves: its number. Errors: `NotFrozen`, `Malformed`."""
    document = _file(entry, document_id)
    if document is None:
        raise NotFrozen(document_id)
    number = document.copy(reason)
    entry.save(document)
    return number


def copy_unpaid(entry: Entry, *, invoice_id: UUID) -> int:
    """A copy that says what was not paid, for the VAT that comes back: its number.

    Errors: `NotIssued`, `SettlesTooMuch` when nothing is unpaid, `NotFrozen`.
    """
    invoice = entry.get(Invoice, invoice_id)
    account = receivable(invoice, entry.mentions(invoice_id))
    account.check_owed()
    document = _file(entry, invoice_id)
    if document is None:
        raise NotFrozen(invoice_id)
    vat_cents = sum(share.vat_cents for share in account.unpaid)
    number = document.copy("unpaid", Unpaid(net_cents=account.outstanding_cents - vat_cents, vat_cents=vat_cents))
    entry.save(document)
    return number


def _file(entry: Entry, document_id: UUID, revision: int = 1) -> Document | None:
    try:
        return entry.get(Document, document_stream(document_id, revision))
    except NotFound:
        return None


def _term(entry: Entry, document_id: UUID) -> date:
    """Until when the file is kept. Errors: `NotFound` for what was not issued."""
    try:
        invoice = entry.get(Invoice, document_id)
    except NotFound:
        quote = entry.get(Quote, document_id)
        if quote.sent is None:
            raise
        return quote_kept_until(quote.sent.sent_on)
    if invoice.issued is None:
        raise NotFound(Invoice.TOPIC, document_id)
    return kept_until(invoice.issued.day, entry.get(Company, entry.company_id).fiscal_years)
