"""How the people of the demo are made. Their SIREN begin with 0, which INSEE gives to no one; their keys are right."""

import re
import unicodedata

from stdnum import luhn
from stdnum.iso7064 import mod_11_10

from domain.client import Profile
from domain.parties import Address, Card, PartyKind, french_vat_number
from domain.terms import PaymentTerms


def siren(rank: int) -> str:
    """A SIREN with a right key that belongs to nobody."""
    body = f"0{rank:07}"
    return body + luhn.calc_check_digit(body)


def siret(rank: int) -> str:
    body = f"{siren(rank)}0001"
    return body + luhn.calc_check_digit(body)


def business(rank: int, name: str, street: str, postcode: str, city: str, kind: PartyKind = "business") -> Profile:
    """A French client with a VAT number, invoiced on 30 days end of month."""
    return Profile(
        kind=kind,
        card=Card(
            name=name, address=Address(street=street, postcode=postcode, city=city, country="FR"),
            email=f"compta@{_domain(name)}", siren=siren(rank), siret=siret(rank),
            vat_number=french_vat_number(siren(rank)) if kind == "business" else "",
        ),
        taxable=kind == "business", terms=PaymentTerms(days=30, end_of_month=True),
    )  # fmt: skip


def person(name: str, street: str, postcode: str, city: str) -> Profile:
    """A private client: pays on receipt."""
    address = Address(street=street, postcode=postcode, city=city, country="FR")
    card = Card(name=name, address=address, email=f"{_slug(name)}@exemple.fr")
    return Profile(kind="person", natural_person=True, taxable=False, card=card, terms=PaymentTerms(days=0))


def trader(rank: int, name: str, street: str, postcode: str, city: str) -> Profile:
    """A sole trader: a natural person who is a business."""
    address = Address(street=street, postcode=postcode, city=city, country="FR")
    card = Card(name=name, address=address, email=f"{_slug(name)}@exemple.fr", siren=siren(rank), siret=siret(rank))
    return Profile(kind="business", natural_person=True, card=card)


def abroad(name: str, street: str, postcode: str, city: str, country: str, vat_number: str = "") -> Profile:
    """A business outside France; within the EU it has a VAT number."""
    address = Address(street=street, postcode=postcode, city=city, country=country)
    return Profile(
        kind="business", country=country, territory="", language="en",
        card=Card(name=name, address=address, email=f"billing@{_domain(name)}", vat_number=vat_number),
        terms=PaymentTerms(days=45),
    )  # fmt: skip


def german_vat() -> str:
    return "DE99999999" + mod_11_10.calc_check_digit("99999999")


def belgian_vat() -> str:
    return f"BE09999999{97 - 9999999 % 97:02}"


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFD", name.lower().replace("œ", "oe"))
    return re.sub(r"[^a-z]+", "-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-")


def _domain(name: str) -> str:
    return f"{_slug(name)[:40].strip('-')}.exemple.fr"
