"""How Probant writes amounts, days and figures in French, on screen and in CSV.

A gap inside a figure is U+00A0, never U+202F: neither Inter nor Source Serif 4 (npm subsets) has the latter.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

NBSP = "\u00a0"
MINUS = "\u2212"
NOTHING = "–"
MONTHS = "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.".split()
MONTHS_LONG = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
WEEKDAYS = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()


def euros(cents: int | None) -> str:
    """Cents as `1 234,56 €`; a negative amount has a true minus; nothing known is a dash.

    >>> euros(-123456).replace(NBSP, " ")
    '−1 234,56 €'
    """
    if cents is None:
        return NOTHING
    whole, rest = divmod(abs(cents), 100)
    return f"{MINUS if cents < 0 else ''}{count(whole)},{rest:02d}{NBSP}€"


def euros0(cents: int) -> str:
    """Cents as whole euros, half away from zero; for charts, where the table beside has the cents."""
    whole = (abs(cents) + 50) // 100
    return f"{MINUS if cents < 0 and whole else ''}{count(whole)}{NBSP}€"


def amount(cents: int | None) -> str:
    """Cents as a person types them, `1234,56`: the value of a field, or of a cell in CSV."""
    if cents is None:
        return ""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole},{rest:02d}"


def count(number: int) -> str:
    """A whole number with its thousands parted: `12 431`."""
    return f"{number:,}".replace(",", NBSP).replace("-", MINUS)


def decimal(value: Decimal | str | None) -> str:
    """A quantity or a unit price with a comma and no useless zero: `18,5`; also the value of its field."""
    if value is None or value == "":
        return ""
    text = format(Decimal(value), "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def percent(rate_bp: int) -> str:
    """Basis points as a rate: 550 is `5,5 %`."""
    return f"{rate(rate_bp)}{NBSP}%"


def rate(rate_bp: int) -> str:
    """Basis points as a person types them: 550 is `5,5`."""
    return decimal(Decimal(rate_bp) / 100)


def day(value: date | str | None) -> str:
    """A date, or its ISO text, as `24 nov. 2026`."""
    if not value:
        return NOTHING
    value = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{_first(value.day)}{NBSP}{MONTHS[value.month - 1]} {value.year}"


def long_day(value: date) -> str:
    """A date as a heading says it: `Mardi 24 novembre 2026`."""
    weekday = WEEKDAYS[value.weekday()].capitalize()
    return f"{weekday} {_first(value.day)}{NBSP}{MONTHS_LONG[value.month - 1]} {value.year}"


def month(value: date) -> str:
    """The month of a date: `novembre 2026`."""
    return f"{MONTHS_LONG[value.month - 1]} {value.year}"


def clock(at: datetime, zone: str = "Europe/Paris") -> str:
    """The time of an instant where the company is: `14:02`."""
    return at.astimezone(ZoneInfo(zone)).strftime("%H:%M")


def moment(at: datetime, zone: str = "Europe/Paris") -> str:
    """An instant where the company is: `24 nov. 2026 à 14:02`."""
    return f"{day(at.astimezone(ZoneInfo(zone)).date())} à {clock(at, zone)}"


def weight(size: int) -> str:
    """Bytes as `312 ko`, `4,2 Mo`: thousands, as disks count."""
    for unit, below in (("o", 1_000), ("ko", 1_000_000), ("Mo", 1_000_000_000)):
        if size < below:
            return f"{_three(size * 1_000 / below)}{NBSP}{unit}"
    return f"{_three(size / 1_000_000_000)}{NBSP}Go"


def _three(value: float) -> str:
    return f"{value:.0f}" if value >= 10 or value == int(value) else f"{value:.1f}".replace(".", ",")


def fingerprint(digest: bytes | str) -> str:
    """The beginning of a hash, enough for the eye: `9f3a c21e`. The whole one stands where it is checked."""
    text = digest if isinstance(digest, str) else digest.hex()
    return f"{text[:4]} {text[4:8]}"


def plural(number: int, one: str, many: str = "") -> str:
    """`3 factures`, `1 facture`, `0 facture`: French counts from two."""
    return f"{count(number)}{NBSP}{one if abs(number) < 2 else many or one + 's'}"


def _first(number: int) -> str:
    return "1er" if number == 1 else str(number)


FILTERS: dict[str, Any] = {
    f.__name__: f
    for f in (
        euros, euros0, amount, count, decimal, percent, rate, day, long_day, month, clock, moment, fingerprint, plural,
        weight,
    )
}  # fmt: skip
