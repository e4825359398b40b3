"""« Sociétés »: that they are there, how long their ledgers are, whether they are whole, what they owe for the service.
Nothing of what their books say.
"""

from typing import Any, NamedTuple
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from projections import companies as company
from projections import verifications
from web import forms
from web.books import read
from web.errors import again
from web.filters import day as written
from web.frame import Badge, badge
from web.lists import Listing
from web.mail import notices
from web.operator import dues
from web.operator import rows as ledger_rows
from web.operator.rows import Ledger
from web.pages import show
from web.subscriptions import changes, payments, plans, rows
from web.support.people import as_person

bp = Blueprint("companies", __name__, url_prefix="/societes")


class Seen(NamedTuple):
    """A company as the operator sees it."""

    ledger: Ledger
    name: str
    siren: str
    integrity: Badge


@bp.get("/")
def index() -> str:
    listing = Listing()
    with as_person() as conn:
        ledgers = ledger_rows.ledgers(conn)
        if listing.q:
            found = ledger_rows.named(conn, listing.q.lower().replace(" ", ""))
            ledgers = [one for one in ledgers if one.company_id in found]
    shown = ledgers[listing.offset : listing.offset + listing.size]
    with as_person() as conn:
        standings = dues.standings(conn, [one.company_id for one in shown])
    return show(
        "operator/companies.html", "results", listing=listing, companies=[_seen(one) for one in shown],
        standings=standings, unpaid=dues.unpaid([*standings.values()]), plans=plans.PLANS, total=len(ledgers),
    )  # fmt: skip


@bp.get("/<uuid:company_id>")
def show_(company_id: UUID, values: Any = None, errors: Any = None, problem: str = "") -> str:
    with as_person() as conn:
        ledger = next((one for one in ledger_rows.ledgers(conn) if one.company_id == company_id), None) or abort(404)
        found = dues.standings(conn, [company_id]).get(company_id)
    return show(
        "operator/company.html", seen=_seen(ledger), standing=found, plans=plans.PLANS, ways=payments.WAYS,
        owed=dues.unpaid([found]).get(found.id, []) if found else [], day=rows.today(), notice=changes.NOTICE.days,
        values=values or {}, errors=errors or {}, problem=problem,
    )  # fmt: skip


@bp.post("/<uuid:company_id>/mandat")
def confirm(company_id: UUID) -> Response:
    """The operator holds the signed mandate: invoices say from now on that they will be debited."""
    with as_person() as conn:
        found = rows.of_company(conn, company_id) or abort(404)
        conn.execute(CONFIRM, {"day": rows.today(), "id": found.id})
    flash("Mandat confirmé : les prochaines factures le diront.")
    return redirect(url_for(".show_", company_id=company_id), 303)


@bp.post("/<uuid:company_id>/fin")
@again(show_)
def end(company_id: UUID) -> Response:
    """The subscription ends in a month since it is not paid; its person is told now."""
    fields = forms.Fields(request.form)
    if "sure" not in request.form:
        fields.refuse("sure", "Cochez cette case : le message part aussitôt.")
    fields.check()
    with as_person() as conn:
        found, told = rows.of_company(conn, company_id) or abort(404), dues.standings(conn, [company_id])[company_id]
    numbers = ", ".join(one.number for one in dues.unpaid([told]).get(found.id, []))
    with as_person() as conn:
        ends_on = changes.end_unpaid(conn, found, rows.today())
        if told.email:
            notices.send(
                conn, told.email, "subscription_ends", key=f"unpaid {found.id} {ends_on}", numbers=numbers,
                ends_on=written(ends_on), link=("Mes adhésions", notices.address("subscriptions.index")),
            )  # fmt: skip
    flash(f"L’adhésion prendra fin le {written(ends_on)}.")
    return redirect(url_for(".show_", company_id=company_id), 303)


@bp.post("/<uuid:company_id>/reprise")
def lift(company_id: UUID) -> Response:
    """It was paid."""
    with as_person() as conn:
        found = rows.of_company(conn, company_id) or abort(404)
        changes.lift_unpaid(conn, found, rows.today())
    flash("Adhésion rétablie.")
    return redirect(url_for(".show_", company_id=company_id), 303)


def _seen(ledger: Ledger) -> Seen:
    with read(ledger.company_id) as tx:
        found = company.current(tx)
        integrity = badge(verifications.integrity(tx), found.time_zone if found else "Europe/Paris")
    return Seen(ledger, found.name if found else "", found.siren if found else "", integrity)


CONFIRM = """
    UPDATE accounts.subscriptions SET mandate_on = %(day)s
     WHERE id = %(id)s AND payment = 'mandate' AND mandate_on IS NULL
    """
