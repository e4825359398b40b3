"""The lines by which a final invoice takes off the deposits that were invoiced before."""

from collections.abc import Sequence
from decimal import Decimal

from domain import money, vat
from domain.lines import Deducts, DraftLine, PriceMode, VatShare
from domain.parties import Text


def deductions(
    deducts: Deducts,
    shares: Sequence[VatShare],
    billed: Sequence[DraftLine] = (),
    *,
    label: Text,
    price_mode: PriceMode,
) -> tuple[DraftLine, ...]:
    """What a final invoice enters to take a deposit off: a line of quantity −1 for each part of its VAT (`shares`);
    its reasons in the words of the lines that `billed` it.
    """
    return tuple(
        _deduction(f"{deducts.number}.{n}", deducts, share, vat.text_of(share, billed), label, price_mode)
        for n, share in enumerate(shares, 1)
    )


def _deduction(
    line_id: str, deducts: Deducts, share: VatShare, vat_text: str, label: Text, price_mode: PriceMode
) -> DraftLine:
    amount = share.base_cents + (share.vat_cents if price_mode == "gross" else 0)
    return DraftLine(
        id=line_id,
        label=label,
        nature=share.nature,
        quantity=Decimal(1 if amount < 0 else -1),
        unit_price=money.euros(abs(amount)),
        vat_bp=share.rate_bp,
        vat_category=share.category,
        vat_code=share.code,
        vat_text=vat_text,
        vat_country=share.country,
        territory=share.territory,
        deducts=deducts,
    )
