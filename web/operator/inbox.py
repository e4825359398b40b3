"""« Demandes »: what people ask, what waits longest first; the operator answers, closes, erases on request."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, current_app, flash, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from web import forms, frame
from web.books import new_id
from web.errors import again
from web.filters import plural
from web.lists import Listing
from web.mail.notices import address
from web.pages import show
from web.support import letters, rows
from web.support.people import as_person
from web.support.words import FIELDS, TICKETS, said

bp = Blueprint("inbox", __name__, url_prefix="/demandes")


@bp.get("/")
def index() -> str:
    listing = Listing(filters=("etat",))
    status = listing.etat if listing.etat in TICKETS else ""
    with as_person() as conn:
        tickets, total = rows.page(conn, status, listing.q, listing.size, listing.offset)
        counts = rows.counts(conn)
    tabs = [("", "Toutes", sum(counts.values())), *((k, s.label, counts.get(k, 0)) for k, s in TICKETS.items())]
    return show(
        "operator/inbox.html", "results", listing=listing, tickets=tickets, total=total, tabs_=tabs, statuses_=TICKETS
    )


@bp.get("/<uuid:ticket_id>")
def show_(ticket_id: UUID, values: Any = None, errors: Any = None, problem: str = "") -> str:
    with as_person() as conn:
        ticket, messages = _known(conn, ticket_id), rows.thread(conn, ticket_id)
    return show(
        "operator/ticket.html", ticket=ticket, messages=messages, status=TICKETS[ticket.status], labels=FIELDS,
        company=frame.name_of(ticket.company_id) if ticket.company_id else "", statuses_=TICKETS,
        values=values or {}, errors=errors or {}, problem=problem,
    )  # fmt: skip


@bp.post("/<uuid:ticket_id>")
@again(show_)
def answer(ticket_id: UUID) -> Response:
    with as_person() as conn:
        ticket = _known(conn, ticket_id)
        fields = forms.Fields(request.form)
        body = fields.need("body", said)
        fields.check()
        message_id = new_id()
        if rows.say(conn, message_id, ticket_id, "operator", current_user.id, body):
            message = next(one for one in rows.thread(conn, ticket_id) if one.id == message_id)
            page = address("tickets.show_", ticket_id=ticket_id) if ticket.user_id else ""
            letters.answered(
                conn, current_app.extensions["settings"], ticket, message, page, rows.last_mail(conn, ticket_id)
            )
        if request.form.get("close"):
            rows.settle(conn, ticket_id, "closed")
    flash(f"Réponse envoyée à {ticket.email}.")
    return redirect(url_for(".index"), 303)


@bp.post("/<uuid:ticket_id>/etat")
def settle(ticket_id: UUID) -> Response:
    with as_person() as conn:
        _known(conn, ticket_id)
        rows.settle(conn, ticket_id, forms.one_of(TICKETS)(request.form.get("status", "")))
    return redirect(url_for(".show_", ticket_id=ticket_id), 303)


@bp.post("/<uuid:ticket_id>/effacer")
@again(show_)
def erase(ticket_id: UUID) -> Response:
    fields = forms.Fields(request.form)
    if "sure" not in request.form:
        fields.refuse("sure", "Cochez cette case : l’effacement est définitif.")
    fields.check()
    with as_person() as conn:
        _known(conn, ticket_id)
        gone = rows.erase(conn, ticket_id)
    flash(f"Effacement fait : {plural(gone, 'demande')}.")
    return redirect(url_for(".index"), 303)


def _known(conn: Any, ticket_id: UUID) -> rows.Ticket:
    return rows.one(conn, ticket_id) or abort(404)
