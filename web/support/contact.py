"""The contact form, for whoever has a question, with or without an account: it opens a request."""

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, flash, g, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from web import forms, frame
from web.accounts import addresses
from web.books import new_id
from web.errors import again
from web.mail.notices import address
from web.pages import show
from web.support import letters, rows
from web.support.people import Connection, as_person
from web.support.words import FIELDS, said

bp = Blueprint("contact", __name__, url_prefix="/aide/contact")


@bp.get("/")
def ask(values: Any = None, errors: Any = None, problem: str = "") -> str:
    known = current_user.is_authenticated
    return show(
        "support/contact.html", values=values or {}, errors=errors or {}, problem=problem, labels=FIELDS, known=known,
        company=frame.name_of(g.membership.company_id) if known and g.membership else "",
    )  # fmt: skip


@bp.post("/")
@again(ask)
def send() -> Response:
    known, fields = current_user.is_authenticated, forms.Fields(request.form)
    name = current_user.username if known else fields.need("name", forms.plain)
    email = current_user.email if known else fields.need("email", addresses.email)
    subject, body = fields.need("subject", forms.plain), fields.need("body", said)
    fields.check()
    ticket = rows.new(new_id(), name, email, subject, current_user.id if known else None, _company())
    with as_person() as conn:
        if rows.open_(conn, ticket, body):
            _tell(conn, ticket, body)
    flash(f"Demande {ticket.reference} envoyée. La réponse viendra à {email}.")
    return redirect(url_for("tickets.show_", ticket_id=ticket.id) if known else url_for(".ask"), 303)


def _tell(conn: Connection, ticket: rows.Ticket, body: str) -> None:
    """The mails of a new request: to the person, who may read it here if she has an account, and to the operators."""
    page = address("tickets.show_", ticket_id=ticket.id) if ticket.user_id else ""
    letters.received(conn, current_app.extensions["settings"], ticket, page)
    letters.waits(conn, ticket, ticket.id, body, address("operator.inbox.show_", ticket_id=ticket.id))


def _company() -> UUID | None:
    """The company that is open, when the person says that it is about it."""
    return g.membership.company_id if g.membership and request.form.get("about") else None
