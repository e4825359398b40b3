"""What the assistant asks: who the company is, its VAT, its terms, its numbers. The rest keeps its default."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from msgspec.structs import replace

from domain import numbering
from domain.company import Configuration, Identity
from domain.errors import DomainError
from domain.fiscal_years import LONGEST, Year, of_day
from domain.identity import check_identity
from domain.legal_forms import SOLE_TRADER, form_of
from domain.parties import Fact, french_vat_number
from domain.reminder_policy import Policy
from domain.terms import years_later
from web import forms, numbers_typed, settings_form, texts
from web.forms import Fields, Invalid

NEEDED = ("siren", "name", "legal_form", "street", "postcode", "city")
REMINDERS = {
    "automatic": "Envoyées d’elles-mêmes, aux échéances",
    "manual": "Listées au tableau de bord ; vous les envoyez",
}
LABELS = settings_form.LABELS | {
    "siren": "SIREN", "name": "Nom ou raison sociale", "legal_form": "Forme juridique", "postcode": "Code postal",
    "city": "Ville", "email": "Adresse e-mail", "vat_number": "Numéro de TVA", "reminders": "Relances", "iban": "IBAN",
    "plan": "Offre", "rhythm": "Facturation", "fiscal_first": "Premier jour de l’exercice",
    "fiscal_last": "Dernier jour de l’exercice",
}  # fmt: skip


class Asked(Fact, kw_only=True):
    """A company as it is to be opened on that `day`, ISO; no `fiscal_year`: the civil year."""

    identity: Identity
    configuration: Configuration
    natural_person: bool = False
    reminders: Policy = Policy()
    day: str
    fiscal_year: Year | None = None


def usual(email: str, day: date) -> dict[str, str]:
    """What the form shows at first."""
    first_on, last_on = of_day((), day)
    year = {"fiscal_first": first_on.isoformat(), "fiscal_last": last_on.isoformat()}
    return settings_form.configuration_values(Configuration()) | year | {"reminders": "automatic", "email": email}


def read(form: Mapping[str, str], day: str) -> Asked:
    """Errors: `Invalid`, with all messages at once."""
    whole = settings_form.configuration_values(Configuration()) | dict(form)
    sole_trader = form_of(form.get("legal_form", "")) == SOLE_TRADER
    parts = _together(
        lambda: _needed(form),
        lambda: settings_form.read_identity(whole | {"natural_person": "1" if sole_trader else ""}),
        lambda: settings_form.read_configuration(whole, date.fromisoformat(day)),
        lambda: _fiscal_year(form, date.fromisoformat(day)),
    )
    automatic, (identity, natural_person), configuration, fiscal_year = parts
    identity = _numbered(identity, configuration)
    _check(lambda: check_identity(identity))
    _check(lambda: numbering.check(configuration.numbering))
    return Asked(
        identity=identity, configuration=configuration, natural_person=natural_person,
        reminders=Policy(automatic=automatic), day=day, fiscal_year=fiscal_year,
    )  # fmt: skip


def _needed(form: Mapping[str, str]) -> bool:
    """Whether reminders leave by themselves; what must be filled is filled, and the SIREN has its key."""
    fields = Fields(form)
    for name in NEEDED:
        fields.need(name, numbers_typed.siren if name == "siren" else forms.text)
    automatic = fields.need("reminders", forms.one_of(REMINDERS)) == "automatic"
    if form_of(form.get("legal_form", "")).capital and not form.get("capital", "").strip():
        fields.refuse("capital", "À remplir : il s’imprime sur les documents d’une société.")
    fields.check()
    return automatic


def _numbered(identity: Identity, configuration: Configuration) -> Identity:
    """The VAT number follows from the SIREN; one that is exempt prints none unless it was typed."""
    if identity.vat_number or configuration.vat_regime == "franchise":
        return identity
    return replace(identity, vat_number=french_vat_number(identity.siren))


def _fiscal_year(form: Mapping[str, str], day: date) -> Year:
    """The fiscal year under way."""
    fields = Fields(form)
    first_on = fields.need("fiscal_first", forms.date) or day
    last_on = fields.need("fiscal_last", forms.date) or day
    if first_on > day:
        fields.refuse("fiscal_first", "L’exercice en cours a commencé : aujourd’hui au plus tard.")
    elif not day <= last_on < years_later(first_on, LONGEST):
        fields.refuse("fiscal_last", "Aujourd’hui au plus tôt, et 24 mois au plus après le premier jour.")
    fields.check()
    return first_on, last_on


def _check(rule: Callable[[], None]) -> None:
    """What the rules refuse, at its field."""
    try:
        rule()
    except DomainError as refused:
        if fields := texts.at_field(refused):
            raise Invalid(fields) from None
        raise


def _together(*readers: Callable[[], Any]) -> list[Any]:
    """What each of them read; the messages of all in one refusal."""
    read, errors = [], dict[str, str]()
    for reader in readers:
        try:
            read.append(reader())
        except Invalid as invalid:
            errors = invalid.errors | errors
    if errors:
        raise Invalid(errors)
    return read
