"""Fiscal years: twelve months, one after the other without a gap; the first one, or one that moves its end, may differ.

Source: C. com. art. L123-12 (accounts every twelve months); CGI art. 37 (a year of another length); 24 months at most
is what practice and our terms of retention hold.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.errors import DomainError
from domain.terms import years_later

Year = tuple[date, date]  # first and last day, both included
LONGEST = 2  # years


@dataclass(eq=False)
class FiscalYearRefused(DomainError):
    """A fiscal year follows the one before it without a gap, and lasts 24 months at most."""

    first_on: date
    last_on: date


@dataclass(eq=False)
class FiscalYearBegun(DomainError):
    """The end of a fiscal year stays once something was recorded in it: its closings add up to that year."""

    first_on: date


def check(years: Sequence[Year], first_on: date, last_on: date) -> None:
    """Whether a year may be defined: the next one, or the last one anew. Errors: `FiscalYearRefused`."""
    may_begin = (years[-1][0], years[-1][1] + timedelta(days=1)) if years else (first_on,)
    if first_on not in may_begin or not first_on <= last_on < years_later(first_on, LONGEST):
        raise FiscalYearRefused(first_on, last_on)


def following(year: Year) -> Year:
    """The twelve months after a fiscal year.

    >>> following((date(2026, 1, 1), date(2027, 2, 28)))
    (datetime.date(2027, 3, 1), datetime.date(2028, 2, 29))
    """
    first_on = year[1] + timedelta(days=1)
    return first_on, years_later(first_on, 1) - timedelta(days=1)


def due(years: Sequence[Year], day: date) -> Iterator[Year]:
    """The years that follow the last one defined, as far as the one that holds `day`."""
    last = years[-1] if years else None
    while last and last[1] < day:
        last = following(last)
        yield last


def of_day(years: Sequence[Year], day: date) -> Year:
    """The fiscal year of a day, as defined or as it will be; the calendar year where none tells."""
    for year in (*years, *due(years, day)):
        if year[0] <= day <= year[1]:
            return year
    return date(day.year, 1, 1), date(day.year, 12, 31)


def before(years: Sequence[Year], year: Year) -> Year:
    """The fiscal year before one: as defined, else the twelve months before it."""
    last_on = year[0] - timedelta(days=1)
    defined = [each for each in years if each[1] == last_on]
    return defined[0] if defined else (years_later(year[0], -1), last_on)
