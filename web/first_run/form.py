"""What the assistant asks: who the company is, its VAT, its terms, its numbers. The rest keeps its default."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from domain.company import Configuration, Identity, check_identity
from domain.errors import Malformed
from domain.legal_forms import SOLE_TRADER, form_of
from domain.parties import Fact, french_vat_number
from domain.reminder_policy import Policy
from web import forms, numbers_typed, settings_form
from web.forms import Fields, Invalid

NEEDED = ("siren", "name", "legal_form", "street", "postcode", "city")
REMINDERS = {
    "automatic": "Envoyées d’elles-mêmes, aux échéances",
    "manual": "Listées au tableau de bord ; vous les envoyez",
}
LABELS = settings_form.LABELS | {
    "siren": "SIREN", "name": "Nom ou raison sociale", "legal_form": "Forme juridique", "postcode": "Code postal",
    "city": "Ville", "email": "Adresse e-mail", "vat_number": "Numéro de TVA", "reminders": "Relances", "iban": "IBAN",
    "plan": "Offre", "rhythm": "Facturation",
}  # fmt: skip


class Asked(Fact, kw_only=True):
    """A company as it is to be opened; `day`, ISO, decides its first fiscal year."""

    identity: Identity
    configuration: Configuration
    natural_person: bool = False
    reminders: Policy = Policy()
    day: str


def usual(email: str) -> dict[str, str]:
    """What the form shows at first."""
    return settings_form.configuration_values(Configuration()) | {"reminders": "automatic", "email": email}


def read(form: Mapping[str, str], day: str) -> Asked:
    """Errors: `Invalid`, with all messages at once."""
    whole = settings_form.configuration_values(Configuration()) | dict(form)
    sole_trader = form_of(form.get("legal_form", "")) == SOLE_TRADER
    parts = _together(
        lambda: _needed(form),
        lambda: settings_form.read_identity(whole | {"natural_person": "1" if sole_trader else ""}),
        lambda: settings_form.read_configuration(whole),
    )
    automatic, (identity, natural_person), configuration = parts
    identity = _numbered(identity, configuration)
    _check(identity)
    return Asked(
        identity=identity, configuration=configuration, natural_person=natural_person,
        reminders=Policy(automatic=automatic), day=day,
    )  # fmt: skip


def _needed(form: Mapping[str, str]) -> bool:
    """Whether reminders leave by themselves; what must be filled is filled, and the SIREN has its key."""
    fields = Fields(form)
    for name in NEEDED:
        fields.need(name, numbers_typed.siren if name == "siren" else forms.text)
    automatic = fields.need("reminders", forms.one_of(REMINDERS)) == "automatic"
    if form_of(form.get("legal_form", "")).capital and not form.get("capital", "").strip():
        fields.refuse("capital", "À remplir : il s’imprime sur les documents d’une société.")
    fields.check()
    return automatic


def _numbered(identity: Identity, configuration: Configuration) -> Identity:
    """The VAT number follows from the SIREN; one that is exempt prints none unless it was typed."""
    if identity.vat_number or configuration.vat_regime == "franchise":
        return identity
    return replace(identity, vat_number=french_vat_number(identity.siren))


def _check(identity: Identity) -> None:
    try:
        check_identity(identity)
    except Malformed as malformed:
        raise Invalid({malformed.field: f"« {malformed.value} » n’est pas valable."}) from None


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
