"""How a paper writes amounts, days, rates and quantities, in the language of its reader.

A gap inside a figure or before a sign is U+00A0: xhtml2pdf takes U+202F for a space where a line may break.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from documents import english

NBSP = "\u00a0"
MINUS = "\u2212"
UNITS = {  # UN/ECE Recommendation 20; a code we don't know is printed as it is
    "C62": "", "EA": "", "H87": "", "HUR": "h", "MIN": "min", "DAY": "j", "WEE": "sem.", "MON": "mois", "ANN": "an",
    "MTR": "m", "MTK": "m²", "MTQ": "m³", "KMT": "km", "CMT": "cm", "MMT": "mm", "GRM": "g", "KGM": "kg", "TNE": "t",
    "LTR": "l", "KWH": "kWh", "SET": "lot", "LS": "forfait", "XPK": "colis", "XBX": "boîte", "P1": "%",
}  # fmt: skip
UNTAXED = {"": "–", "E": "Exonéré", "AE": "Autoliq.", "K": "Intracom.", "G": "Export", "O": "Hors champ"}


class Tongue(NamedTuple):
    """A language of papers. `texts`: what the French of our templates becomes, each one there or it is an error."""

    tag: str  # BCP 47
    months: tuple[str, ...]
    texts: Mapping[str, str] | None = None
    separators: tuple[str, str] = (NBSP, ",")

    def say(self, french: str, **facts: object) -> str:
        """A text of ours with its facts. Errors: `KeyError` when it has not been translated."""
        return (self.texts[french] if self.texts else french).format(**facts)

    def euros(self, cents: int) -> str:
        """Cents as an amount with its sign.

        >>> FRENCH.euros(-123456).replace(NBSP, " "), ENGLISH.euros(-123456)
        ('−1 234,56 €', '−€1,234.56')
        """
        return self.price(Decimal(cents) / 100)

    def price(self, value: Decimal) -> str:
        """A unit price: two decimals, more when it has more."""
        if self.texts:
            return f"{MINUS if value < 0 else ''}€{self.number(abs(value), 2)}"
        return f"{self.number(value, 2)}{NBSP}€"

    def number(self, value: Decimal, places: int = 0) -> str:
        """A decimal, at least `places` digits after its point, no other useless zero.

        >>> FRENCH.number(Decimal("0.1250"), 2), FRENCH.number(Decimal("18"))
        ('0,125', '18')
        """
        thousands, point = self.separators
        whole, _, rest = f"{abs(value):f}".partition(".")
        rest = rest.rstrip("0").ljust(places, "0")
        digits = f"{int(whole):,}".replace(",", thousands)
        return f"{MINUS if value < 0 else ''}{digits}{point if rest else ''}{rest}"

    def quantity(self, value: Decimal, unit: str) -> str:
        """A quantity with its unit: `18,5 m²`."""
        name = UNITS.get(unit, unit)
        name = english.UNITS.get(name, name) if self.texts else name
        return f"{self.number(value)}{NBSP}{name}" if name else self.number(value)

    def rate(self, rate_bp: int, category: str = "S") -> str:
        """A rate of VAT, or the short reason why there is none: `5,5 %`, `Autoliq.`."""
        if category in UNTAXED:
            return self.say(UNTAXED[category])
        return f"{self.number(Decimal(rate_bp) / 100)}{'' if self.texts else NBSP}%"

    def day(self, on: date) -> str:
        """`1er mars 2026`, `1 March 2026`, on one line."""
        first = "1er" if on.day == 1 and not self.texts else f"{on.day}"
        return f"{first}{NBSP}{self.months[on.month - 1]}{NBSP}{on.year}"


FRENCH = Tongue(
    "fr-FR", tuple("janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split())
)
ENGLISH = Tongue("en-GB", english.MONTHS, english.TEXTS, separators=(",", "."))
number, price, euros = FRENCH.number, FRENCH.price, FRENCH.euros  # on screen: the people of Probant read French


def tongue(language: str) -> Tongue:
    """That of a client's language: English for all who do not read French."""
    return FRENCH if language.startswith("fr") else ENGLISH


def grouped(text: str, size: int = 4) -> str:
    """A long figure in groups: an IBAN by four, a fingerprint by eight."""
    return " ".join(text[at : at + size] for at in range(0, len(text), size))
