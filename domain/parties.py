"""Who buys and who sells: cards, addresses, French identity numbers.

What identifies a natural person stands in a `Card` that is sealed before it reaches a line
(`ledger-format.md` § 4): a sealed card holds its digest and nothing else.
"""

from collections.abc import Callable
from typing import Any, Literal, dataclass_transform
from uuid import UUID

import msgspec
from stdnum import iban
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError
from stdnum.fr import siren, siret, tva

from domain.errors import Malformed
from domain.places import VAT_PREFIXES

_FRENCH_VAT = 13  # FR, a key of two, a SIREN
_SHORTEST_VAT = 4  # outside the Union: a country code (EN 16931, BR-CO-09), then a number of whatever form

PartyKind = Literal["person", "business", "association", "public"]


@dataclass_transform(frozen_default=True, kw_only_default=True)
class _FactMeta(msgspec.StructMeta):
    """Makes every nested fact frozen, keyword-only and strict, so that no class has to say it again."""

    def __new__(mcls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any) -> "_FactMeta":
        always = {"frozen": True, "kw_only": True, "omit_defaults": True, "forbid_unknown_fields": True}
        return super().__new__(mcls, name, bases, namespace, **options | always)


class Fact(msgspec.Struct, metaclass=_FactMeta):
    """A nested fact of an event: immutable; an empty one is absent from the line."""


class Sealed(Fact):
    """In place of a text that can identify a person; `sealed` is 64 hex digits."""

    sealed: str


Text = str | Sealed


class Address(Fact):
    """A postal address; `country` is an ISO 3166-1 code of two letters, always given where there is an address."""

    street: str = ""
    extra: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""


class Card(Fact):
    """Name, address and numbers of a party. For a natural person it is sealed whole."""

    sealed: str = ""
    name: str = ""
    address: Address = Address()
    email: str = ""
    phone: str = ""
    siren: str = ""
    siret: str = ""
    vat_number: str = ""


class ContactCard(Fact):
    """A person at the client's; always sealed."""

    sealed: str = ""
    name: str = ""
    role: str = ""
    email: str = ""
    phone: str = ""


class Contact(Fact):
    """A contact; `id` is the subject of its seals."""

    id: UUID
    card: ContactCard


def check_card(card: Card) -> None:
    """Refuses numbers with a wrong key or length. Empty ones pass: `mentions` asks for them when they are due.

    Errors: `Malformed` with the field.
    Source: python-stdnum (Luhn for SIREN and SIRET; each Member State's own key for VAT numbers); EN 16931 BR-CO-09.
    """
    _check("siren", card.siren, siren.validate)
    _check("siret", card.siret, siret.validate)
    if (card.address.country or "FR").lower() in eu_vat.MEMBER_STATES:
        _check("vat_number", card.vat_number, eu_vat.validate)
    elif card.vat_number and (card.vat_number[:2] not in VAT_PREFIXES or len(card.vat_number) < _SHORTEST_VAT):
        raise Malformed("vat_number", card.vat_number)
    if card.siret and card.siren and not card.siret.startswith(card.siren):
        raise Malformed("siret", card.siret)


def check_iban(number: str) -> None:
    """Refuses an IBAN with a wrong key, country or length."""
    _check("iban", number, iban.validate)


def french_vat_number(number: str) -> str:
    """The VAT number that follows from a SIREN.

    >>> french_vat_number("732829320")
    'FR44732829320'
    """
    return f"FR{siren.to_tva(number).replace(' ', '')}"


def siren_of_vat_number(number: str) -> str:
    """The SIREN in a French VAT number; empty when it is not one, or its key is wrong.

    >>> siren_of_vat_number("FR44732829320"), siren_of_vat_number("FR45732829320")
    ('732829320', '')
    """
    held = number[4:]
    is_one = number[:2] == "FR" and len(number) == _FRENCH_VAT and tva.is_valid(number) and siren.is_valid(held)
    return held if is_one else ""


def _check(field: str, value: str, validate: Callable[[str], str]) -> None:
    if not value:
        return
    try:
        compact = validate(value)
    except ValidationError:
        raise Malformed(field, value) from None
    if compact != value:  # spaces and dots are removed where the number enters, never here
        raise Malformed(field, value)
