"""Where goods go or works are done: the fields that the form of a client and that of a document have in common."""

from collections.abc import Mapping

from domain.parties import Address, Card
from web import choices, forms
from web.forms import Fields

PARTS = ("street", "extra", "postcode", "city")
TYPED = ("delivery_name", *(f"delivery_{part}" for part in PARTS))  # the country is a list: it never is empty
NO_ADDRESS = "Indiquez la rue ou la ville."


def values(place: Card) -> dict[str, str]:
    """The fields of a place; its card in clear."""
    told = {"delivery_name": place.name, "delivery_country": place.address.country}
    return told | {f"delivery_{part}": getattr(place.address, part) for part in PARTS}


def read(fields: Fields) -> Card:
    """The place that a person typed, an empty card when she typed none; one that is no address is refused."""
    country = fields.get("delivery_country", forms.one_of(choices.countries()), "FR") or "FR"
    address = read_address(fields, country, "delivery_")
    name = fields.get("delivery_name", forms.text, "") or ""
    if not is_typed(fields.form):
        return Card()
    if not any(fields.form.get(f"delivery_{part}", "").strip() for part in ("street", "city")):
        fields.refuse("delivery_city", NO_ADDRESS)
    return Card(name=name, address=address)


def read_address(fields: Fields, country: str, prefix: str = "") -> Address:
    return Address(country=country, **{part: fields.get(f"{prefix}{part}", forms.text, "") or "" for part in PARTS})


def is_typed(form: Mapping[str, str]) -> bool:
    return any(form.get(name, "").strip() for name in TYPED)


def said(place: Card) -> str:
    """A place on one line."""
    address = place.address
    town = f"{address.postcode} {address.city}".strip()
    abroad = "" if address.country in ("", "FR") else choices.countries().get(address.country, address.country)
    return ", ".join(filter(None, (place.name, address.street, address.extra, town, abroad)))
