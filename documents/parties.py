"""The blocks of seller and buyer as they are printed.

Source: Code de commerce R123-237 and R123-238 (legal form, capital, SIREN, RCS and its city, registered office);
CGI ann. II art. 242 nonies A, I-1° to 5° bis.
"""

from babel import Locale

from documents.paper import Party, Seller
from documents.words import FRENCH, NBSP, Tongue, euros
from domain.company import Identity
from domain.parties import Address, Card, siren_of_vat_number


def seller(identity: Identity, logo: bytes = b"") -> Seller:
    """The letterhead and the identity line at the foot, in French: the law asks for the second."""
    address = address_lines(identity.address)
    return Seller(
        name=identity.name,
        address=address,
        details=_present(identity.phone, identity.email, *_group(identity.member_of)),
        legal=_present(
            _form(identity), ", ".join(address), _register(identity), identity.register, vat_number(identity.vat_number)
        ),
        logo=logo,
    )


def party(card: Card, words: Tongue, siren: str = "", siret: str = "", number: str = "") -> Party:
    """A buyer, with the numbers that stand beside its card, or in it when it was sealed."""
    siret, siren = siret or card.siret, siren or card.siren
    company_number = f"SIRET{NBSP}{siret_groups(siret)}" if siret else f"SIREN{NBSP}{thousands(siren)}" if siren else ""
    return Party(
        name=card.name,
        address=address_lines(card.address, words),
        details=_present(company_number, vat_number(number or card.vat_number, words)),
    )


def address_lines(address: Address, words: Tongue = FRENCH) -> tuple[str, ...]:
    """Street, then town, then the country when it is not France."""
    town = f"{address.postcode} {address.city}".strip()
    abroad = Locale(words.tag[:2]).territories.get(address.country, address.country) if address.country != "FR" else ""
    return _present(*address.street.splitlines(), *address.extra.splitlines(), town, abroad)


def vat_number(number: str, words: Tongue = FRENCH) -> str:
    """`TVA FR44732829320`."""
    return words.say("TVA {number}", number=number).replace(" ", NBSP) if number else ""


def thousands(siren: str) -> str:
    """`732 829 320`."""
    return NBSP.join(siren[at : at + 3] for at in range(0, len(siren), 3))


def siret_groups(siret: str) -> str:
    """`732 829 320 00074`."""
    return f"{thousands(siret[:9])}{NBSP}{siret[9:]}"


def _form(identity: Identity) -> str:
    capital = f"au capital de {euros(identity.capital_cents).replace(',00', '')}" if identity.capital_cents else ""
    form = " ".join(_present(identity.legal_form, capital))
    return f"{identity.name}, {form}" if form else identity.name


def _group(group: Card) -> tuple[str, ...]:
    """The assujetti unique that the seller is a member of, beside the seller (242 nonies A, I-1°, 2° and 5° bis)."""
    if group == Card():
        return ()
    siren = siren_of_vat_number(group.vat_number)
    numbers = f"SIREN{NBSP}{thousands(siren)}, {vat_number(group.vat_number)}"
    return (f"Membre d’un assujetti unique : {group.name}", *address_lines(group.address), numbers)


def _register(identity: Identity) -> str:
    if not identity.siren:
        return ""
    number = thousands(identity.siren)
    return f"{number}{NBSP}RCS{NBSP}{identity.rcs_city}" if identity.rcs_city else f"SIREN{NBSP}{number}"


def _present(*texts: str) -> tuple[str, ...]:
    return tuple(text for text in texts if text)
