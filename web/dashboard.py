"""The first page: what came in, what is due, what waits, what was recorded last. Every figure opens its list."""

from datetime import date
from typing import NamedTuple

from flask import Blueprint

from domain import fiscal_years
from domain.books import month_end
from domain.company import Company
from domain.terms import years_later
from projections import archives, closings, companies, dashboard, payment_lists, recurring, streams, turnover
from projections.closings import ClosingRow
from projections.dashboard import Started, Summary
from projections.listing import Filter, sum_of
from projections.turnover import Sums
from projections.tx import Tx
from web import periods
from web.ages import AGES
from web.books import read
from web.days import today, zone
from web.filters import MONTHS, MONTHS_LONG, month
from web.pages import show
from web.payments import MONEY
from web.privacy.silent import silent
from web.reminders.index import due_now
from web.timeline import moments

SHOWN = 6  # invoices to be reminded of; the list has them all
YEAR = 12  # months of the chart, this one included

bp = Blueprint("dashboard", __name__)


class Span(NamedTuple):
    """What some days came to: a column of « Activité », whose figures open the lists of the same days."""

    label: str
    first: date
    last: date
    sums: Sums


@bp.get("/")
def index() -> str:
    with read() as tx:
        day, here, company = today(tx), zone(tx), companies.current(tx)
        facts = dashboard.summary(tx, day)
        started = dashboard.started(tx)
        months = turnover.months(tx, _months_before(day, YEAR - 1), day)
        payments, unarchived = _payments_of_month(tx, day), unarchived_year(tx)
        spans = activity(tx, day) if company else []
        refusals, remind = recurring.refusals(tx), due_now(tx, day, SHOWN + 1)
        quiet = silent(tx)
    ages = _ages(facts)
    return show(
        "dashboard/index.html", day=day, zone=here, facts=facts, started=started, steps=_steps(started, company),
        ages=ages, chart=[(label, cents) for _, label, cents, _ in ages], months=months, names=MONTHS,
        this_month=MONTHS_LONG[day.month - 1], payments=payments, moments=moments(facts.entries),
        unarchived=unarchived, spans=spans, refusals=refusals, silent=quiet, remind=remind[:SHOWN],
        remind_more=len(remind) > SHOWN,
    )  # fmt: skip


def unarchived_year(tx: Tx) -> ClosingRow | None:
    """The last closed fiscal year, as long as archives said to be kept on an external medium do not hold it whole."""
    years = closings.between(tx, "year", date.min, date.max)
    begins = years[-2].pos + 1 if years[1:] else 1
    return years[-1] if years and not archives.are_put_away(tx, begins, years[-1].pos) else None


def activity(tx: Tx, day: date) -> list[Span]:
    """This month and that of a year ago, this fiscal year and the one before."""
    years = streams.load(tx, Company, tx.company).fiscal_years
    year = fiscal_years.of_day(years, day)
    old_year, old_month = fiscal_years.before(years, year), years_later(day.replace(day=1), -1)
    spans = (
        (month(day), day.replace(day=1), month_end(day)),
        (month(old_month), old_month, month_end(old_month)),
        ("Exercice", *year),
        ("Exercice précédent", *old_year),
    )
    return [Span(label, since, until, turnover.between(tx, since, until)) for label, since, until in spans]


def _ages(facts: Summary) -> list[tuple[str, str, int, int]]:
    """(key, label, cents, invoices) of each age."""
    aged = facts.aged
    sums = (aged.not_due, aged.d1_30, aged.d31_60, aged.d61_90, aged.d91)
    return [(key, label, age.cents, age.count) for (key, (label, _)), age in zip(AGES.items(), sums, strict=True)]


def _steps(started: Started, company: companies.CompanyRow | None) -> list[tuple[bool, str]]:
    """(done, name) of the first steps."""
    identified = bool(company and company.siren and company.city)
    return [(identified, "company"), (started.clients, "client"), (started.documents, "document")]


def _payments_of_month(tx: Tx, day: date) -> int:
    first_on, last_on = periods.bounds("mois", day)
    return sum_of(payment_lists.totals(tx, Filter(kinds=MONEY, first_on=first_on, last_on=last_on))).count


def _months_before(day: date, months: int) -> date:
    rank = day.year * 12 + day.month - 1 - months
    return date(rank // 12, rank % 12 + 1, 1)
