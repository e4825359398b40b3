"""« Idées »: what becomes of each, and why. A hidden one is shown to nobody else."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from web import forms
from web.errors import again
from web.lists import Listing
from web.pages import show
from web.support import idea_rows
from web.support.people import as_person
from web.support.words import FIELDS, IDEAS, said

bp = Blueprint("ideas", __name__, url_prefix="/idees")


@bp.get("/")
def index() -> str:
    listing = Listing(filters=("etat",))
    with as_person() as conn:
        ideas, counts = idea_rows.every(conn, listing.etat, listing.q), idea_rows.counts(conn)
    tabs = [("", "Montrées", sum(n for status, n in counts.items() if status != "hidden"))]
    tabs += [(key, f"{status.label}s", counts.get(key, 0)) for key, status in IDEAS.items()]
    return show("operator/ideas.html", "results", listing=listing, ideas=ideas, tabs_=tabs, statuses_=IDEAS)


@bp.get("/<uuid:idea_id>")
def show_(idea_id: UUID, values: Any = None, errors: Any = None, problem: str = "") -> str:
    with as_person() as conn:
        idea = _known(conn, idea_id)
    return show(
        "operator/idea.html", idea=idea, choices_={key: status.label for key, status in IDEAS.items()}, labels=FIELDS,
        values=values or {"status": idea.status, "answer": idea.answer}, errors=errors or {}, problem=problem,
    )  # fmt: skip


@bp.post("/<uuid:idea_id>")
@again(show_)
def decide(idea_id: UUID) -> Response:
    with as_person() as conn:
        _known(conn, idea_id)
        fields = forms.Fields(request.form)
        status, answer = fields.need("status", forms.one_of(IDEAS)), fields.get("answer", said, "")
        fields.check()
        idea_rows.decide(conn, idea_id, status, answer)
    flash("Décision enregistrée.")
    return redirect(url_for(".index"), 303)


def _known(conn: Any, idea_id: UUID) -> idea_rows.Idea:
    return idea_rows.one(conn, idea_id) or abort(404)
