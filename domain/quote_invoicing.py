"""From an accepted quote to invoices: the whole, a deposit, or the balance after deposits."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from domain import vat
from domain.content import Content
from domain.deducting import deductions
from domain.errors import DomainError, Malformed
from domain.invoice import Invoice
from domain.lines import Deducts, DraftLine, PriceMode, VatGroup, VatPart
from domain.money import euros, portion
from domain.quote import Quote
from domain.shares import Shares, merged, shares_of


@dataclass(eq=False)
class DraftPending(DomainError):
    """A deposit of this quote is still a draft: issue or discard it, so that the balance deducts what was invoiced."""

    id: UUID


Deposit = tuple[Invoice.Issued, Shares]  # as issued, and what credit notes left of it


def deposit_content(quote: Quote, share_bp: int, label: str) -> Content:
    """A deposit of `share_bp` of the quote: one line per VAT group and nature, so that it is deducted exactly.

    Errors: `Malformed` for nothing, or more than the whole.
    """
    if not 0 < share_bp <= 10_000:
        raise Malformed("share_bp", f"{share_bp}")
    sent = quote.sent
    groups: Sequence[VatGroup] = sent.vat if sent else ()
    parts = [(group, part) for group in groups for part in group.parts]
    sold = sent.lines if sent else ()
    lines = tuple(
        _deposit_line(f"{i}", label, group, part, share_bp, vat.text_of(group, sold))
        for i, (group, part) in enumerate(parts, 1)
    )
    return drawn_content(quote, lines=lines, price_mode="net", allowances=(), charges=())


def balance_content(quote: Quote, deposits: Sequence[Deposit], label: str) -> Content:
    """The quote's lines, less every deposit invoiced on it, paid or not; `label` may hold `{number}`."""
    lines = (*quote.content.lines, *deducted(deposits, label, quote.content.price_mode))
    return drawn_content(quote, lines=lines)


def drawn_content(quote: Quote, **changes: Any) -> Content:
    """The quote's content for a document drawn from it, which says so."""
    given = quote.content.refs
    refs = msgspec.structs.replace(given, quote_id=quote.id, order=quote.order or given.order)
    return msgspec.structs.replace(quote.content, refs=refs, **changes)


def check_no_draft(invoices: Iterable[Invoice]) -> None:
    """Errors: `DraftPending`. `invoices` = those made from the quote so far."""
    for invoice in invoices:
        if not invoice.issued and not invoice.discarded:
            raise DraftPending(invoice.id)


def deposits_of(quote: Quote, mentions: Iterable[Any]) -> tuple[UUID, ...]:
    """Deposit invoices issued on this quote."""
    documents = [event for event in mentions if isinstance(event, Invoice.Issued) and event.kind == "deposit"]
    return tuple(document.originator_id for document in documents if document.refs.quote_id == quote.id)


def left_of_deposit(deposit: Invoice.Issued, mentions: Iterable[Any]) -> Shares:
    """What credit notes left of a deposit, part by part. Paid or not, discounted or lost, it was invoiced."""
    notes = [event for event in mentions if isinstance(event, Invoice.Issued) and event.kind == "credit_note"]
    mine = [note for note in notes if deposit.originator_id in {corrected.invoice_id for corrected in note.refers_to}]
    return merged(shares_of(deposit.vat), *(shares_of(note.vat) for note in mine))


def _deposit_line(id: str, label: str, group: VatGroup, part: VatPart, share_bp: int, vat_text: str) -> DraftLine:
    amount = portion(part.base_cents, share_bp)
    return DraftLine(
        id=id,
        label=label,
        nature=part.nature,
        quantity=Decimal(-1 if amount < 0 else 1),
        unit_price=euros(abs(amount)),
        vat_bp=group.rate_bp,
        vat_category=group.category,
        vat_code=group.code,
        vat_text=vat_text,
        vat_country=group.country,
        territory=group.territory,
    )


def deducted(deposits: Sequence[Deposit], label: str, price_mode: PriceMode) -> Iterator[DraftLine]:
    """The lines that take the deposits off; `label` may hold `{number}`."""
    for deposit, left in deposits:
        deducts = Deducts(invoice_id=deposit.originator_id, number=deposit.number, issued_on=deposit.issued_on)
        named = label.format(number=deposit.number)
        yield from deductions(deducts, left, deposit.lines, label=named, price_mode=price_mode)
