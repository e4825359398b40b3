"""A row of a file of clients, as the form of a client would say it."""

from collections.abc import Mapping
from uuid import UUID, uuid5

from domain.client import Profile
from domain.errors import DomainError
from domain.parties import check_card
from projections.words import plain
from web import choices, client_form, forms, texts

YES = ("oui", "o", "x", "1", "vrai", "true", "yes", "y")
NO = ("non", "n", "0", "faux", "false", "no")
COPIED = ("name", "siren", "siret", "vat_number", "email", "phone", "street", "extra", "postcode", "city", "tags",
          "delivery_name", "delivery_street", "delivery_postcode", "delivery_city")  # fmt: skip
TICKED = {"sole_trader": "", "taxable": "1", "prospect": "", "reminders": "1"}  # what an empty cell means


def client_of(cells: Mapping[str, str], line_id: UUID) -> Profile:
    """Errors: `forms.Invalid`, its fields named as the columns are."""
    errors: dict[str, str] = {}
    form = {name: cells.get(name, "") for name in COPIED}
    form |= {"territory": "FR", "contacts.0.id": str(uuid5(line_id, "contact"))}
    form |= {f"contacts.0.{part}": cells.get(f"contact_{part}", "") for part in client_form.CONTACT}
    form["kind"] = _one_of(cells, "kind", choices.PARTIES, "business", errors)
    form["country"] = _one_of(cells, "country", choices.countries(), "FR", errors)
    form["language"] = _one_of(cells, "language", choices.LANGUAGES, "fr", errors)
    form["terms"] = _terms(cells.get("terms", ""), errors)
    form |= {name: _ticked(cells, name, errors) for name in TICKED}
    try:
        profile = client_form.read(form)
    except forms.Invalid as invalid:
        errors |= {_column(name): why for name, why in invalid.errors.items()}
    if errors:
        raise forms.Invalid(errors)
    try:
        check_card(profile.card)
    except DomainError as refused:
        raise forms.Invalid({_column(name): why for name, why in texts.at_field(refused).items()}) from None
    return profile


def keys_of(cells: Mapping[str, str], profile: Profile) -> list[str]:
    """What another fiche with the same is the same by."""
    found = {"siren": profile.card.siren, "email": profile.card.email.lower(), "code": cells.get("code", "")}
    return [f"{name}:{value}" for name, value in found.items() if value]


def _one_of(
    cells: Mapping[str, str], name: str, known: Mapping[str, str], usual: str, errors: dict[str, str]
) -> str:  # fmt: skip
    """A choice by its code or its French name."""
    typed = plain(cells.get(name, "")).strip()
    if not typed:
        return usual
    found = next((key for key, word in known.items() if typed in (key.lower(), plain(word))), "")
    if not found:
        some = ", ".join(list(known.values())[:4])
        errors[name] = f"« {cells[name][:40]} » n’est pas connu. Par exemple : {some}."
    return found or usual


def _ticked(cells: Mapping[str, str], name: str, errors: dict[str, str]) -> str:
    typed = plain(cells.get(name, "")).strip()
    if typed and typed not in YES + NO:
        errors[name] = "Écrivez oui ou non."
    return ("1" if typed in YES else "") if typed else TICKED[name]


def _terms(raw: str, errors: dict[str, str]) -> str:
    """`30`, `30 jours`, `45 jours fin de mois`, or empty for those of the company."""
    typed = plain(raw).strip()
    for key, text in choices.terms().items():
        if typed and typed in (plain(text), plain(text).removesuffix(" jours")):
            return key
    if typed:
        errors["terms"] = f"« {raw[:40]} » n’est pas connu. Par exemple : 30 jours fin de mois."
    return ""


def _column(name: str) -> str:
    return name.replace("contacts.0.", "contact_")
