"""The number that a document takes: the next of its series, opened at the first document of the year."""

from dataclasses import dataclass
from datetime import date

from domain.company import Company
from domain.errors import DomainError
from domain.issuing import Ticket
from domain.numbering import continued, number
from ledger.entry import Entry


@dataclass(eq=False)
class SeriesBegun(DomainError):
    """A series that gave a number goes on from there."""

    number: str


def ticket(entry: Entry, company: Company, kind: str, issued_on: date) -> Ticket:
    """The next number for `kind`. A series not yet known is opened by `company`, which the caller saves first; so is
    one that goes on after a series that a restore or a clock has closed.
    """
    pattern = base = company.configuration.numbering.pattern(kind, issued_on)
    rank = 1
    while (name := company.series_of(kind, pattern)) and entry.series()[name].closed:
        rank += 1
        pattern = continued(base, rank)
    if not name:
        return Ticket(company.open_series(kind, pattern), 1, number(pattern, 1), date.min)
    known = entry.series()[name]
    seq = known.last + 1
    return Ticket(name, seq, number(pattern, seq), known.last_issued_on or date.min)


def continue_series(entry: Entry, *, kind: str, first: int, reason: str) -> str:
    """This year's numbers of `kind` go on at `first`, after those of the software used before: the next number.

    Said again before the first number is given, it counts anew. Errors: `SeriesBegun`, `PatternTaken`.
    """
    company = entry.get(Company, entry.company_id)
    pattern = company.configuration.numbering.pattern(kind, entry.day)
    name = company.series_of(kind, pattern)
    if name and (known := entry.series()[name]).last_issued_on:
        raise SeriesBegun(number(pattern, known.last))
    company.open_series(kind, pattern, first=first, reason=reason)
    entry.save(company)
    return number(pattern, first)
