"""French amounts, days and rates in the texts of the XML: its own, since it stays as it is while the paper changes."""

from datetime import date
from typing import Final

from documents.facturx.tree import amount, percent

_NBSP: Final = "\u00a0"


def euros(cents: int) -> str:
    """An amount with its sign.

    >>> euros(-123456789).replace(chr(0xA0), " ")
    '-1 234 567,89 €'
    """
    whole, rest = amount(abs(cents)).split(".")
    return f"{'-' if cents < 0 else ''}{int(whole):,}".replace(",", _NBSP) + f",{rest}{_NBSP}€"


def day(on: date) -> str:
    """`24/11/2026`."""
    return f"{on:%d/%m/%Y}"


def rate(bp: int) -> str:
    """`5,5 %`."""
    return f"{percent(bp).replace('.', ',')}{_NBSP}%"
