"""Electronic addresses (BT-34, BT-49): where an e-invoice is delivered, under a scheme of the EAS code list.

Source: BR-FR-12, 13 (always present), BR-FR-21, 23, 25 (0225 = SIREN in the French circuit); outside it any scheme.
"""

from typing import Final, NamedTuple

from domain.parties import Card

FRENCH: Final = "0225"
_MAIL: Final = "EM"
_VAT_SCHEMES: Final = {
    "AT": "9914", "BE": "9925", "BG": "9926", "CY": "9928", "CZ": "9929", "DE": "9930", "EE": "9931", "EL": "9933",
    "ES": "9920", "HR": "9934", "HU": "9910", "IE": "9935", "LT": "9937", "LU": "9938", "LV": "9939", "MT": "9943",
    "NL": "9944", "PL": "9945", "PT": "9946", "RO": "9947", "SE": "9955", "SI": "9949", "SK": "9950", "FR": "9957",
    "DK": "0198", "FI": "0213", "IT": "0211",
}  # fmt: skip
# RFC 2606 keeps .invalid for addresses that must be written and cannot exist.
_NOWHERE: Final = "sans-adresse@acheteur.invalid"


class Endpoint(NamedTuple):
    """An address and its scheme."""

    address: str
    scheme: str


def french(address: str) -> Endpoint:
    """An address of the French directory: a SIREN, or a SIREN with a suffix."""
    return Endpoint(address, FRENCH)


def buyer_endpoint(endpoint: str, card: Card) -> Endpoint:
    """The buyer's address: French directory, else the VAT number where that is an address, else e-mail.

    >>> buyer_endpoint("", Card(vat_number="PL5261040828")).scheme
    '9945'
    """
    scheme = _VAT_SCHEMES.get(card.vat_number[:2], "")
    if endpoint or card.siren:
        return french(endpoint or card.siren)
    if scheme:
        return Endpoint(card.vat_number, scheme)
    return Endpoint(card.email or _NOWHERE, _MAIL)
