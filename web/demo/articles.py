"""Short hands for the catalogues of the demo."""

from decimal import Decimal
from typing import Any

from domain.product import Article


def goods(reference: str, label: str, euros: str, vat_bp: int = 2000, description: str = "") -> Article:
    return Article(
        reference=reference, label=label, nature="goods", unit_price=Decimal(euros), vat_bp=vat_bp,
        description=description,
    )  # fmt: skip


def service(reference: str, label: str, euros: str, unit: str = "C62", **vat: Any) -> Article:
    return Article(reference=reference, label=label, unit=unit, unit_price=Decimal(euros), **vat)
