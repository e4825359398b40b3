"""How a paper writes amounts, days, rates, quantities and titles in French.

A gap inside a figure or before a sign is U+00A0: xhtml2pdf takes U+202F for a space where a line may break.
"""

from datetime import date
from decimal import Decimal

from documents.paper import Paper

NBSP = "\u00a0"
MINUS = "\u2212"
MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
TITLES = {
    "quote": "Devis",
    "invoice": "Facture",
    "deposit": "Facture d’acompte",
    "progress": "Facture de situation",
    "final": "Facture de solde",
    "credit_note": "Avoir",
    "debit_note": "Note de débit",
}
UNITS = {  # UN/ECE Recommendation 20; a code we don't know is printed as it is
    "C62": "", "EA": "", "H87": "", "HUR": "h", "MIN": "min", "DAY": "j", "WEE": "sem.", "MON": "mois", "ANN": "an",
    "MTR": "m", "MTK": "m²", "MTQ": "m³", "KMT": "km", "CMT": "cm", "MMT": "mm", "GRM": "g", "KGM": "kg", "TNE": "t",
    "LTR": "l", "KWH": "kWh", "SET": "lot", "LS": "forfait", "XPK": "colis", "XBX": "boîte", "P1": "%",
}  # fmt: skip
UNTAXED = {"": "–", "E": "Exonéré", "AE": "Autoliq.", "K": "Intracom.", "G": "Export", "O": "Hors champ"}


def title(paper: Paper) -> str:
    """`Facture F2026-0042`, or `Facture, brouillon`."""
    return f"{TITLES[paper.kind]}{NBSP}{paper.number}" if paper.number else f"{TITLES[paper.kind]}, brouillon"


def stamps(paper: Paper) -> tuple[str, ...]:
    """The words across a paper that binds nobody."""
    return (() if paper.number else ("BROUILLON",)) + (("FACTICE",) if paper.training else ())


def euros(cents: int) -> str:
    """Cents as an amount with its sign.

    >>> euros(-123456).replace(NBSP, " ")
    '−1 234,56 €'
    """
    return f"{number(Decimal(cents) / 100, 2)}{NBSP}€"


def number(value: Decimal, places: int = 0) -> str:
    """A decimal with a comma, at least `places` of them, no other useless zero.

    >>> number(Decimal("0.1250"), 2), number(Decimal("18"))
    ('0,125', '18')
    """
    whole, _, rest = f"{abs(value):f}".partition(".")
    rest = rest.rstrip("0").ljust(places, "0")
    digits = f"{int(whole):,}".replace(",", NBSP)
    return f"{MINUS if value < 0 else ''}{digits}{',' if rest else ''}{rest}"


def price(value: Decimal) -> str:
    """A unit price: two decimals, more when it has more."""
    return f"{number(value, 2)}{NBSP}€"


def quantity(value: Decimal, unit: str) -> str:
    """A quantity with its unit: `18,5 m²`."""
    name = UNITS.get(unit, unit)
    return f"{number(value)}{NBSP}{name}" if name else number(value)


def rate(rate_bp: int, category: str = "S") -> str:
    """A rate of VAT, or the short reason why there is none: `5,5 %`, `Autoliq.`."""
    return UNTAXED.get(category) or f"{number(Decimal(rate_bp) / 100)}{NBSP}%"


def day(on: date) -> str:
    """`1er mars 2026`, on one line."""
    first = "1er" if on.day == 1 else f"{on.day}"
    return f"{first}{NBSP}{MONTHS[on.month - 1]}{NBSP}{on.year}"


def grouped(text: str, size: int = 4) -> str:
    """A long figure in groups: an IBAN by four, a fingerprint by eight."""
    return " ".join(text[at : at + size] for at in range(0, len(text), size))
