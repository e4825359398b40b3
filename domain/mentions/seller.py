"""Who sells: what every document says of it (Code de commerce R123-237 and R123-238), and what invoices add."""

from typing import Final

from domain.legal_forms import form_of, says_sole_trader
from domain.mentions import texts
from domain.mentions.references import commerce, invoices, other
from domain.mentions.rule import asks, tells
from domain.mentions.sale import Sale

_SEAT: Final = invoices("1°") + commerce("R123-237")
_BUILDING: Final = other("Code des assurances, art. L243-2 ; loi n° 96-603, art. 22-2")


def _of_company(sale: Sale) -> bool:
    return not sale.natural_person


def _insured(sale: Sale) -> bool:
    return sale.configuration.sector == "building" and sale.kind not in ("credit_note", "debit_note")


def _insurance(sale: Sale) -> str:
    told = sale.configuration
    return texts.said(texts.INSURANCE, sale.on, insurer=told.insurer, cover=told.insurance_cover)


RULES: Final = (
    asks("seller.name", invoices("1°"), lambda sale: sale.identity.name),
    asks("seller.siren", invoices("1°") + commerce("R123-237"), lambda sale: sale.identity.siren),
    asks("seller.street", _SEAT, lambda sale: (sale.identity.address.street or sale.identity.address.extra).strip()),
    asks("seller.postcode", _SEAT, lambda sale: sale.identity.address.postcode.strip()),
    asks("seller.city", _SEAT, lambda sale: sale.identity.address.city.strip()),
    asks("seller.legal_form", commerce("R123-238"), lambda sale: sale.identity.legal_form, _of_company),
    asks(
        "seller.legal_form",
        commerce("R526-27"),
        lambda sale: says_sole_trader(sale.identity.name, sale.identity.legal_form),
        lambda sale: sale.natural_person,
    ),
    asks(
        "seller.capital",
        commerce("R123-238"),
        lambda sale: sale.identity.capital_cents or not form_of(sale.identity.legal_form).capital,
        _of_company,
    ),
    asks(
        "seller.rcs_city",
        commerce("R123-237"),
        lambda sale: sale.identity.rcs_city or not form_of(sale.identity.legal_form).rcs,
        _of_company,
    ),
    asks(
        "seller.vat_number",
        invoices("2°", "3°", "4°", "5° bis"),
        lambda sale: sale.identity.vat_number,
        lambda sale: sale.configuration.vat_regime != "franchise" or sale.has("G", "K", "AE") or sale.of_group,
    ),
    asks("seller.insurer", _BUILDING, lambda sale: sale.configuration.insurer, _insured),
    asks("seller.insurance_cover", _BUILDING, lambda sale: sale.configuration.insurance_cover, _insured),
    tells("INSURANCE", _BUILDING, _insurance, lambda sale: _insured(sale) and bool(sale.configuration.insurer)),
)
