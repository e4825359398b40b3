"""Numbers of documents: one series a kind and a year, gapless, in the order of issue.

Source: CGI ann. II art. 242 nonies A, I-7°; BOI-TVA-DECLA-30-20-20-10 §§ 70–110. The last number of
each series lives in the ledger's head row, where taking it costs nothing; here are only the rules.
"""

import re
from dataclasses import dataclass
from datetime import date

from domain.errors import DomainError
from domain.parties import Fact

PATTERN = re.compile(r"[A-Za-z0-9/_+-]*#+[A-Za-z0-9/_+-]*")  # charset and length: XP Z12-012, BR-FR-01 and -02
NUMBER_MAX = 35
DIGITS_MIN = 6  # a series may grow to a million: its last number, too, has its 35 characters


@dataclass(eq=False)
class PatternRefused(DomainError):
    """A numbering pattern needs letters, digits, `/ _ + -`, one run of `#`, and 35 characters at most."""

    pattern: str


class Numbering(Fact):
    """Patterns of the company's series, by what they number; `{yyyy}` stands for the year of issue."""

    invoice: str = "F{yyyy}-####"
    credit_note: str = "A{yyyy}-####"
    debit_note: str = "P{yyyy}-####"
    quote: str = "D{yyyy}-####"

    def pattern(self, kind: str, issued_on: date) -> str:
        """The pattern for a document of `kind` issued on that date."""
        template: str = getattr(self, kind, self.invoice)
        return template.replace("{yyyy}", f"{issued_on.year}")


def kinds_sharing(kind: str) -> tuple[str, ...]:
    """The kinds numbered in the same series as `kind`."""
    alone = ("credit_note", "debit_note", "quote")
    return (kind,) if kind in alone else ("invoice", "deposit", "progress", "final")


def series_name(pattern: str) -> str:
    """The permanent name of the series with this pattern.

    >>> series_name("F2026-####")
    'F2026'
    """
    name = re.sub(r"[^A-Z0-9-]", "-", pattern.replace("#", "").upper()).strip("-")
    return name[:16] or "N"


def continued(pattern: str, rank: int) -> tuple[str, str]:
    """Name and pattern of the series that goes on after one was closed for good; `rank` 2 for the first of them.

    >>> continued("F2026-####", 2)
    ('F2026-2', 'F2026-2-####')
    """
    return f"{series_name(pattern)[:13]}-{rank}", pattern.replace("#", f"{rank}-#", 1)


def check_pattern(pattern: str) -> None:
    """Refuses a pattern that the ledger would refuse, before anything depends on it."""
    plain = pattern.replace("{yyyy}", "2026")
    grown = len(plain) + max(0, DIGITS_MIN - plain.count("#"))
    if not PATTERN.fullmatch(plain) or grown > NUMBER_MAX:
        raise PatternRefused(pattern)


def number(pattern: str, seq: int) -> str:
    """`seq` written in the pattern, zero-padded to the length of its run of `#`, and longer when it must be.

    >>> number("F2026-####", 42)
    'F2026-0042'
    """
    run = "#" * pattern.count("#")
    return pattern.replace(run, f"{seq:0{len(run)}}")
