"""The correction of an issued invoice in one act: its credit note, and the draft of the invoice that replaces it."""

from uuid import UUID

from domain.corrections import correcting_content, replacing_content
from domain.invoice import Invoice
from domain.quote import Quote
from ledger.commands.sealing import opened_content, sealed_draft
from ledger.entry import Entry


def correct_invoice(
    entry: Entry,
    *,
    invoice_id: UUID,
    credit_note_id: UUID,
    line_ids: tuple[str, ...] | None = None,
    replacing_id: UUID | None = None,
) -> None:
    """Drafts the credit note of the whole invoice, or of some lines; with `replacing_id` also a draft of the same
    kind and content as the invoice, which replaces it. Errors: `NotIssued`, `ClientArchived`, `Missing`.
    """
    invoice = entry.get(Invoice, invoice_id)
    entry.fetch(invoice.content.client_id)
    content = opened_content(entry, correcting_content(invoice, line_ids))
    entry.save(Invoice.draft(credit_note_id, "credit_note", sealed_draft(entry, content), credits=invoice_id))
    if replacing_id:
        _replace(entry, invoice, replacing_id)


def _replace(entry: Entry, invoice: Invoice, replacing_id: UUID) -> None:
    content = sealed_draft(entry, opened_content(entry, replacing_content(invoice)))
    entry.save(Invoice.draft(replacing_id, invoice.kind, content, copied_from=invoice.id, replaces=True))
    if content.refs.quote_id:
        _note_on_quote(entry, content.refs.quote_id, replacing_id)


def _note_on_quote(entry: Entry, quote_id: UUID, replacing_id: UUID) -> None:
    """A quote that is still to be invoiced knows this draft too: its balance waits for it, as for every other."""
    quote = entry.get(Quote, quote_id)
    if quote.state == "accepted":
        quote.invoice(replacing_id, complete=False)
        entry.save(quote)
