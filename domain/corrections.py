"""What the correction of an invoice starts from: the credit note that takes it back, the draft that replaces it."""

from collections.abc import Collection, Iterable
from typing import Any

from msgspec.structs import replace

from domain.account import issued
from domain.content import Content
from domain.errors import Missing
from domain.invoice import Invoice
from domain.lines import Allowance, Line, PriceMode, VatKey, facts
from domain.money import rounded
from domain.pricing import is_discountable, negated


def correcting_content(invoice: Invoice, line_ids: Collection[str] | None = None) -> Content:
    """The content of a credit note of the whole invoice, its lines and discounts with their signs turned; or of these
    lines, with their share of the discounts of the document. Errors: `NotIssued`; `Missing` when no line is chosen.
    """
    document = issued(invoice)
    chosen = document.lines if line_ids is None else tuple(line for line in document.lines if line.id in line_ids)
    if not chosen:
        raise Missing("lines")
    lines, allowances, charges = negated(
        chosen, _shares(document, document.allowances, chosen), _shares(document, document.charges, chosen)
    )
    return Content(
        client_id=document.client_id,
        price_mode=document.price_mode,
        subject=document.subject,
        lines=lines,
        allowances=allowances,
        charges=charges,
        refs=document.refs,
        delivered_on=document.delivered_on,
        period=document.period,
        deliver_to=invoice.content.deliver_to,
    )


def replacing_content(invoice: Invoice) -> Content:
    """The content of the draft that replaces the invoice: its own, as it was entered. Errors: `NotIssued`."""
    issued(invoice)
    return invoice.content


def _shares(document: Invoice.Issued, changes: Iterable[Allowance], chosen: Collection[Line]) -> tuple[Allowance, ...]:
    """What falls on the chosen lines of discounts (or charges), each of which stands in one VAT group."""
    told = (_share(document, change, chosen) for change in changes)
    return tuple(change for change in told if change.amount_cents or change.gross_cents)


def _share(document: Invoice.Issued, change: Allowance, chosen: Collection[Line]) -> Allowance:
    whole_cents = _carried(document.lines, change, document.price_mode)
    if whole_cents == 0:
        return change
    part_cents = _carried(chosen, change, document.price_mode)
    amounts: dict[str, Any] = {
        name: rounded(getattr(change, name) * part_cents, whole_cents) for name in ("amount_cents", "gross_cents")
    }
    return replace(change, **amounts)


def _carried(lines: Iterable[Line], change: Allowance, price_mode: PriceMode) -> int:
    """The amount of the lines over which the change was spread."""
    mine = (line for line in lines if is_discountable(line) and facts(VatKey, line.vat_key) == facts(VatKey, change))
    return sum(line.gross_cents if price_mode == "gross" else line.net_cents for line in mine)
