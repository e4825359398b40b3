"""Reads what a person typed: French numbers, amounts, dates. What cannot be read becomes a message at its field.

A view reads every field, then asks once whether all could be read, so that all messages come together:

    fields = Fields(request.form)
    label = fields.need("label", forms.text)
    price_cents = fields.get("price", forms.cents, None)     # may stay empty
    fields.check()                                           # Invalid(errors): show the form again, as typed

The messages are in French because only a person reads them; the rules of the trade are not here but in `domain`.
"""

import datetime
import re
import unicodedata
from collections.abc import Callable, Container, Mapping
from decimal import Decimal
from typing import TypeVar, cast
from uuid import UUID

from documents.fonts import unprintable

EMPTY = "À remplir."
LONGEST = 200  # characters of one line
LONGEST_NOTE = 4000
GAPS = str.maketrans("", "", " \u00a0\u202f\u2009'’")
NUMBER = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+,\d+|\d+([.,]\d+)?|[.,]\d+)")
LONGEST_NUMBER = 20
FRENCH_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
INVISIBLE = ("Cc", "Cs", "Zl", "Zp")  # control characters, lone surrogates, line and paragraph separators

T = TypeVar("T")
D = TypeVar("D")


class Unreadable(ValueError):
    """A value that cannot be read; the message is a French sentence for the person who typed it."""


class Invalid(Exception):
    """At least one field could not be read: `errors` has a French sentence for each, by name of field."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(errors)
        self.errors = errors


class Fields:
    """The fields of a posted form. After an unreadable one its value is None; `check` keeps it from being used."""

    def __init__(self, form: Mapping[str, str]) -> None:
        self.form = form
        self.errors: dict[str, str] = {}

    def need(self, name: str, parse: Callable[[str], T]) -> T:
        """A field that must be filled."""
        if not self.form.get(name, "").strip():
            self.refuse(name, EMPTY)
        return cast(T, self.get(name, parse, None))

    def get(self, name: str, parse: Callable[[str], T], default: D) -> T | D:
        """A field that may stay empty: then `default`."""
        raw = self.form.get(name, "")
        if not raw.strip():
            return default
        try:
            return parse(raw)
        except Unreadable as unreadable:
            self.refuse(name, str(unreadable))
            return cast(T, None)

    def refuse(self, name: str, message: str) -> None:
        """A message found by the view itself, which needed several fields; the first message of a field stays."""
        self.errors.setdefault(name, message)

    def check(self) -> None:
        if self.errors:
            raise Invalid(self.errors)


def text(raw: str, longest: int = LONGEST) -> str:
    """`plain` text that a document can print: its fonts have no emoji, no ideographs."""
    line = plain(raw, longest)
    if not line.isascii() and (strange := unprintable(line)):
        raise Unreadable(f"Aucun document ne peut imprimer {', '.join(strange[:5])} : remplacez ces caractères.")
    return line


def plain(raw: str, longest: int = LONGEST) -> str:
    """One line in NFC, trimmed; control characters are refused."""
    line = unicodedata.normalize("NFC", raw).strip()
    if any(unicodedata.category(c) in INVISIBLE for c in line):
        raise Unreadable("Un caractère invisible n’est pas accepté : ressaisissez ce texte.")
    if len(line) > longest:
        raise Unreadable(f"{longest} caractères au plus ; il y en a {len(line)}.")
    return line


def note(raw: str) -> str:
    """Several lines in NFC, parted by LF, trimmed."""
    lines = raw.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n")
    whole = "\n".join(text(line.replace("\t", " "), LONGEST_NOTE) for line in lines)
    if len(whole) > LONGEST_NOTE:
        raise Unreadable(f"{LONGEST_NOTE} caractères au plus ; il y en a {len(whole)}.")
    return whole


def decimal(raw: str) -> Decimal:
    """A number as French or English hands write it: `1 234,5`, `1234.5`, `1.234,5`, `−3`.

    >>> decimal("1 234,50")
    Decimal('1234.50')
    """
    typed = raw.translate(GAPS).replace("\u2212", "-")
    if not typed.isascii() or len(typed) > LONGEST_NUMBER or not NUMBER.fullmatch(typed):
        raise Unreadable("Ce n’est pas un nombre. Exemple : 1234,56.")
    return Decimal(typed.replace(".", "").replace(",", ".") if "," in typed else typed)


def cents(raw: str) -> int:
    """An amount of euros as cents.

    >>> cents("1 234,56 €")
    123456
    """
    return _hundredths(raw.replace("€", ""), "Un montant a deux décimales au plus. Exemple : 1234,56.")


def rate_bp(raw: str) -> int:
    """A percentage as basis points: `5,5 %` is 550."""
    return _hundredths(raw.replace("%", ""), "Un taux a deux décimales au plus. Exemple : 5,5.")


def date(raw: str) -> datetime.date:
    """A day as a browser sends it (`2026-11-24`) or as a person types it (`24/11/2026`)."""
    typed = raw.strip()
    if french := FRENCH_DAY.fullmatch(typed):
        typed = f"{french[3]}-{french[2]:0>2}-{french[1]:0>2}"
    try:
        if ISO_DAY.fullmatch(typed):
            return datetime.date.fromisoformat(typed)
    except ValueError:
        pass  # the 31st of a month of thirty days: same answer as any other nonsense
    raise Unreadable("Cette date n’existe pas. Exemple : 24/11/2026.")


def uuid(raw: str) -> UUID:
    """The hidden reference of a thing, or the choice of a list of things."""
    try:
        return UUID(raw)
    except ValueError:
        raise Unreadable("Choisissez dans la liste.") from None


def one_of(choices: Container[str]) -> Callable[[str], str]:
    """A parser of a choice: `fields.need("method", forms.one_of(METHODS))`."""

    def parse(raw: str) -> str:
        if raw not in choices:
            raise Unreadable("Choisissez dans la liste.")
        return raw

    return parse


def of(reader: Callable[[str], T]) -> Callable[[str], T]:
    """What `reader` makes of a choice. Errors: `Unreadable` where it raises `ValueError`."""

    def read(raw: str) -> T:
        try:
            return reader(raw)
        except ValueError:
            raise Unreadable("Choisissez dans la liste.") from None

    return read


def file_name(raw: str | None) -> str:
    """The name of a file that was sent, to be shown: what no name has left out, at most 120 characters."""
    line = "".join(c for c in unicodedata.normalize("NFC", raw or "") if unicodedata.category(c) not in INVISIBLE)
    return line.strip()[-120:] or "fichier"


def _hundredths(raw: str, message: str) -> int:
    value = decimal(raw) * 100
    if value != int(value):
        raise Unreadable(message)
    return int(value)
