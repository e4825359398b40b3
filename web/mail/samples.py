"""The example on which a letter is looked at: nobody's document."""

from datetime import date, timedelta
from decimal import Decimal

from documents.paper import Instalment, Line, Paper, Party, Seller
from domain import late
from domain.letter import DocumentLetter, LetterKind
from web.reminders.call import Call, Item

NUMBERS: dict[DocumentLetter, str] = {
    "quote": "D2026-0007", "invoice": "F2026-0042", "deposit": "F2026-0043", "credit_note": "A2026-0003",
}  # fmt: skip
LATE_DAYS = {"reminder_before": -3, "reminder_first": 7, "reminder_second": 15, "reminder_last": 30}
ISSUED_ON, DUE_ON = date(2026, 11, 24), date(2026, 12, 24)


def sample(kind: DocumentLetter, language: str, company: Seller) -> Paper:
    """A document of that kind to a client of the hotel trade, of 1 200 € with VAT."""
    net_cents, vat_cents = (-100_000, -20_000) if kind == "credit_note" else (100_000, 20_000)
    asks = kind in ("invoice", "deposit")
    return Paper(
        kind=kind, number=NUMBERS[kind], issued_on=ISSUED_ON, subject="Réfection de l’accueil", language=language,
        seller=company, buyer=Party(name="Hôtel du Parc"), vat=(), net_cents=net_cents,
        lines=(Line(label="Pose", quantity=Decimal(1), unit_price=Decimal(1000), amount_cents=net_cents),),
        vat_cents=vat_cents, gross_cents=net_cents + vat_cents, payable_cents=net_cents + vat_cents,
        valid_until_on=DUE_ON if kind == "quote" else None,
        instalments=(Instalment(due_on=DUE_ON, amount_cents=120_000),) if asks else (),
    )  # fmt: skip


def reminder(kind: LetterKind, language: str, company: Seller) -> Call:
    """A reminder of an invoice of 1 200 € to that client, in the days of its step."""
    days = LATE_DAYS.get(kind, 45)
    on = DUE_ON + timedelta(days=days)
    periods = late.periods(120_000, DUE_ON, on)
    fee_cents = late.INDEMNITY_CENTS if periods else 0
    item = Item("invoice", NUMBERS["invoice"], ISSUED_ON, DUE_ON, 120_000, periods, fee_cents)
    return Call(company.name, "Hôtel du Parc", language, False, on, (item,), legal=company.legal)
