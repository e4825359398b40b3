"""Invoices and credit notes: drafted, revised, discarded, issued."""

import dataclasses
from datetime import date
from uuid import UUID

from msgspec.structs import replace

from domain.account import receivable
from domain.client import Client
from domain.company import Company
from domain.content import Content, Kind, check_version
from domain.corrections import correcting_content
from domain.invoice import Invoice, Reason
from domain.issuing import Issue, Original, facts, priced_at
from domain.payment import Source
from domain.quote import Quote
from domain.readiness import check_ready
from domain.receipts import check_client
from domain.snapshot import buyer_of, seller_of
from ledger.commands import prepayments
from ledger.commands.numbers import ticket
from ledger.commands.sealing import (
    opened,
    opened_content,
    opened_sale,
    seal_content,
    seal_shares,
    seal_text,
    sealed_card,
    sealed_draft,
    sealed_identity,
    sealed_place,
)
from ledger.entry import Entry
from ledger.version import SOFTWARE

SHARED = ("allowances", "charges")  # over the VAT groups of the document


def draft_invoice(
    entry: Entry, *, invoice_id: UUID, kind: Kind, content: Content, copied_from: UUID | None = None
) -> None:
    entry.save(Invoice.draft(invoice_id, kind, sealed_draft(entry, content), copied_from=copied_from))


def revise_invoice(entry: Entry, *, invoice_id: UUID, content: Content, base_version: int) -> None:
    invoice = entry.get(Invoice, invoice_id)
    invoice.revise(sealed_draft(entry, content), base_version)
    entry.save(invoice)


def discard_invoice(entry: Entry, *, invoice_id: UUID) -> None:
    """A draft given up; the quote it came from can be invoiced again."""
    invoice = entry.get(Invoice, invoice_id)
    invoice.discard()
    entry.save(invoice)
    if invoice.content.refs.quote_id:
        quote = entry.get(Quote, invoice.content.refs.quote_id)
        quote.release(invoice_id)
        entry.save(quote)


def draft_credit_note(entry: Entry, *, credit_note_id: UUID, invoice_id: UUID) -> None:
    """A draft that takes back the whole of an issued invoice; the person keeps of it what is wrong."""
    invoice = entry.get(Invoice, invoice_id)
    content = correcting_content(invoice)
    entry.fetch(content.client_id)
    content = opened_content(entry, content)
    entry.save(Invoice.draft(credit_note_id, "credit_note", sealed_draft(entry, content), credits=invoice_id))


def issue_invoice(
    entry: Entry,
    *,
    invoice_id: UUID,
    issued_on: date,
    base_version: int,
    reason: Reason | None = None,
    sources: tuple[Source, ...] = (),
) -> str:
    """Makes the draft final, under the next number of its series: the number. `sources` = what the client paid before
    or has to its credit, of which the invoice takes what it asks.

    Errors: `NotDraft`, `Stale`, `ClientArchived`, `NotReady`, those of `issuing.facts` and of `prepayments.taken`.
    """
    invoice, company = entry.get(Invoice, invoice_id), entry.get(Company, entry.company_id)
    invoice.check_draft()
    check_version(invoice_id, invoice.version, base_version)
    entry.fetch(invoice.content.client_id, *filter(None, [invoice.credits]))
    client = entry.get(Client, invoice.content.client_id)
    client.check_active()
    issue = _issue(entry, invoice, company, client, issued_on, reason)
    given = _given(entry, issue, invoice, sources) if sources else ()
    told = facts(dataclasses.replace(issue, paid=prepayments.paid(entry, given)))
    invoice.issue(told | {name: seal_shares(entry, client, told[name]) for name in SHARED})
    entry.save(company, invoice)
    prepayments.put_on(entry, invoice, client, given)
    entry.defer("render_document", document_id=invoice_id)
    return invoice.number


def _issue(
    entry: Entry, invoice: Invoice, company: Company, client: Client, issued_on: date, reason: Reason | None
) -> Issue:
    content, identity = opened_content(entry, invoice.content), opened(entry, company.identity)
    priced = priced_at(invoice.kind, content, company, issued_on)
    check_ready(opened_sale(entry, invoice.kind, issued_on, content, priced, company, client, credits=invoice.credits))
    printed = seal_content(entry, client, content)
    return Issue(
        kind=invoice.kind,
        printed=printed,
        company=company,
        client=client,
        ticket=ticket(entry, company, invoice.kind, issued_on),
        issued_on=issued_on,
        day=entry.day,
        seller=seller_of(company, sealed_identity(entry, company)),
        buyer=buyer_of(client, sealed_card(entry, client)),
        software=SOFTWARE,
        iban=seal_text(entry, company.id, identity.iban) if company.natural_person else identity.iban,
        bic=identity.bic,
        deliver_to=sealed_place(entry, client, printed, opened(entry, client.profile.delivery)),
        original=_original(entry, invoice),
        reason=_sealed_reason(entry, client, reason),
    )


def _given(entry: Entry, issue: Issue, invoice: Invoice, sources: tuple[Source, ...]) -> tuple[Source, ...]:
    priced = priced_at(issue.kind, issue.printed, issue.company, issue.issued_on)
    return prepayments.taken(entry, invoice, issue.client.id, sources, priced.gross_cents)


def _original(entry: Entry, invoice: Invoice) -> Original | None:
    if invoice.credits is None:
        return None
    corrected = entry.get(Invoice, invoice.credits)
    check_client(invoice.content.client_id, corrected)
    account = receivable(corrected, entry.mentions(corrected.id))
    return Original(corrected.issued, account) if corrected.issued else None


def _sealed_reason(entry: Entry, client: Client, reason: Reason | None) -> Reason | None:
    if reason is None or not client.profile.natural_person:
        return reason
    return replace(reason, text=seal_text(entry, client.id, reason.text))
