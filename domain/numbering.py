"""Numbers of documents: one series a kind and a year, gapless, in the order of issue.

Source: CGI ann. II art. 242 nonies A, I-7°; BOI-TVA-DECLA-30-20-20-10 §§ 70–110. The last number of
each series lives in the ledger's head row, where taking it costs nothing; here are only the rules.
"""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Final, Protocol

from domain.errors import DomainError
from domain.parties import Fact

PATTERN = re.compile(r"[A-Za-z0-9/_+-]*#+[A-Za-z0-9/_+-]*")  # charset and length: XP Z12-012, BR-FR-01 and -02
NUMBER_MAX = 35
DIGITS_MIN = 6  # a series may grow to a million: its last number, too, has its 35 characters
NAME_MAX = 16
KINDS: Final = ("invoice", "credit_note", "debit_note", "quote")  # each has a series of its own


@dataclass(eq=False)
class PatternRefused(DomainError):
    """A numbering pattern needs letters, digits, `/ _ + -`, one run of `#`, and 35 characters at most."""

    pattern: str


@dataclass(eq=False)
class NumberingFixed(DomainError):
    """A pattern that has a series this year stays until the next year."""

    kind: str
    pattern: str


@dataclass(eq=False)
class PatternTaken(DomainError):
    """A number is given once in a ledger: the pattern of a kind writes no number that another kind's could."""

    kind: str
    pattern: str


class Opened(Protocol):
    """A series as `series.opened` tells of it."""

    @property
    def series(self) -> str: ...
    @property
    def kinds(self) -> tuple[str, ...]: ...
    @property
    def pattern(self) -> str: ...


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
    """The name that a series with this pattern would bear, 16 characters at most: both its ends, where the year is.

    >>> series_name("F2026-####"), series_name("FACTURE-CLIENT-2026-####")
    ('F2026', 'FACTURE-CLI-2026')
    """
    name = re.sub(r"[^A-Z0-9-]", "-", pattern.replace("#", "").upper()).strip("-")
    return (name if len(name) <= NAME_MAX else name[:11] + name[-5:]) or "N"


def free_name(pattern: str, taken: Container[str]) -> str:
    """The permanent name of a new series: what its pattern says, and a rank when a series of the ledger bears it.

    >>> free_name("2026/####", {"2026"})
    '2026-2'
    """
    name = series_name(pattern)
    names = (name, *(f"{name[:13]}-{rank}" for rank in range(2, 100)))
    return next(each for each in names if each not in taken)


def newest(opened: Iterable[Opened], kind: str, pattern: str) -> str:
    """The series that numbers `kind` in this pattern, the one opened last; empty when there is none.

    The pattern says which series it is, not the name: names of old ledgers were cut where the year stood.
    """
    found = [each.series for each in opened if each.pattern == pattern and kind in each.kinds]
    return found[-1] if found else ""


def continued(pattern: str, rank: int) -> str:
    """The pattern of the series that goes on after one was closed for good; `rank` 2 for the first of them.

    >>> continued("F2026-####", 2)
    'F2026-2-####'
    """
    return pattern.replace("#", f"{rank}-#", 1)


def check(numbering: Numbering) -> None:
    """Errors: `PatternRefused`; `PatternTaken` for two kinds whose numbers could meet, in whatever years."""
    for kind in KINDS:
        check_pattern(getattr(numbering, kind))
    for other, kind in combinations(KINDS, 2):
        if meet(getattr(numbering, other), getattr(numbering, kind)):
            raise PatternTaken(kind, getattr(numbering, kind))


def check_change(before: Numbering, wanted: Numbering, day: date, opened: Sequence[Opened]) -> None:
    """Whether other patterns may be taken that day. Errors: `NumberingFixed`, and those of `check`."""
    check(wanted)
    for kind in KINDS:
        used, pattern = before.pattern(kind, day), wanted.pattern(kind, day)
        if pattern != used and newest(opened, kind, used):
            raise NumberingFixed(kind, used)
        check_apart(kind, pattern, opened)


def check_apart(kind: str, pattern: str, opened: Iterable[Opened]) -> None:
    """Errors: `PatternTaken` for numbers that a series of another kind gave, or could give."""
    for series in opened:
        if kind not in series.kinds and meet(series.pattern, pattern):
            raise PatternTaken(kind, pattern)


def meet(one: str, other: str) -> bool:
    """Whether some number can be written in both patterns, `{yyyy}` being any year.

    >>> meet("F2026-####", "F2026-###"), meet("{yyyy}-####", "{yyyy}/####"), meet("F{yyyy}-#", "F2027-#")
    (True, False, True)
    """
    return any(
        len(a) == len(b)
        and all(x == y or ("#" in (x, y) and (x + y).strip("#").isdecimal()) for x, y in zip(a, b, strict=True))
        for a in _shapes(one)
        for b in _shapes(other)
    )


def _shapes(pattern: str) -> Iterator[str]:
    """The pattern at each length that its number may have, `#` for a digit."""
    digits = pattern.count("#")
    run = "#" * digits
    for length in range(digits, max(digits, DIGITS_MIN) + 1):
        yield pattern.replace(run, "#" * length).replace("{yyyy}", "####")


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
