"""Recording closings, made by the job for every period that is over."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, get_args
from uuid import UUID, uuid4

from domain import fiscal_years
from domain.books import month_end
from domain.closing import Closing, PeriodKind, Span
from domain.closing_mail import ClosingMail, Receiver, closing_mail_id
from domain.company import Company
from domain.errors import NotFound
from domain.period_totals import COUNTED, Bounds, facts
from ledger import periods
from ledger.entry import Entry


def close_next(entry: Entry, *, period: PeriodKind) -> str | None:
    """Closes the first period of that kind that is over and not closed yet; its first day, None when there is none.

    Days without a fiscal event are not closed; months and fiscal years always. The fiscal years that have begun by then
    are defined first, of twelve months, as far as nobody did.
    """
    _define_years(entry)
    found = periods.last_closing(entry, period)
    before, previous = found or (None, None)
    span = _next_day(entry, before) if period == "day" else _next_span(entry, period, before)
    if span is None or span.to >= entry.day:
        return None
    from_pos = before.to_pos + 1 if before else 1
    to_pos = periods.last_position(entry, from_pos, span.to)
    year = _fiscal_year(entry, span.to)
    bounds = Bounds(period, span.from_, span.to, from_pos, to_pos, year)
    events = periods.events(entry, from_pos, to_pos, COUNTED)
    entry.save(Closing.close(entry.company_id, facts(bounds, events, before, previous)))
    return span.from_.isoformat()


def close_all(do: Callable[..., Any], company_id: UUID) -> None:
    """Closes every period that is over: days, then months, then fiscal years, each in its order, a command each.

    `do(use_case, company_id, command_id, **facts)`: as the job.
    """
    for period in get_args(PeriodKind):
        while do(close_next, company_id, uuid4(), period=period):
            pass


def ask_receipts(entry: Entry, *, to: tuple[Receiver, ...]) -> None:
    """From now on the receipt of each monthly closing goes to them by mail."""
    try:
        asked = entry.get(ClosingMail, closing_mail_id(entry.company_id))
        asked.change(to)
    except NotFound:
        asked = ClosingMail.ask(entry.company_id, to)
    entry.save(asked)


def _define_years(entry: Entry) -> None:
    company = entry.get(Company, entry.company_id)
    for first_on, last_on in fiscal_years.due(company.fiscal_years, entry.day):
        company.define_fiscal_year(first_on, last_on)
    entry.save(company)


def _fiscal_year(entry: Entry, day: date) -> Span:
    first_on, last_on = fiscal_years.of_day(entry.get(Company, entry.company_id).fiscal_years, day)
    return Span(from_=first_on, to=last_on)


def _next_day(entry: Entry, before: Closing.Created | None) -> Span | None:
    day = periods.fiscal_day(entry, before.to_pos + 1 if before else 1)
    return Span(from_=day, to=day) if day else None


def _next_span(entry: Entry, period: PeriodKind, before: Closing.Created | None) -> Span:
    first = before.to + timedelta(days=1) if before else periods.first_day(entry)
    if period == "month":
        return Span(from_=first.replace(day=1), to=month_end(first))
    year = _fiscal_year(entry, first)
    return Span(from_=first, to=year.to) if before else year
