"""The number that a document takes: the next of its series, opened at the first document of the year."""

from datetime import date

from domain.company import Company
from domain.issuing import Ticket
from domain.numbering import continued, kinds_sharing, number, series_name
from ledger.entry import Entry


def ticket(entry: Entry, company: Company, kind: str, issued_on: date) -> Ticket:
    """The next number for `kind`. A series not yet known is opened by `company`, which the caller saves first; so is
    one that goes on after a series that a restore or a clock has closed.
    """
    base = company.configuration.numbering.pattern(kind, issued_on)
    name, pattern = series_name(base), base
    rank = 1
    while (known := entry.series().get(name)) and known.closed:
        rank += 1
        name, pattern = continued(base, rank)
    if known is None:
        company.open_series(name, kinds_sharing(kind), pattern)
        return Ticket(name, 1, number(pattern, 1), date.min)
    seq = known.last + 1
    return Ticket(name, seq, number(known.pattern, seq), known.last_issued_on or date.min)
