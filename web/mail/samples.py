"""The example on which a letter is looked at: nobody's document."""

from datetime import date
from decimal import Decimal

from documents.paper import Instalment, Line, Paper, Party, Seller
from domain.letter import LetterKind

NUMBERS: dict[LetterKind, str] = {
    "quote": "D2026-0007", "invoice": "F2026-0042", "deposit": "F2026-0043", "credit_note": "A2026-0003",
}  # fmt: skip
ISSUED_ON, DUE_ON = date(2026, 11, 24), date(2026, 12, 24)


def sample(kind: LetterKind, language: str, company: str) -> Paper:
    """A document of that kind to a client of the hotel trade, of 1 200 € with VAT."""
    net_cents, vat_cents = (-100_000, -20_000) if kind == "credit_note" else (100_000, 20_000)
    asks = kind in ("invoice", "deposit")
    return Paper(
        kind=kind, number=NUMBERS[kind], issued_on=ISSUED_ON, subject="Réfection de l’accueil", language=language,
        seller=Seller(name=company), buyer=Party(name="Hôtel du Parc"), vat=(), net_cents=net_cents,
        lines=(Line(label="Pose", quantity=Decimal(1), unit_price=Decimal(1000), amount_cents=net_cents),),
        vat_cents=vat_cents, gross_cents=net_cents + vat_cents, payable_cents=net_cents + vat_cents,
        valid_until_on=DUE_ON if kind == "quote" else None,
        instalments=(Instalment(due_on=DUE_ON, amount_cents=120_000),) if asks else (),
    )  # fmt: skip
