"""What is sold: lines, their VAT and its reasons, the nature of the operations, what an earlier document has to do."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from domain.mentions import texts
from domain.mentions.references import NEW_MENTIONS, invoices, other
from domain.mentions.rule import Rule, asks, tells
from domain.mentions.sale import Sale
from domain.nature import nature_of

LONGEST_LINES: Final = 3_000  # printed in 3 s of processor time, judged as Factur-X in 6; a longer one is split
QUANTITY_DECIMALS, PRICE_DECIMALS = 4, 6  # BR-FR-DEC


def _wrong_lines(sale: Sale) -> Iterator[str]:
    if not 1 <= len(sale.lines) <= LONGEST_LINES:
        yield "lines"
    for rank, line in enumerate(sale.lines, 1):
        if isinstance(line.label, str) and not line.label.strip():
            yield f"lines.{rank}.label"
        if line.quantity == 0 or _decimals(line.quantity) > QUANTITY_DECIMALS:
            yield f"lines.{rank}.quantity"
        if _decimals(line.unit_price) > PRICE_DECIMALS:
            yield f"lines.{rank}.unit_price"


def _beside_outside(sale: Sale) -> Iterator[str]:
    """Lines outside the scope of VAT on a document that has others."""
    if len({line.vat_category == "O" for line in sale.lines}) > 1:
        yield from (f"lines.{rank}.vat" for rank, line in enumerate(sale.lines, 1) if line.vat_category == "O")


def _backwards(sale: Sale) -> Iterator[str]:
    if sale.content.period and sale.content.period.end_on < sale.content.period.start_on:
        yield "period_end"
    for rank, line in enumerate(sale.lines, 1):
        if line.period and line.period.end_on < line.period.start_on:
            yield f"lines.{rank}.period"


def _uncited(sale: Sale) -> Iterator[str]:
    for rank, line in enumerate(sale.lines, 1):
        if line.deducts and not line.deducts.number:
            yield f"lines.{rank}.label"


def _on_debits(sale: Sale) -> bool:
    return sale.is_invoice and any(line.vat_due == "debit" for line in sale.lines)


def _decimals(number: Decimal) -> int:
    return max(0, -int(number.normalize().as_tuple().exponent))


RULES: Final = (
    Rule("lines", invoices("8°") + other("AFNOR XP Z12-012, BR-FR-DEC"), lambda _: True, misses=_wrong_lines),
    Rule("lines.vat", other("EN 16931, BR-O-11 à 14"), lambda sale: sale.is_invoice, misses=_beside_outside),
    Rule("lines.deducts", other("BOI-TVA-DECLA-30-20-10-10, § 120"), lambda sale: sale.is_invoice, misses=_uncited),
    Rule("period", invoices("10°") + other("EN 16931, BR-29 et 30"), lambda _: True, misses=_backwards),
    tells(
        "NATURE",
        invoices("8° bis"),
        lambda sale: texts.said(texts.NATURES[nature_of(sale.lines)], sale.on),
        lambda sale: sale.is_invoice and bool(sale.lines),
        since=NEW_MENTIONS,
    ),
    tells(
        "DEBITS", invoices("11° bis"), lambda sale: texts.said(texts.DEBITS, sale.on), _on_debits, since=NEW_MENTIONS
    ),
    asks(
        "credits",  # its number and date are printed beside the buyer
        other("BOI-TVA-DECLA-30-20-20-20, §§ 210 à 260"),
        lambda sale: sale.credits,
        lambda sale: sale.kind == "credit_note",
    ),
)
