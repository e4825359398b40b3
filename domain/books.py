"""The accounting closing: which periods an accountant may close, and when.

It limits the dates of postings and nothing else: a payment of a closed month is recorded with its real date, and posted
on the first open day. Source: `events.md`, « Two closings, two clocks »; C. com. art. R123-174 (months and exercises).
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from domain.company import Company
from domain.errors import DomainError

BooksPeriod = Literal["month", "fiscal_year"]


@dataclass(eq=False)
class EndsNoPeriod(DomainError):
    """Books are closed through the last day of a month, or of a fiscal year that was defined."""

    on: date


@dataclass(eq=False)
class PeriodNotOver(DomainError):
    """A period is closed once it is over."""

    on: date


def check_period(company: Company, through: date, kind: BooksPeriod, day: date) -> None:
    """Errors: `EndsNoPeriod`, `PeriodNotOver`. `day`: today."""
    ends = through in fiscal_year_ends(company) if kind == "fiscal_year" else through == month_end(through)
    if not ends:
        raise EndsNoPeriod(through)
    if through >= day:
        raise PeriodNotOver(through)


def closable(company: Company, day: date) -> Iterator[tuple[BooksPeriod, date]]:
    """What may be closed on that day, the nearest first; a month that ends a fiscal year stands after it."""
    first = max(company.first_open_day, company.fiscal_years[0][0]) if company.fiscal_years else day
    years = {end for end in fiscal_year_ends(company) if first <= end < day}
    for end in sorted(years | set(_month_ends(first, day))):
        if end in years:
            yield "fiscal_year", end
        if end == month_end(end):
            yield "month", end


def fiscal_year_ends(company: Company) -> set[date]:
    return {last for _, last in company.fiscal_years}


def _month_ends(first: date, day: date) -> Iterator[date]:
    end = month_end(first)
    while end < day:
        yield end
        end = month_end(end + timedelta(days=1))


def month_end(day: date) -> date:
    """
    >>> month_end(date(2028, 2, 1))
    datetime.date(2028, 2, 29)
    """
    return day.replace(day=monthrange(day.year, day.month)[1])
