"""Invoices out of an accepted quote."""

from uuid import UUID

from domain.account import issued
from domain.client import Client
from domain.content import Content, Kind
from domain.invoice import Invoice
from domain.progress import InSituations, is_complete, progress_content, situations, with_deductions, works_of
from domain.quote import Quote
from domain.quote_invoicing import (
    Deposit,
    balance_content,
    check_no_draft,
    deposit_content,
    deposits_of,
    left_of_deposit,
)
from ledger.commands.sealing import opened_content, seal_content
from ledger.entry import Entry


def invoice_quote(entry: Entry, *, quote_id: UUID, invoice_id: UUID, deduction_label: str) -> None:
    """Drafts the invoice of all that is left: a final invoice when deposits were invoiced before.

    Errors: `QuoteState`, `DraftPending`, `ClientArchived`, `InSituations`.
    """
    quote = entry.get(Quote, quote_id)
    earlier = quote.invoice_ids
    quote.invoice(invoice_id, complete=True)
    if situations(_documents(entry, quote)):
        raise InSituations(quote.number)
    _check_no_draft(entry, earlier)
    deposits = _deposits(entry, quote)
    content = balance_content(quote, deposits, deduction_label)
    _draft(entry, quote, invoice_id, "final" if deposits else "invoice", content)


def invoice_deposit(entry: Entry, *, quote_id: UUID, invoice_id: UUID, share_bp: int, label: str) -> None:
    """Drafts a deposit invoice of a share of the quote (basis points)."""
    quote = entry.get(Quote, quote_id)
    quote.invoice(invoice_id, complete=False)
    _draft(entry, quote, invoice_id, "deposit", deposit_content(quote, share_bp, label))


def invoice_progress(
    entry: Entry,
    *,
    quote_id: UUID,
    invoice_id: UUID,
    done_bp: tuple[tuple[str, int], ...],
    retention_bp: int,
    deduction_label: str,
) -> None:
    """Drafts the next situation of works: `done_bp` = how much of each line of the quote is done, in all. The last one,
    when all is done, deducts the deposits.

    Errors: `QuoteState`, `DraftPending`, `ClientArchived`, and those of `progress_content`.
    """
    quote = entry.get(Quote, quote_id)
    earlier, works = quote.invoice_ids, works_of(quote, _documents(entry, quote))
    complete = is_complete(works, dict(done_bp))
    quote.invoice(invoice_id, complete=complete)
    _check_no_draft(entry, earlier)
    content = progress_content(quote, works, dict(done_bp), retention_bp)
    deposits = _deposits(entry, quote) if complete else []
    _draft(
        entry,
        quote,
        invoice_id,
        "final" if deposits else "progress",
        with_deductions(content, deposits, deduction_label),
    )


def _check_no_draft(entry: Entry, earlier: tuple[UUID, ...]) -> None:
    """Errors: `DraftPending`."""
    entry.fetch(*earlier)
    check_no_draft(entry.get(Invoice, one) for one in earlier)


def _documents(entry: Entry, quote: Quote) -> list[Invoice.Issued]:
    """All that was issued on the quote."""
    return [event for event in entry.mentions(quote.id) if isinstance(event, Invoice.Issued)]


def _deposits(entry: Entry, quote: Quote) -> list[Deposit]:
    """Those that credit notes did not take back whole."""
    ids = deposits_of(quote, entry.mentions(quote.id))
    entry.fetch(*ids)
    documents = [issued(entry.get(Invoice, one)) for one in ids]
    deposits = [(document, left_of_deposit(document, entry.mentions(document.originator_id))) for document in documents]
    return [(document, left) for document, left in deposits if left]


def _draft(entry: Entry, quote: Quote, invoice_id: UUID, kind: Kind, content: Content) -> None:
    entry.fetch(content.client_id)
    client = entry.get(Client, content.client_id)
    client.check_active()
    sealed = seal_content(entry, client, opened_content(entry, content))
    entry.save(quote, Invoice.draft(invoice_id, kind, sealed))
