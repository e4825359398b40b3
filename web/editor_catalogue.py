"""A line out of the catalogue: the card of a product copied into the form, in the document's price mode."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from documents.words import number
from domain import vat
from domain.company import Company
from projections.products import ProductRow
from web import editor_lines, editor_vat
from web.editor_lines import Kept, is_empty, ranks


class Offer(NamedTuple):
    """A product, and the fields of a line made of it, as JSON: the page fills them in without asking."""

    product: ProductRow
    line: str


def offer(form: Mapping[str, str], product: ProductRow, company: Company, day: date) -> Offer:
    return Offer(product, msgspec.json.encode(_row(form, product, company, day)).decode())


def inserted(form: Mapping[str, str], product: ProductRow, company: Company, day: date) -> dict[str, str]:
    """The form with one line more, in place of the empty one at its end."""
    rows = [row for rank, row in zip(ranks(form), editor_lines.rows_of(form), strict=True) if not is_empty(form, rank)]
    rows.append(_row(form, product, company, day))
    return editor_lines.with_rows(form, rows) | {"last_inserted": str(len(rows))}


def _row(form: Mapping[str, str], product: ProductRow, company: Company, day: date) -> dict[str, str]:
    home, untaxed = company.configuration.territory, company.configuration.vat_regime == "franchise"
    treated = editor_vat.of_product(home, product.vat_category, product.vat_bp, product.vat_code, product.vat_text)
    price = product.unit_price if untaxed else price_in(form.get("price_mode", "net"), product)
    return {
        "label": f"{product.label}\n{product.description}".strip(),
        "quantity": "1",
        "unit": product.unit,
        "unit_price": number(price, 2),
        "vat": editor_vat.of_reason(home, vat.FRANCHISE)
        if untaxed
        else editor_vat.moved(treated, form.get("territory") or home, day),
        "nature": product.nature,
        "discount": "",
        "kept": msgspec.json.encode(Kept(account=product.account, product_id=product.id)).decode(),
    }


def price_in(mode: Any, product: ProductRow) -> Decimal:
    """The unit price with or without VAT, to the ten-thousandth of a euro when it has to be turned."""
    if mode == product.price_mode:
        return product.unit_price
    factor = Decimal(10_000 + product.vat_bp) / 10_000
    turned = product.unit_price * factor if mode == "gross" else product.unit_price / factor
    return turned.quantize(Decimal("0.0001"))
