"""The two rates that interest for late payment hangs on, by half-years: a dated table, and what a company adds to it.

ECB: main refinancing operations, in force on the first day of the half-year (ecb.europa.eu, « Key ECB interest
rates »; 0 % since 16 March 2016). Legal interest « pour tous les autres cas » (Code monétaire et financier, L313-2 and
D313-1-A), by the arrêtés at the end of each half-year, the last one of 15 December 2025 (JO of 26 December 2025).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from domain.errors import DomainError
from domain.parties import Fact

ECB_BP: Final[Mapping[date, int]] = {
    date(2022, 1, 1): 0, date(2022, 7, 1): 0, date(2023, 1, 1): 250, date(2023, 7, 1): 400, date(2024, 1, 1): 450,
    date(2024, 7, 1): 425, date(2025, 1, 1): 315, date(2025, 7, 1): 215, date(2026, 1, 1): 215,
}  # fmt: skip
LEGAL_BP: Final[Mapping[date, int]] = {
    date(2022, 1, 1): 76, date(2022, 7, 1): 77, date(2023, 1, 1): 206, date(2023, 7, 1): 422, date(2024, 1, 1): 507,
    date(2024, 7, 1): 492, date(2025, 1, 1): 371, date(2025, 7, 1): 276, date(2026, 1, 1): 262,
}  # fmt: skip


@dataclass(eq=False)
class LateRateTooLow(DomainError):
    """An agreed rate of late penalties is three times the legal interest at least (Code de commerce, L441-10, II)."""

    rate_bp: int
    least_bp: int


class HalfYear(Fact):
    """The rates of a half-year that the table lacks, as the company read them; None: not read."""

    first_on: date
    ecb_bp: int | None = None
    legal_bp: int | None = None


class Rate(NamedTuple):
    """A rate, basis points a year, and the first day of the half-year whose rate it is."""

    first_on: date
    bp: int


Told = Iterable[HalfYear]


def start(on: date) -> date:
    """The first day of the half-year of that day.

    >>> start(date(2026, 11, 24))
    datetime.date(2026, 7, 1)
    """
    return date(on.year, 7 if on.month > 6 else 1, 1)


def following(on: date) -> date:
    """The first day of the next half-year."""
    return date(on.year, 7, 1) if on.month <= 6 else date(on.year + 1, 1, 1)


def ecb(on: date, told: Told = ()) -> Rate:
    """Of the half-year of that day; while that is unknown, of the last known one before it.

    >>> ecb(date(2025, 9, 1))
    Rate(first_on=datetime.date(2025, 7, 1), bp=215)
    """
    return _last(on, {one.first_on: one.ecb_bp for one in told if one.ecb_bp is not None}, ECB_BP)


def legal(on: date, told: Told = ()) -> Rate:
    """Likewise, the legal interest."""
    return _last(on, {one.first_on: one.legal_bp for one in told if one.legal_bp is not None}, LEGAL_BP)


def floor_bp(on: date, told: Told = ()) -> int:
    """The least that may be agreed: three times the legal interest (Code de commerce, art. L441-10, II).

    >>> floor_bp(date(2026, 3, 1))
    786
    """
    return 3 * legal(on, told).bp


def check_agreed(rate_bp: int, on: date, told: Told = ()) -> None:
    """Errors: `LateRateTooLow`. 0 agrees on nothing."""
    if 0 < rate_bp < (least_bp := floor_bp(on, told)):
        raise LateRateTooLow(rate_bp, least_bp)


def asked(on: date) -> tuple[date, ...]:
    """The half-years up to that day that one of the tables lacks: a company is asked for their rates."""
    return tuple(_since(min(max(ECB_BP), max(LEGAL_BP)), on))


def unknown(on: date, told: Told = ()) -> bool:
    """Whether the half-year of that day is reckoned with an older ECB rate."""
    return ecb(on, told).first_on != start(on)


def _since(known: date, on: date) -> Iterator[date]:
    first_on = following(known)
    while first_on <= on:
        yield first_on
        first_on = following(first_on)


def _last(on: date, told: Mapping[date, int], known: Mapping[date, int]) -> Rate:
    """The last rate up to that day; what the program knows counts before what it was told."""
    rates = {**told, **known}
    first_on = max((start for start in rates if start <= on), default=min(rates))
    return Rate(first_on, rates[first_on])
