"""The form of a client: its fields from a profile, and a profile from its fields."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid4

from domain.client import Profile
from domain.parties import Card, Contact, ContactCard, french_vat_number
from projections.clients import ContactRow
from web import choices, delivery_form, forms, labels, numbers_typed
from web.forms import Fields
from web.numbers_typed import compact

CARD = ("name", "email", "phone", "siren", "siret", "vat_number")
CONTACT = ("name", "role", "email", "phone")
TICKS = ("sole_trader", "taxable", "prospect", "reminders")
CONTACT_FIELD = re.compile(r"contacts\.(\d+)\.\w+")

NEW = {"kind": "business", "country": "FR", "territory": "FR", "taxable": "1", "language": "fr", "reminders": "1"}

LABELS = {
    "kind": "Genre",
    "sole_trader": "Entrepreneur individuel",
    "taxable": "Assujetti à la TVA",
    "prospect": "Prospect",
    "reminders": "Relances automatiques",
    "street": "Rue",
    "extra": "Complément",
    "territory": "Territoire de TVA",
    "terms": "Conditions de paiement",
    "language": "Langue",
    "tags": "Étiquettes",
}


def values(profile: Profile, card: Card, delivery: Card, contacts: Iterable[ContactRow]) -> dict[str, str]:
    """The fields of a client's form; cards and contacts in clear."""
    told: dict[str, Any] = {
        "kind": profile.kind,
        "sole_trader": profile.natural_person and profile.kind != "person",
        "taxable": profile.taxable,
        "prospect": profile.prospect,
        "reminders": profile.reminders,
        "country": profile.country,
        "territory": profile.territory,
        "terms": choices.terms_key(profile.terms),
        "language": profile.language,
        "tags": ", ".join(profile.tags),
    }
    told |= {name: getattr(card, name) for name in CARD}
    told |= {name: getattr(card.address, name) for name in delivery_form.PARTS} | delivery_form.values(delivery)
    for rank, contact in enumerate(contacts):
        told[f"contacts.{rank}.id"] = str(contact.id)
        told |= {f"contacts.{rank}.{name}": getattr(contact, name) for name in CONTACT}
    return {name: ("1" if value else "") if isinstance(value, bool) else value for name, value in told.items()}


def ranks(form: Mapping[str, str]) -> list[int]:
    """The rows of contacts that a form has."""
    return sorted({int(found[1]) for name in form if (found := CONTACT_FIELD.fullmatch(name))})


def changed(form: Mapping[str, str], action: str) -> dict[str, str]:
    """The form after a button that saves nothing: a contact more (`contact`) or less (`retirer-2`), the VAT number."""
    told = dict(form)
    if action == "contact":
        rank = max(ranks(form), default=-1) + 1
        told |= {f"contacts.{rank}.id": str(uuid4()), f"contacts.{rank}.name": ""}
    elif action.startswith("retirer-"):
        gone = f"contacts.{action.removeprefix('retirer-')}."
        told = {name: value for name, value in told.items() if not name.startswith(gone)}
    else:
        told["vat_number"] = told.get("vat_number") or proposed_vat_number(form)
    return told


def proposed_vat_number(form: Mapping[str, str]) -> str:
    """What follows from a French SIREN, itself perhaps from the SIRET; empty when it does not."""
    siren = compact(form.get("siren", "")) or compact(form.get("siret", ""))[:9]
    if form.get("country", "FR") != "FR" or not re.fullmatch(r"\d{9}", siren):
        return ""
    return french_vat_number(siren)


def read(form: Mapping[str, str]) -> Profile:
    """The profile that a person typed. Errors: `forms.Invalid`."""
    fields = Fields(form)
    kind = fields.need("kind", forms.one_of(choices.PARTIES))
    country = fields.need("country", forms.one_of(choices.countries()))
    profile: dict[str, Any] = {
        "kind": kind,
        "natural_person": kind == "person" or bool(form.get("sole_trader")),
        "taxable": kind != "person" and bool(form.get("taxable")),
        "prospect": bool(form.get("prospect")),
        "reminders": bool(form.get("reminders")),
        "country": country,
        "territory": fields.get("territory", forms.one_of(choices.territories()), "FR") if country == "FR" else "FR",
        "card": _card(fields, country, numbers=kind != "person"),
        "delivery": delivery_form.read(fields),
        "contacts": tuple(_contacts(fields)),
        "terms": fields.get("terms", forms.of(choices.terms_of), None),
        "language": fields.get("language", forms.one_of(choices.LANGUAGES), "fr"),
        "tags": fields.get("tags", _tags, ()),
    }
    fields.check()
    return Profile(**profile)


def differences(kept: Mapping[str, str], typed: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """(label, what is saved, what is typed) of each field in which they differ."""
    names = dict.fromkeys([*kept, *(name for name in typed if name in LABELS or CONTACT_FIELD.fullmatch(name))])
    return [
        (label(name), said(name, kept.get(name, "")), said(name, typed.get(name, "")))
        for name in names
        if not name.endswith(".id") and kept.get(name, "") != typed.get(name, "")
    ]


def said(name: str, value: str) -> str:
    """What a field holds as a person reads it."""
    if name in TICKS:
        return "oui" if value else "non"
    if name == "terms":
        return choices.terms(value)[value] if value else "Celles de la société"
    named: dict[str, Mapping[str, str]] = {
        "kind": choices.PARTIES, "country": choices.countries(), "delivery_country": choices.countries(),
        "territory": choices.territories(), "language": choices.LANGUAGES,
    }  # fmt: skip
    return named.get(name, {}).get(value, value)


def label(name: str) -> str:
    """A field of this form in French: `contacts.0.email` is « Contact 1, adresse e-mail »."""
    if found := CONTACT_FIELD.fullmatch(name):
        return f"Contact {int(found[1]) + 1}, {labels.field(name.rsplit('.', 1)[-1]).lower()}"
    return LABELS.get(name) or labels.field(name)


def _card(fields: Fields, country: str, *, numbers: bool) -> Card:
    siret = fields.get("siret", numbers_typed.siret, "") if numbers else ""
    return Card(
        name=fields.need("name", forms.text),
        address=delivery_form.read_address(fields, country or ""),
        email=fields.get("email", numbers_typed.email, ""),
        phone=fields.get("phone", forms.text, ""),
        siren=fields.get("siren", numbers_typed.siren, "") or (siret or "")[:9] if numbers else "",
        siret=siret,
        vat_number=fields.get("vat_number", numbers_typed.vat_number(country), "") if numbers else "",
    )


def _contacts(fields: Fields) -> Iterable[Contact]:
    for rank in ranks(fields.form):
        typed = {name: fields.get(f"contacts.{rank}.{name}", PARSERS.get(name, forms.text), "") for name in CONTACT}
        if any(typed.values()):
            yield Contact(id=fields.get(f"contacts.{rank}.id", forms.uuid, UUID(int=0)), card=ContactCard(**typed))


def _tags(raw: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag.strip() for tag in forms.text(raw).split(",") if tag.strip()))


PARSERS = {"email": numbers_typed.email}
