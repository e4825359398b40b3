"""« Mes demandes »: what a person asked, and the thread of each request."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from web import forms
from web.books import new_id
from web.errors import again
from web.mail.notices import address
from web.pages import show
from web.support import letters, rows
from web.support.people import as_person
from web.support.words import FIELDS, TICKETS, said

bp = Blueprint("tickets", __name__, url_prefix="/aide/demandes")


@bp.get("/")
def index() -> str:
    with as_person() as conn:
        tickets = rows.of_person(conn, current_user.id)
    return show("support/tickets.html", tickets=tickets, statuses_=TICKETS)


@bp.get("/<uuid:ticket_id>")
def show_(ticket_id: UUID, values: Any = None, errors: Any = None, problem: str = "") -> str:
    with as_person() as conn:
        ticket, messages = _mine(conn, ticket_id), rows.thread(conn, ticket_id)
    return show(
        "support/ticket.html", ticket=ticket, messages=messages, status=TICKETS[ticket.status], labels=FIELDS,
        values=values or {}, errors=errors or {}, problem=problem,
    )  # fmt: skip


@bp.post("/<uuid:ticket_id>")
@again(show_)
def reply(ticket_id: UUID) -> Response:
    with as_person() as conn:
        ticket = _mine(conn, ticket_id)
        fields = forms.Fields(request.form)
        body = fields.need("body", said)
        fields.check()
        message_id = new_id()
        if rows.say(conn, message_id, ticket_id, "person", current_user.id, body):
            letters.waits(conn, ticket, message_id, body, address("operator.inbox.show_", ticket_id=ticket_id))
    flash("Message envoyé.")
    return redirect(url_for(".show_", ticket_id=ticket_id), 303)


@bp.post("/<uuid:ticket_id>/clore")
def close(ticket_id: UUID) -> Response:
    with as_person() as conn:
        _mine(conn, ticket_id)
        rows.settle(conn, ticket_id, "closed")
    flash("Demande close. Un nouveau message la rouvrirait.")
    return redirect(url_for(".index"), 303)


def _mine(conn: Any, ticket_id: UUID) -> rows.Ticket:
    ticket = rows.one(conn, ticket_id)
    if ticket is None or ticket.user_id != current_user.id:  # an operator reads those of others in the console
        abort(404)
    return ticket
