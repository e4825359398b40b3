"""« Exercices et numéros »: when fiscal years end, where numbers go on from, who keeps the books."""

from datetime import date
from typing import Any, NamedTuple

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from domain import fiscal_years
from domain.company import Company, Keeping
from domain.numbering import number
from ledger.commands import companies as commands
from ledger.commands.numbers import continue_series
from projections import closings, numbers, streams
from projections.tx import Tx
from web import forms
from web.books import allowed, do, read
from web.days import today
from web.errors import again
from web.filters import day as written
from web.pages import show
from web.roles import DECIDE
from web.settings_form import KINDS

KEEPINGS: dict[Keeping, str] = {
    "full": "Ici : Probant en tire le FEC",
    "sales": "Dans le logiciel du comptable : Probant lui donne les écritures de vente",
}
LAST_FIRST = 999_999  # where numbers go on, at most
LABELS = {
    "last_on": "Dernier jour", "kind": "Documents", "first": "Prochain numéro", "reason": "Motif",
    "keeping": "Les livres sont tenus",
}  # fmt: skip

bp = Blueprint("fiscal", __name__, url_prefix="/reglages/exercices")


class Next(NamedTuple):
    """The next number of a kind; `begun`: its series has given one."""

    number: str
    begun: bool


def page(values: Any = None, errors: Any = None, problem: str = "") -> str:
    with read() as tx:
        company, day = streams.load(tx, Company, tx.company), today(tx)
        upcoming = {kind: _next(tx, company, kind, day) for kind in KINDS}
        target = _changeable(company, day, traded=closings.span(tx) is not None)
    free = {kind: label for kind, label in KINDS.items() if not upcoming[kind].begun}
    kept = {"last_on": target[1].isoformat(), "keeping": company.keeping, "kind": next(iter(free), "")}
    return show(
        "settings/fiscal.html", years=sorted(company.fiscal_years, reverse=True), target=target, day=day, kinds=KINDS,
        upcoming=upcoming, free=free, keepings=KEEPINGS, may=allowed(DECIDE), labels=LABELS,
        values=kept | dict(values or {}), errors=errors or {}, problem=problem, posted=request.endpoint,
    )  # fmt: skip


@bp.get("/")
def index() -> str:
    return page()


@bp.post("/")
@again(page)
def define() -> Response:
    fields = forms.Fields(request.form)
    first_on, last_on = fields.need("first_on", forms.date), fields.need("last_on", forms.date)
    fields.check()
    do(commands.define_fiscal_year, first_day=first_on, last_day=last_on)
    flash(f"Exercice du {written(first_on)} au {written(last_on)} enregistré.")
    return redirect(url_for(".index"), 303)


@bp.post("/numeros")
@again(page)
def go_on() -> Response:
    fields = forms.Fields(request.form)
    kind, first = fields.need("kind", forms.one_of(KINDS)), fields.need("first", _first)
    reason = fields.need("reason", forms.text)
    fields.check()
    flash(f"Le prochain numéro sera {do(continue_series, kind=kind, first=first, reason=reason)}.")
    return redirect(url_for(".index"), 303)


@bp.post("/tenue")
@again(page)
def keep() -> Response:
    fields = forms.Fields(request.form)
    keeping = fields.need("keeping", forms.one_of(KEEPINGS))
    fields.check()
    do(commands.keep_books, keeping=keeping)
    flash("Tenue des livres enregistrée : les prochaines archives la disent.")
    return redirect(url_for(".index"), 303)


def _next(tx: Tx, company: Company, kind: str, day: date) -> Next:
    series = numbers.series(tx, company, kind, day)
    pattern = company.configuration.numbering.pattern(kind, day)
    first = number(series.pattern, series.last + 1) if series else number(pattern, 1)
    return Next(first, bool(series and series.last_issued_on))


def _changeable(company: Company, day: date, *, traded: bool) -> fiscal_years.Year:
    """The year whose end may be chosen: the last one as long as nothing is in it, else the one after it."""
    last = company.fiscal_years[-1] if company.fiscal_years else fiscal_years.of_day((), day)
    return fiscal_years.following(last) if last[0] <= day and traded else last


def _first(raw: str) -> int:
    if not raw.strip().isdecimal() or not 1 <= int(raw) <= LAST_FIRST:
        raise forms.Unreadable("Un rang, en chiffres : 118 pour continuer à F2026-0118.")
    return int(raw)
