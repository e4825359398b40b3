"""Who buys, and where the goods go."""

from typing import Final

from domain.mentions.references import NEW_MENTIONS, invoices, other
from domain.mentions.rule import asks
from domain.mentions.sale import Sale
from domain.parties import Address
from domain.places import POSTCODED, VAT_PREFIXES


def _delivered_elsewhere(sale: Sale) -> bool:
    """Goods go to an address of its own."""
    return sale.delivery.address != Address() and any(line.nature == "goods" for line in sale.lines)


def _has_postcode(sale: Sale) -> str:
    return sale.card.address.postcode.strip()


def _has_street(sale: Sale) -> str:
    return (sale.card.address.street or sale.card.address.extra).strip()  # a place has a name where it has no street


RULES: Final = (
    asks("buyer.name", invoices("1°"), lambda sale: sale.card.name.strip()),
    asks("buyer.street", invoices("1°"), _has_street),
    asks("buyer.postcode", invoices("1°"), _has_postcode, lambda sale: sale.profile.country in POSTCODED),
    asks("buyer.city", invoices("1°"), lambda sale: sale.card.address.city.strip()),
    # The law asks it from NEW_MENTIONS on; the electronic invoice cannot be written without it, whatever the day.
    asks(
        "buyer.siren",
        other("AFNOR XP Z12-012, BR-FR-11 et 21") + invoices("1°"),
        lambda sale: sale.card.siren,
        lambda sale: sale.profile.country == "FR" and sale.scope in ("b2b", "b2g"),
    ),
    asks(
        "buyer.vat_number",
        invoices("3°", "4°"),
        lambda sale: sale.card.vat_number,
        lambda sale: sale.has("AE", "K") or sale.in_union_abroad,
    ),
    asks(  # else the electronic invoice is refused, whatever it sells
        "buyer.vat_number",
        other("EN 16931, BR-CO-09"),
        lambda sale: sale.card.vat_number[:2] in VAT_PREFIXES,
        lambda sale: bool(sale.card.vat_number),
    ),
    asks(
        "buyer.delivery_city",
        invoices("7° bis"),
        lambda sale: sale.delivery.address.city,
        _delivered_elsewhere,
        since=NEW_MENTIONS,
    ),
    asks(
        "buyer.email",  # else the electronic invoice has no address to go to
        other("AFNOR XP Z12-012, BR-FR-12"),
        lambda sale: sale.card.email or sale.card.siren or sale.card.vat_number,
        only_advised=True,
    ),
)
