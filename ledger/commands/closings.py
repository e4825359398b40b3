"""Recording closings, made by the job for every period that is over."""

from calendar import monthrange
from datetime import date, timedelta

from domain.closing import Closing, PeriodKind, Span
from domain.closing_mail import ClosingMail, Receiver, closing_mail_id
from domain.company import Company
from domain.errors import NotFound
from domain.period_totals import COUNTED, Bounds, facts
from ledger import periods
from ledger.entry import Entry


def close_next(entry: Entry, *, period: PeriodKind) -> str | None:
    """Closes the first period of that kind that is over and not closed yet; its first day, None when there is none.

    Days without a fiscal event are not closed; months and fiscal years always.
    """
    found = periods.last_closing(entry, period)
    before, previous = found or (None, None)
    span = _next_day(entry, before) if period == "day" else _next_span(entry, period, before)
    if span is None or span.to >= entry.day:
        return None
    from_pos = before.to_pos + 1 if before else 1
    to_pos = periods.last_position(entry, from_pos, span.to)
    year = fiscal_year(entry.get(Company, entry.company_id), span.to)
    bounds = Bounds(period, span.from_, span.to, from_pos, to_pos, year)
    events = periods.events(entry, from_pos, to_pos, COUNTED)
    entry.save(Closing.close(entry.company_id, facts(bounds, events, before, previous)))
    return span.from_.isoformat()


def ask_receipts(entry: Entry, *, to: tuple[Receiver, ...]) -> None:
    """From now on the receipt of each monthly closing goes to them by mail."""
    try:
        asked = entry.get(ClosingMail, closing_mail_id(entry.company_id))
        asked.change(to)
    except NotFound:
        asked = ClosingMail.ask(entry.company_id, to)
    entry.save(asked)


def fiscal_year(company: Company, day: date) -> Span:
    """The fiscal year of a day: the one that was defined, else the calendar year."""
    for first, last in company.fiscal_years:
        if first <= day <= last:
            return Span(from_=first, to=last)
    return Span(from_=date(day.year, 1, 1), to=date(day.year, 12, 31))


def _next_day(entry: Entry, before: Closing.Created | None) -> Span | None:
    day = periods.fiscal_day(entry, before.to_pos + 1 if before else 1)
    return Span(from_=day, to=day) if day else None


def _next_span(entry: Entry, period: PeriodKind, before: Closing.Created | None) -> Span:
    first = before.to + timedelta(days=1) if before else periods.first_day(entry)
    if period == "month":
        return Span(from_=first.replace(day=1), to=first.replace(day=monthrange(first.year, first.month)[1]))
    year = fiscal_year(entry.get(Company, entry.company_id), first)
    return Span(from_=first, to=year.to) if before else year
