"""The days that a screen of the accounts shows: a fiscal year unless its address says otherwise."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from audit.archive.fec import Year, year_of
from projections import archives, companies, journals
from projections.tx import Tx
from web import forms, periods
from web.days import today
from web.lists import Listing

DAYS = ("du", "au")  # filters of the address
LATEST = date(2999, 12, 31)


class Span(NamedTuple):
    """Usual days, as a tab offers them."""

    label: str
    first: date
    last: date


class Period(NamedTuple):
    """Both days included. `year_first`: of the fiscal year that the first one is in; `years`: all that they touch, as
    the accounting file counts its numbers; `sales`: whether an accountant's software keeps the books.
    """

    first: date
    last: date
    year_first: date
    years: Sequence[Year]
    spans: Sequence[Span]
    sales: bool


def asked(tx: Tx, listing: Listing) -> Period:
    """What the address asks for; a day that cannot be read is one of the fiscal year."""
    day, defined, company = today(tx), _defined(tx), companies.current(tx)
    year, fields = year_of(day, defined), forms.Fields(listing.filters)
    first = min(fields.get("du", forms.date, year.first) or year.first, LATEST)
    last = fields.get("au", forms.date, year.last) or year.last
    known = journals.span(tx) or year
    return Period(
        first=first,
        last=last,
        year_first=year_of(first, defined).first,
        years=[one for one in _years(defined, *known) if one.first <= last and first <= one.last],
        spans=[*_exercises(year, known[0], defined), *_months(day)],
        sales=bool(company and company.keeping == "sales"),
    )


def account(listing: Listing) -> str:
    """The number of an account that the address names; empty when it is none."""
    named = listing["compte"]
    return named if named.isascii() and named.isalnum() else ""


def _defined(tx: Tx) -> list[Year]:
    return [Year(each.first, each.last) for each in archives.fiscal_years(tx)]


def _years(defined: Sequence[Year], first: date, last: date) -> Iterator[Year]:
    """Fiscal years without a gap, from that of the first day to that of the last."""
    while first <= last:
        year = year_of(first, defined)
        yield year
        first = year.last + timedelta(days=1)


def _exercises(year: Year, first: date, defined: Sequence[Year]) -> Iterator[Span]:
    """The fiscal year, and the one before it where something was posted by then."""
    yield Span(_title(year), *year)
    if first < year.first:
        before = year_of(year.first - timedelta(days=1), defined)
        yield Span(_title(before), *before)


def _months(day: date) -> Iterator[Span]:
    for key in ("mois", "mois-dernier"):
        first, last = periods.bounds(key, day)
        if first and last:
            yield Span(periods.PERIODS[key], first, last)


def _title(year: Year) -> str:
    """`Exercice 2026`, `Exercice 2026-2027`."""
    return f"Exercice {'-'.join(dict.fromkeys((str(year.first.year), str(year.last.year))))}"
