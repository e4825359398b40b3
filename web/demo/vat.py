"""The VAT of a sale, by where its buyer is: intra-Community, export, reverse charge, outside the scope."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from domain.client import Profile
from domain.lines import Category, DraftLine
from domain.product import Article
from domain.vat import exemptions_on


def vat_of(article: Article, profile: Profile, day: date) -> dict[str, Any]:
    """Fields of the line that differ from the catalogue's; none in France."""
    if profile.country == "FR":
        return {}
    goods, within = article.nature == "goods", bool(profile.card.vat_number)
    category: Category = ("K" if within else "G") if goods else ("AE" if within else "O")
    fitting = [known for known in exemptions_on(day, category) if category != "O" or "259-1" in known.text]
    return {"vat_bp": 0, "vat_category": category, "vat_code": fitting[0].code, "vat_text": fitting[0].text}


def on_one_invoice(lines: Sequence[DraftLine]) -> tuple[DraftLine, ...]:
    """Services outside the scope of VAT never stand beside other lines (EN 16931, BR-O-11): the goods go first."""
    inside = tuple(line for line in lines if line.vat_category != "O")
    return inside or tuple(lines)
