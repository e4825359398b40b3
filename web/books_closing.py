"""« Clôture comptable »: the accountant closes a month or a fiscal year of the books; who gets the monthly receipt."""

from datetime import date
from typing import Any, cast

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from domain.books import BooksPeriod, closable
from domain.closing_mail import ClosingMail, Receiver, closing_mail_id
from domain.company import Company
from domain.errors import NotFound
from ledger.commands.closings import ask_receipts
from ledger.commands.companies import close_books
from projections import register, streams
from projections.tx import Tx
from web import forms
from web.books import allowed, do, read
from web.days import today, zone
from web.errors import again
from web.filters import day, month
from web.pages import show
from web.roles import BOOKS
from web.timeline import moments

LAST = 12  # closings that the page names
RECEIVERS: dict[Receiver, str] = {"owner": "Titulaire", "accountant": "Comptable"}

bp = Blueprint("books", __name__, url_prefix="/clotures/comptabilite")


def page(values: Any = None, errors: Any = None, problem: str = "") -> str:
    with read() as tx:
        company = streams.load(tx, Company, tx.company)
        wanted = register.Filter(types=("books.closed",))
        closed, here = register.page(tx, wanted, limit=LAST), zone(tx)
        choices = {f"{kind} {through}": _label(kind, through) for kind, through in closable(company, today(tx))}
        to = receivers(tx)
    return show(
        "closings/books.html", choices=choices, closed=moments(closed), through=company.closed_through, zone=here,
        opened=company.first_open_day, never=date.min, may=allowed(BOOKS), receivers=RECEIVERS, to=to,
        values=values or {}, errors=errors or {}, problem=problem,
    )  # fmt: skip


@bp.get("/")
def index() -> str:
    return page()


@bp.post("/")
@again(page)
def close() -> Response:
    fields = forms.Fields(request.form)
    kind, through = fields.need("period", _period) or ("month", date.min)
    fields.check()
    do(close_books, through=through, kind=kind)
    flash(
        f"Comptabilité close jusqu’au {day(through)}. Ce qui arrive encore de cette période est porté au jour d’après."
    )
    return redirect(url_for(".index"), 303)


@bp.post("/recus")
@again(page)
def mail() -> Response:
    to = tuple(name for name in RECEIVERS if name in request.form.getlist("to"))
    do(ask_receipts, to=to)
    flash("Le reçu partira à chaque clôture mensuelle." if to else "Aucun reçu ne sera envoyé.")
    return redirect(url_for(".index"), 303)


def receivers(tx: Tx) -> tuple[Receiver, ...]:
    """To whom the receipt of each monthly closing goes."""
    try:
        return streams.load(tx, ClosingMail, closing_mail_id(tx.company)).to
    except NotFound:
        return ()


def _period(raw: str) -> tuple[BooksPeriod, date]:
    kind, _, through = raw.partition(" ")
    if kind not in ("month", "fiscal_year"):
        raise forms.Unreadable("Choisissez un mois ou un exercice.")
    return cast(BooksPeriod, kind), forms.date(through)


def _label(kind: BooksPeriod, through: date) -> str:
    return f"Exercice clos le {day(through)}" if kind == "fiscal_year" else f"{month(through).capitalize()}"
