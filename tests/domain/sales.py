"""Sales for the tests of the rules of the law: one that lacks nothing, and its variants."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from domain.client import Profile
from domain.company import Configuration, Identity
from domain.content import Content
from domain.lines import DraftLine
from domain.mentions import Sale
from domain.parties import Address, Card
from domain.pricing import price
from tests.domain.examples import line

DAY = date(2026, 11, 24)
RENNES = Address(street="2, rue des Lices", postcode="35000", city="Rennes", country="FR")
IDENTITY = Identity(
    name="Mercier", legal_form="SARL", capital_cents=1_000_000, rcs_city="Rennes", siren="732829320",
    vat_number="FR44732829320", address=RENNES,
)  # fmt: skip
CARD = Card(name="Hôtel du Parc", siren="552100554", address=RENNES)
SOLE_TRADER = replace(IDENTITY, legal_form="Entrepreneur individuel", capital_cents=0, rcs_city="")
PERSON = {"profile": Profile(kind="person", card=Card(), natural_person=True, taxable=False)}
BUILDER = Configuration(sector="building", insurer="MAAF, 79000 Niort", insurance_cover="France")


def sale(*lines: DraftLine, kind: Any = "invoice", gross_cents: int | None = None, **facts: Any) -> Sale:
    """An invoice of 100 € of services, with `facts` in place of what lacks nothing."""
    entered = lines or (line("services", "100", "-1" if kind == "credit_note" else "1"),)
    content = facts.pop("content", {})
    configuration = facts.pop("configuration", Configuration())
    priced = price(entered, regime=configuration.vat_regime)
    told: dict[str, Any] = {
        "on": DAY, "natural_person": False, "profile": Profile(kind="business", card=CARD), "identity": IDENTITY,
        "card": CARD, "delivery": Card(), "credits": UUID(int=2) if kind == "credit_note" else None,
    }  # fmt: skip
    return Sale(
        kind=kind, content=Content(client_id=UUID(int=1), lines=entered, **content), lines=priced.lines,
        gross_cents=priced.gross_cents if gross_cents is None else gross_cents, configuration=configuration,
        **told | facts,
    )  # fmt: skip


def worth(amount: Decimal) -> DraftLine:
    return line("services", amount, category="O")
