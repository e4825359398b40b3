"""What a draft would come to: lists show it, nothing depends on it."""

from datetime import date
from typing import Any

from domain.content import Content
from domain.errors import DomainError
from domain.pricing import price


def totals(content: Content, on: date) -> dict[str, Any]:
    """`net_cents` and `gross_cents` of the draft; `untaxed_cents`, which is both of them for a seller without VAT.

    None, None, None for a draft that cannot be priced yet.
    """
    try:
        priced = price(content.lines, content.allowances, content.charges, price_mode=content.price_mode, issued_on=on)
    except DomainError:
        return {"net_cents": None, "gross_cents": None, "untaxed_cents": None}
    untaxed_cents = priced.gross_cents if content.price_mode == "gross" else priced.net_cents
    return {"net_cents": priced.net_cents, "gross_cents": priced.gross_cents, "untaxed_cents": untaxed_cents}
