"""Seller and buyer as they were at the moment of issue: copied into the document, never looked up again.

Source: CGI ann. II art. 242 nonies A I, 1° to 4°; EN 16931 groups BG-4 and BG-7.
"""

from typing import Literal

from domain.client import Client, Profile
from domain.company import Company, Identity, VatRegime
from domain.parties import Card, Fact, PartyKind

Scope = Literal["b2b", "b2b_int", "b2c", "b2g", "out"]


class Buyer(Fact):
    """BG-7. For a natural person `card` is sealed and holds the numbers too; else they stand beside it."""

    kind: PartyKind
    card: Card
    natural_person: bool = False
    taxable: bool = True
    siren: str = ""
    siret: str = ""
    vat_number: str = ""
    endpoint: str = ""
    country: str = "FR"
    territory: str = "FR"
    language: str = "fr"


class Seller(Fact):
    """BG-4: the identity as printed, with the VAT regime of that day."""

    identity: Identity
    natural_person: bool = False
    vat_regime: VatRegime = "cash"
    territory: str = "FR"
    endpoint: str = ""


def buyer_of(client: Client, card: Card) -> Buyer:
    """The client as a buyer; `card` is freshly sealed for a natural person, else the client's own."""
    profile = client.profile
    if profile.natural_person:
        numbers = Card()
        printed = card
    else:
        numbers = card
        printed = Card(name=card.name, address=card.address, email=card.email, phone=card.phone)
    return Buyer(
        kind=profile.kind,
        natural_person=profile.natural_person,
        taxable=profile.taxable,
        card=printed,
        siren=numbers.siren,
        siret=numbers.siret,
        vat_number=numbers.vat_number,
        endpoint=numbers.siren if profile.country == "FR" else "",
        country=profile.country,
        territory=profile.territory,
        language=profile.language,
    )


def seller_of(company: Company, identity: Identity) -> Seller:
    """The company as a seller; `identity` is freshly sealed for a sole trader, else the company's own."""
    return Seller(
        identity=identity,
        natural_person=company.natural_person,
        vat_regime=company.configuration.vat_regime,
        territory=company.configuration.territory,
        endpoint=identity.siren,
    )


def scope_of(profile: Profile) -> Scope:
    """Which of the e-invoicing circuits a sale to this client belongs to (XP Z12-012, note BAR).

    `out`: associations and other non-taxable bodies in France that are neither persons nor public.
    """
    if profile.kind == "person":
        return "b2c"
    if profile.country != "FR":
        return "b2b_int"
    if profile.kind == "public":
        return "b2g"
    return "b2b" if profile.taxable else "out"
