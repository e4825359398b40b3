"""The net price of a line (BG-29), so that quantity × price less discounts is its net amount to the cent."""

from decimal import Decimal
from typing import Final, NamedTuple

from domain import money
from domain.lines import Line, PriceMode

_PLACES: Final = Decimal("0.000001")  # BR-FR-DEC-03: six decimals at most


class Priced(NamedTuple):
    """Net: `unit_price` in euros for `per` units; `before_cents` = the amount before discounts `allowances_cents`."""

    unit_price: Decimal
    per: Decimal
    allowances_cents: tuple[int, ...]
    before_cents: int


def priced(line: Line, mode: PriceMode) -> Priced:
    """The price without VAT.

    In gross mode the net amount of a line has taken part in the rounding of its document; where no price of one unit
    gives it, the price is that of the whole quantity.
    """
    above, below = (10_000, 10_000 + line.vat_bp) if mode == "gross" else (1, 1)
    less = tuple(money.rounded(one.amount_cents * above, below) for one in line.allowances)
    before = line.net_cents + sum(less)
    unit_price = (line.unit_price * above / below).quantize(_PLACES)
    if money.product_cents(line.quantity, unit_price) == before:
        return Priced(unit_price, Decimal(1), less, before)
    return Priced(money.euros(abs(before)), abs(line.quantity), less, before)
