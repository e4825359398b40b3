"""What is sold in a model history: lines for the program, and the same as plain items for the model."""

from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from hypothesis import strategies as st

from domain import vat
from domain.lines import DraftLine

SECOND_HAND = next(each for each in vat.EXEMPTIONS if each.code == "VATEX-FR-CGI261-3")
SOLD = (
    ("services", 2000, "S", None), ("services", 1000, "S", None), ("services", 550, "S", None),
    ("goods", 2000, "S", None), ("goods", 550, "S", None), ("goods", 0, "E", SECOND_HAND),
    ("disbursement", 0, "E", vat.DISBURSEMENT),
)  # fmt: skip


class Item(NamedTuple):
    """A line of a document: (rate, category, nature, when its VAT falls due), how many, at what price; `account`: the
    beginning of the one that it is credited to.
    """

    part: tuple[int, str, str, str]
    quantity: Fraction
    price: Fraction
    account: str

    @property
    def cents(self) -> int:
        exact = self.quantity * self.price * 100
        return int(abs(exact) + Fraction(1, 2)) * (1 if exact > 0 else -1)

    def times(self, factor: Fraction) -> "Item":
        return self._replace(quantity=self.quantity * factor)


class Sold(NamedTuple):
    """A line as it is entered."""

    which: int
    quantity: Decimal
    price: Decimal

    def line(self, rank: int) -> DraftLine:
        nature, rate, category, reason = SOLD[self.which]
        return DraftLine(
            id=f"{rank}", label="Reliure", nature=nature, quantity=self.quantity, unit_price=self.price, vat_bp=rate,
            vat_category=category, vat_code=reason.code if reason else "", vat_text=reason.text if reason else "",
        )  # fmt: skip

    def item(self, regime: str, *, deposit: bool = False) -> Item:
        nature, rate, category, _ = SOLD[self.which]
        account = "4191" if deposit else "467" if nature == "disbursement" else "70"
        return Item(
            (rate, category, nature, falls_due(nature, category, regime, deposit=deposit)),
            Fraction(self.quantity),
            Fraction(self.price),
            account,
        )


def falls_due(nature: str, category: str, regime: str, *, deposit: bool = False) -> str:
    """Goods at delivery, services with the money or on débits, deposits with the money, what is exempt never."""
    if category != "S":
        return "none"
    if deposit:
        return "cash"
    return "delivery" if nature == "goods" else {"cash": "cash", "debit": "debit"}[regime]


def decimal(value: Fraction) -> Decimal:
    """A fraction of few digits, exactly."""
    return Decimal(value.numerator) / Decimal(value.denominator)


quantities = st.sampled_from([1, 1, 1, 2, 3, 7, Decimal("0.5"), Decimal("2.75"), -1]).map(Decimal)
prices = st.decimals(0, 400, places=2) | st.sampled_from(
    [Decimal("33.33"), Decimal("0.01"), Decimal(100), Decimal(1000)]
)
sold = st.builds(Sold, st.integers(0, len(SOLD) - 1), quantities, prices)
baskets = st.lists(sold, min_size=1, max_size=4).map(tuple)
