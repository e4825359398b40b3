"""What the identity of a company must be before it is recorded: a name, numbers with their keys, a seat in France."""

from dataclasses import dataclass

from domain.company import Identity
from domain.errors import DomainError, Malformed, Missing
from domain.parties import Card, check_card, check_iban, siren_of_vat_number


@dataclass(eq=False)
class SeatAbroad(DomainError):
    """A company here is established in France. One that is not, and not in the Union either, invoices through a fiscal
    representative (CGI 289 A; ann. II, 242 nonies A, I-5°), whom no document here names.
    """

    country: str


def check_identity(identity: Identity) -> None:
    """Refuses an identity without a name, with a number whose key is wrong, or with a seat abroad.

    Errors: `Malformed`, `SeatAbroad`; `Missing` for a part of the assujetti unique.
    """
    if not identity.name:
        raise Malformed("name", "")
    check_card(
        Card(siren=identity.siren, siret=identity.siret, vat_number=identity.vat_number, address=identity.address)
    )
    check_iban(identity.iban)
    if identity.address.country not in ("", "FR"):
        raise SeatAbroad(identity.address.country)
    _check_group(identity.member_of)


def _check_group(group: Card) -> None:
    """All or nothing: CGI, ann. II, 242 nonies A, I-1°, 2° and 5° bis. It has a SIREN of its own (C. com. R123-220)."""
    if group == Card():
        return
    place = group.address
    told = {
        "name": group.name, "street": place.street or place.extra, "postcode": place.postcode, "city": place.city,
        "vat_number": group.vat_number,
    }  # fmt: skip
    for part, value in told.items():
        if not value.strip():
            raise Missing(f"group_{part}")
    if not siren_of_vat_number(group.vat_number):
        raise Malformed("group_vat_number", group.vat_number)
