"""Closings: the calendar of a year, each closing in full, and the totals of any period."""

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from flask import Blueprint, Response

from domain.closing import Closing
from projections import closings, companies, register, streams
from projections.closings import ClosingRow, Day
from projections.tx import Tx
from web import forms
from web.books import read
from web.choices import METHODS, vat_text
from web.closing_sheet import sheet
from web.days import today, zone
from web.filters import MONTHS_LONG, long_day, month
from web.lists import Listing
from web.pages import show

bp = Blueprint("closings", __name__, url_prefix="/clotures")


class Month(NamedTuple):
    """A month of the calendar: `before` = cells left empty before its first day, since weeks start on Mondays."""

    name: str
    before: int
    days: list[tuple[date, Day | None]]
    documents: int
    gross_cents: int
    paid_cents: int
    closing: ClosingRow | None


@bp.get("/")
def index() -> str:
    listing = Listing(filters=("annee", "du", "au"))
    with read() as tx:
        day = today(tx)
        first, last = closings.span(tx) or (day, day)
        fields = forms.Fields(listing.filters)
        year = min(max(_year(listing["annee"], last.year), first.year), max(last, day).year)
        opening, ending = date(year, 1, 1), date(year, 12, 31)
        months = _months(year, closings.days(tx, opening, ending), closings.between(tx, "month", opening, ending))
        exercises, newest = closings.between(tx, "year", opening, ending), closings.newest(tx)
        since = fields.get("du", forms.date, opening) or opening  # one that cannot be read is told beside it
        until = fields.get("au", forms.date, ending) or ending
        asked = closings.turnover(tx, since, until)
    return show(
        "closings/index.html", "results", listing=listing, year=year, first=first.year, last=max(last, day).year,
        months=months, exercises=exercises, newest=newest, asked=asked, since=since, until=until, errors=fields.errors,
        today=day,
    )  # fmt: skip


def _year(text: str, default: int) -> int:
    return int(text) if re.fullmatch("[0-9]{4}", text) else default


@bp.get("/<uuid:closing_id>")
def closing(closing_id: UUID) -> str:
    with read() as tx:
        return show("closings/closing.html", **_closing(tx, closing_id))


@bp.get("/<uuid:closing_id>.pdf")
def printed(closing_id: UUID) -> Response:
    """The closing sheet."""
    with read() as tx:
        found = streams.load(tx, Closing, closing_id).closed
        name, content = sheet(tx, closing_id, title(found))
    answer = Response(content, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _closing(tx: Tx, closing_id: UUID) -> dict[str, Any]:
    found = streams.load(tx, Closing, closing_id).closed
    return {
        "closing": found, "title": title(found), "entry": register.about(tx, closing_id)[0], "zone": zone(tx),
        "methods": METHODS, "vat_text": vat_text, "company": companies.current(tx), "before": found.previous,
    }  # fmt: skip


def title(found: Closing.Created) -> str:
    """`Clôture de mars 2026`, `Clôture de l’exercice 2026`; a day by its own name."""
    if found.period == "day":
        return f"Clôture du {long_day(found.from_).lower()}"
    if found.period == "month":
        return f"Clôture de {month(found.from_)}"
    years = dict.fromkeys((str(found.fiscal_year.from_.year), str(found.fiscal_year.to.year)))
    return f"Clôture de l’exercice {'-'.join(years)}"


def _months(year: int, days: Iterable[Day], closed: Iterable[ClosingRow]) -> list[Month]:
    by_day = {each.day: each for each in days}
    by_month = {each.from_on.month: each for each in closed}
    return [_month(year, number, by_day, by_month.get(number)) for number in range(1, 13)]


def _month(year: int, number: int, by_day: dict[date, Day], closing: ClosingRow | None) -> Month:
    before, length = monthrange(year, number)
    cells = [(day, by_day.get(day)) for day in (date(year, number, rank + 1) for rank in range(length))]
    filled = [found for _, found in cells if found]
    return Month(
        name=MONTHS_LONG[number - 1],
        before=before,
        days=cells,
        documents=sum(found.documents for found in filled),
        gross_cents=sum(found.gross_cents for found in filled),
        paid_cents=sum(found.paid_cents for found in filled),
        closing=closing,
    )
