"""SIREN, SIRET, VAT numbers and e-mail addresses as a person types them: cleaned, or told what is wrong with them."""

import re
from collections.abc import Callable

from stdnum.eu import vat as eu_vat
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.fr import siren as fr_siren
from stdnum.fr import siret as fr_siret

from domain.places import VAT_PREFIXES
from web import forms

GAPS = re.compile(r"[\s.\-/]")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
WRONG_KEY = "Sa clé ne tombe pas juste : un chiffre est faux, ou deux sont échangés."


def compact(raw: str) -> str:
    """A number without the gaps that make it readable."""
    return GAPS.sub("", raw).upper()


def siren(raw: str) -> str:
    return _french(raw, fr_siren.validate, "Un SIREN a neuf chiffres.")


def siret(raw: str) -> str:
    return _french(raw, fr_siret.validate, "Un SIRET a quatorze chiffres : le SIREN, puis cinq.")


def vat_number(country: str) -> Callable[[str], str]:
    """A parser for a party of that country: in the Union, the form and key of its Member State, as VIES wants them."""

    def parse(raw: str) -> str:
        number = compact(forms.text(raw))
        if country.lower() not in eu_vat.MEMBER_STATES:
            return _foreign(number)
        try:
            eu_vat.validate(number)
        except InvalidChecksum:
            raise forms.Unreadable(WRONG_KEY) from None
        except ValidationError:
            raise forms.Unreadable(
                f"VIES ne connaît pas cette forme : un numéro de ce pays commence par {_prefix(country)},"
                " et sa longueur est fixe. Exemple : FR44732829320."
            ) from None
        return number

    return parse


def email(raw: str) -> str:
    address = forms.text(raw)
    if not EMAIL.fullmatch(address):
        raise forms.Unreadable("Une adresse e-mail s’écrit nom@domaine.fr.")
    return address


def _french(raw: str, validate: Callable[[str], str], form: str) -> str:
    number = compact(forms.text(raw))
    try:
        validate(number)
    except InvalidChecksum:
        raise forms.Unreadable(WRONG_KEY) from None
    except ValidationError:
        raise forms.Unreadable(form) from None
    return number


def _foreign(number: str) -> str:
    if number[:2] not in VAT_PREFIXES:
        raise forms.Unreadable(
            "Un numéro de TVA commence par les deux lettres de son pays, par exemple CHE123456788 ou GB123456789."
            " Un autre numéro fiscal ne s’inscrit pas ici : laissez vide."
        )
    return number


def _prefix(country: str) -> str:
    return "EL" if country == "GR" else country
