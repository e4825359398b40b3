"""The settings' two forms: the company's identity, and what it decides for its documents."""

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from domain import half_years
from domain.company import Company, Configuration, Identity
from domain.half_years import HalfYear
from domain.legal_forms import SOLE_TRADER
from domain.numbering import Numbering, number
from domain.parties import Address, Card
from web import choices, forms, numbers_typed
from web.filters import amount, day, rate
from web.forms import Fields

REGIMES = {
    "cash": "TVA à l’encaissement pour les services",
    "debit": "TVA sur les débits (à la facture)",
    "franchise": "Franchise en base, sans TVA",
}
KINDS = {"invoice": "Factures", "credit_note": "Avoirs", "debit_note": "Notes de débit", "quote": "Devis"}
SIZES = {"small": "PME ou micro-entreprise", "large": "Grande entreprise ou ETI"}
SECTORS = {
    "general": "Cas général", "building": "Travaux du bâtiment", "transport": "Transport, location de véhicules",
    "perishable": "Produits alimentaires périssables",
}  # fmt: skip
PRINTED = ("insurer", "insurance_cover", "mediator", "quote_fee", "travel")  # of the configuration, as written
LINES = ("name", "legal_form", "rcs_city", "register", "phone")
ADDRESS = ("street", "extra", "postcode", "city")
GROUP = ("group_street", "group_postcode", "group_city")  # the address of the assujetti unique
NUMBERS = ("siren", "siret", "vat_number", "iban", "bic")
LONGEST_QUOTE_DAYS = 365
HIGHEST_BP = 3_000

LABELS = {
    "capital": "Capital social", "rcs_city": "Ville du RCS", "street": "Rue", "extra": "Complément",
    "vat_regime": "Régime de TVA", "territory": "Territoire de TVA", "terms": "Conditions de paiement",
    "late_rate": "Pénalités de retard", "discount_text": "Escompte", "quote_days": "Validité des devis",
    "register": "Autre registre", "size": "Taille de l’entreprise", "sector": "Activité", "insurer": "Assureur",
    "insurance_cover": "Zone couverte", "mediator": "Médiateur de la consommation", "quote_fee": "Prix d’un devis",
    "retention_base": "Base de la retenue de garantie",
    "travel": "Frais de déplacement",
} | {f"number_{kind}": f"Numéros des {label.lower()}" for kind, label in KINDS.items()}  # fmt: skip


def identity_values(identity: Identity, *, natural_person: bool) -> dict[str, str]:
    """`identity` in clear."""
    told = {name: getattr(identity, name) for name in (*LINES, *NUMBERS, "email")}
    told |= {name: getattr(identity.address, name) for name in ADDRESS}
    told["capital"] = amount(identity.capital_cents) if identity.capital_cents else ""
    group = identity.member_of
    told |= {"group_name": group.name, "group_vat_number": group.vat_number}
    told |= {name: getattr(group.address, name.removeprefix("group_")) for name in GROUP}
    return told | {"natural_person": "1" if natural_person else ""}


def read_identity(form: Mapping[str, str]) -> tuple[Identity, bool]:
    """The identity that a person typed, and whether it is a natural person's. Errors: `forms.Invalid`."""
    fields = Fields(form)
    fields.need("name", forms.text)
    lines = {name: fields.get(name, forms.text, "") for name in LINES}
    numbers = {name: fields.get(name, _compact, "") for name in NUMBERS}
    address = {name: fields.get(name, forms.text, "") for name in ADDRESS}
    group = _group(fields)
    email, capital_cents = fields.get("email", numbers_typed.email, ""), fields.get("capital", forms.cents, 0)
    fields.check()
    has_address = any(address.values())
    natural_person = bool(form.get("natural_person"))
    lines["legal_form"] = lines["legal_form"] or (SOLE_TRADER.name if natural_person else "")
    identity = Identity(
        **lines, **numbers, email=email, capital_cents=capital_cents,
        address=Address(**address, country="FR") if has_address else Address(), member_of=group,
    )  # fmt: skip
    return identity, natural_person


def _group(fields: Fields) -> Card:
    """The assujetti unique; empty when nothing of it was typed."""
    name, number = fields.get("group_name", forms.text, ""), fields.get("group_vat_number", _compact, "")
    told = {part.removeprefix("group_"): fields.get(part, forms.text, "") for part in GROUP}
    if not any((name, number, *told.values())):
        return Card()
    return Card(name=name, vat_number=number, address=Address(**told, country="FR"))


