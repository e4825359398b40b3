"""Seller (BG-4), buyer (BG-7), who owes the VAT (BG-11), place of delivery (BG-13) as trade parties."""

from typing import Final

from documents.facturx.endpoints import Endpoint, buyer_endpoint, french
from documents.facturx.source import Source
from documents.facturx.tree import Element, add, group
from documents.facturx.words import euros
from domain.company import Identity
from domain.parties import Address, Card, siren_of_vat_number

_SIREN: Final = "0002"  # ISO 6523
_SIRET: Final = "0009"
_GROUP: Final = "0231"  # the SIREN of an assujetti unique: BR-FR-CO-14 and 15 then want its note and BG-11


def seller(parent: Element, source: Source) -> None:
    """BG-4. A seller without a VAT number (franchise) is known to the tax office by its SIREN (BT-32)."""
    identity = source.opened.identity(source.issued.seller.identity)
    party = group(parent, "ram:SellerTradeParty")
    _numbers(
        party, identity.name, identity.siren, identity.siret, legal=_legal(identity),
        group_siren=siren_of_vat_number(source.group.vat_number) if source.names_group else "",
    )  # fmt: skip
    if identity.phone or identity.email:
        contact = group(party, "ram:DefinedTradeContact")
        add(contact, "ram:PersonName", identity.name)
        _reach(contact, "ram:TelephoneUniversalCommunication", "ram:CompleteNumber", identity.phone)
        _reach(contact, "ram:EmailURIUniversalCommunication", "ram:URIID", identity.email)
    address(party, identity.address, "FR")
    _endpoint(party, french(source.issued.seller.endpoint or identity.siren))
    if identity.vat_number:
        _vat_number(party, identity.vat_number, source)
    else:
        _registration(party, identity.siren, "FC")


def representative(parent: Element, source: Source) -> None:
    """BG-11: who owes the VAT in the place of the seller, here the assujetti unique of which it is a member."""
    group_of = source.group
    if not source.names_group:
        return
    party = group(parent, "ram:SellerTaxRepresentativeTradeParty")
    add(party, "ram:Name", group_of.name)
    address(party, group_of.address, "FR")
    _registration(party, group_of.vat_number, "VA")


def buyer(parent: Element, source: Source) -> None:
    """BG-7. A natural person's numbers come from the sealed card."""
    bought = source.issued.buyer
    card = source.opened.card(bought.card)
    numbers = Card(
        siren=bought.siren or card.siren,
        siret=bought.siret or card.siret,
        vat_number=bought.vat_number or card.vat_number,
        email=card.email,
    )
    party = group(parent, "ram:BuyerTradeParty")
    _numbers(party, card.name, numbers.siren, numbers.siret)
    address(party, card.address, bought.country)
    _endpoint(party, buyer_endpoint(bought.endpoint, numbers))
    _vat_number(party, numbers.vat_number, source)


def place(parent: Element, card: Card, country: str) -> None:
    """BG-13: name and address of where the goods go."""
    party = group(parent, "ram:ShipToTradeParty")
    add(party, "ram:Name", card.name)
    address(party, card.address, country)


def address(party: Element, where: Address, country: str) -> None:
    """A postal address; `country` where it says none."""
    lines = [*where.street.splitlines(), *where.extra.splitlines()]
    postal = group(party, "ram:PostalTradeAddress")
    add(postal, "ram:PostcodeCode", where.postcode)
    add(postal, "ram:LineOne", lines[0] if lines else "")
    add(postal, "ram:LineTwo", lines[1] if lines[1:] else "")
    add(postal, "ram:LineThree", ", ".join(lines[2:]))
    add(postal, "ram:CityName", where.city)
    add(postal, "ram:CountryID", where.country or country)


def _numbers(party: Element, name: str, siren: str, siret: str, legal: str = "", group_siren: str = "") -> None:
    add(party, "ram:GlobalID", siret, schemeID=_SIRET)
    add(party, "ram:GlobalID", group_siren, schemeID=_GROUP)
    add(party, "ram:Name", name)
    add(party, "ram:Description", legal)
    if siren:
        add(group(party, "ram:SpecifiedLegalOrganization"), "ram:ID", siren, schemeID=_SIREN)


def _legal(identity: Identity) -> str:
    """BT-33: form and capital, register and its town (Code de commerce R123-237, R123-238)."""
    capital = f"au capital de {euros(identity.capital_cents).replace(',00', '')}" if identity.capital_cents else ""
    form = " ".join(part for part in (identity.legal_form, capital) if part)
    register = f"RCS {identity.rcs_city}" if identity.rcs_city else identity.register
    registered = f"{identity.siren} {register}" if register else ""
    return ", ".join(part for part in (form, registered) if part)


def _endpoint(party: Element, endpoint: Endpoint) -> None:
    add(group(party, "ram:URIUniversalCommunication"), "ram:URIID", endpoint.address, schemeID=endpoint.scheme)


def _vat_number(party: Element, number: str, source: Source) -> None:
    """EN 16931 wants no VAT number at all on an invoice outside VAT (BR-O-02)."""
    if number and not source.is_outside_vat:
        _registration(party, number, "VA")


def _registration(party: Element, number: str, scheme: str) -> None:
    add(group(party, "ram:SpecifiedTaxRegistration"), "ram:ID", number, schemeID=scheme)


def _reach(contact: Element, tag: str, inner: str, value: str) -> None:
    if value:
        add(group(contact, tag), inner, value)
