"""What a new draft takes over from a document that is there."""

from collections.abc import Iterator

import msgspec

from domain.content import Content, Kind, Refs
from domain.invoice import Invoice
from domain.lines import Allowance, DraftLine
from domain.pricing import negated


def copied(invoice: Invoice, content: Content) -> tuple[Kind, Content]:
    """Kind and content of the copy; `content` = the invoice's, in clear.

    A copy sells again: signs of a credit note turned back, no deposit deducted twice, nothing that belongs to the
    first sale only (its dates, the client's order, its quote).
    """
    lines, allowances, charges = content.lines, content.allowances, content.charges
    if invoice.kind == "credit_note":
        lines, allowances, charges = negated(lines, allowances, charges)
    copy = msgspec.structs.replace(
        content,
        lines=tuple(_again(lines)),
        allowances=tuple(map(_unkeyed, allowances)),
        charges=tuple(map(_unkeyed, charges)),
        refs=Refs(),
        delivered_on=None,
        period=None,
    )
    return ("deposit" if invoice.kind == "deposit" else "invoice"), copy


def _again(lines: tuple[DraftLine, ...]) -> Iterator[DraftLine]:
    for line in lines:
        if not line.deducts and not line.progress:
            yield msgspec.structs.replace(line, vat_due="", period=None)


def _unkeyed(change: Allowance) -> Allowance:
    """A discount of the whole document again, free to spread over the lines of the copy."""
    return Allowance(label=change.label, bp=change.bp, amount_cents=change.gross_cents or change.amount_cents)
