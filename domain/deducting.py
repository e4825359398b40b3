"""The lines by which a final invoice takes off the deposits that were invoiced before."""

from collections.abc import Sequence
from decimal import Decimal

from domain import money, vat
from domain.lines import Deducts, DraftLine, PriceMode, VatGroup, VatPart
from domain.parties import Text


def deductions(
    deducts: Deducts, groups: Sequence[VatGroup], *, label: Text, price_mode: PriceMode
) -> tuple[DraftLine, ...]:
    """What a final invoice enters to take a deposit off: a line of quantity −1 for each part of its VAT (`groups`)."""
    parts = [(group, part) for group in groups for part in group.parts]
    return tuple(
        _deduction(f"{deducts.number}.{n}", deducts, group, part, label, price_mode)
        for n, (group, part) in enumerate(parts, 1)
    )


def _deduction(
    line_id: str, deducts: Deducts, group: VatGroup, part: VatPart, label: Text, price_mode: PriceMode
) -> DraftLine:
    amount = part.base_cents + (part.vat_cents if price_mode == "gross" else 0)
    return DraftLine(
        id=line_id,
        label=label,
        nature=part.nature,
        quantity=Decimal(1 if amount < 0 else -1),
        unit_price=money.euros(abs(amount)),
        vat_bp=group.rate_bp,
        vat_category=group.category,
        vat_code=group.code,
        vat_text=vat.text_of(group),
        vat_country=group.country,
        territory=group.territory,
        deducts=deducts,
    )