def configuration_values(configuration: Configuration) -> dict[str, str]:
    told = {
        "vat_regime": configuration.vat_regime,
        "territory": configuration.territory,
        "price_mode": configuration.price_mode,
        "terms": choices.terms_key(configuration.terms),
        "late_rate": rate(configuration.late_rate_bp) if configuration.late_rate_bp else "",
        "discount_text": configuration.discount_text,
        "quote_days": str(configuration.quote_days),
        "size": configuration.size,
        "sector": configuration.sector,
        "retention_base": configuration.retention_base,
    }
    told |= {name: getattr(configuration, name) for name in PRINTED}
    told |= {
        f"{name}.{one.first_on}": rate(bp)
        for one in configuration.half_years
        for name, bp in (("ecb", one.ecb_bp), ("legal", one.legal_bp))
        if bp is not None
    }
    return told | {f"number_{kind}": getattr(configuration.numbering, kind) for kind in KINDS}


def read_configuration(form: Mapping[str, str], today: datetime.date) -> Configuration:
    """Errors: `forms.Invalid`."""
    fields = Fields(form)
    facts: dict[str, Any] = {
        "vat_regime": fields.need("vat_regime", forms.one_of(REGIMES)),
        "territory": fields.need("territory", forms.one_of(choices.territories())),
        "price_mode": fields.need("price_mode", forms.one_of(choices.PRICE_MODES)),
        "terms": fields.need("terms", forms.of(choices.terms_of)),
        "late_rate_bp": fields.get("late_rate", forms.rate_bp, 0),
        "discount_text": fields.get("discount_text", forms.text, ""),
        "quote_days": fields.need("quote_days", _days),
        "size": fields.need("size", forms.one_of(SIZES)),
        "sector": fields.need("sector", forms.one_of(SECTORS)),
        "retention_base": fields.need("retention_base", forms.one_of(choices.PRICE_MODES)),
    }
    facts |= {name: fields.get(name, forms.text, "") for name in PRINTED}
    facts["half_years"] = tuple(_half_years(fields, today))
    patterns = {kind: fields.need(f"number_{kind}", forms.text) for kind in KINDS}
    fields.check()
    return Configuration(numbering=Numbering(**patterns), **facts)


def asked_rates(today: datetime.date) -> dict[str, str]:
    """The fields of the rates that the program does not know, each with its label."""
    return {
        f"{name}.{first_on}": f"{label} au {day(first_on)}, en %"
        for first_on in half_years.asked(today)
        for name, label in (("ecb", "Taux de refinancement de la BCE"), ("legal", "Intérêt légal entre professionnels"))
    }


def _half_years(fields: Fields, today: datetime.date) -> Iterator[HalfYear]:
    for first_on in half_years.asked(today):
        ecb_bp, legal_bp = (fields.get(f"{name}.{first_on}", _percentage, None) for name in ("ecb", "legal"))
        if ecb_bp is not None or legal_bp is not None:
            yield HalfYear(first_on=first_on, ecb_bp=ecb_bp, legal_bp=legal_bp)


def fixed_patterns(company: Company, today: datetime.date) -> dict[str, bool]:
    """Which kinds have numbered a document this year: their pattern stays until the next one."""
    patterns = {kind: company.configuration.numbering.pattern(kind, today) for kind in KINDS}
    return {kind: bool(company.series_of(kind, pattern)) for kind, pattern in patterns.items()}


def examples(company: Company, today: datetime.date) -> dict[str, str]:
    """The first number of each kind this year."""
    return {kind: number(company.configuration.numbering.pattern(kind, today), 1) for kind in KINDS}


def _compact(raw: str) -> str:
    return numbers_typed.compact(forms.text(raw))


def _percentage(raw: str) -> int:
    bp = forms.rate_bp(raw)
    if not 0 <= bp <= HIGHEST_BP:
        raise forms.Unreadable("Un taux annuel, de 0 à 30 %.")
    return bp


def _days(raw: str) -> int:
    if not raw.strip().isdecimal() or not 1 <= int(raw) <= LONGEST_QUOTE_DAYS:
        raise forms.Unreadable(f"Un nombre de jours, de 1 à {LONGEST_QUOTE_DAYS}.")
    return int(raw)
