"""The board of ideas: what people would like, how many want it, and what becomes of it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from web import forms
from web.books import new_id
from web.errors import again
from web.lists import Listing
from web.pages import show
from web.support import idea_rows as rows
from web.support.people import as_person
from web.support.words import FIELDS, IDEAS, said

SHOWN = [status for status in IDEAS if status != "hidden"]

bp = Blueprint("ideas", __name__, url_prefix="/idees")


@bp.get("/")
def index() -> str:
    listing = Listing(filters=("etat",))
    wanted = listing.etat if listing.etat in SHOWN else ""
    with as_person() as conn:
        ideas, counts = rows.every(conn, wanted, listing.q), rows.counts(conn)
    tabs = [("", "Toutes", sum(counts.get(one, 0) for one in SHOWN))]
    tabs += [(one, f"{IDEAS[one].label}s", counts.get(one, 0)) for one in SHOWN]
    return show("support/ideas.html", "results", listing=listing, ideas=ideas, tabs_=tabs, statuses_=IDEAS)


@bp.get("/nouvelle")
def new(values: Any = None, errors: Any = None, problem: str = "") -> str:
    return show(
        "support/new_idea.html", values=values or {}, errors=errors or {}, problem=problem, labels=FIELDS
    )  # fmt: skip


@bp.post("/nouvelle")
@again(new)
def propose() -> Response:
    fields = forms.Fields(request.form)
    title, body = fields.need("title", forms.plain), fields.get("body", said, "")
    fields.check()
    with as_person() as conn:
        rows.propose(conn, new_id(), current_user.id, title, body)
    flash("Idée proposée : votre voix est comptée.")
    return redirect(url_for(".index"), 303)


@bp.post("/<uuid:idea_id>/voix")
def vote(idea_id: UUID) -> Response:
    with as_person() as conn:
        if not rows.there(conn, idea_id):
            abort(404)
        rows.vote(conn, idea_id, current_user.id, wanted=bool(request.form.get("wanted")))
    return redirect(url_for(".index", _anchor=f"i-{idea_id}"), 303)
