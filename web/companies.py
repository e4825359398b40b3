"""The companies of the person who is signed in, and which of them is open."""

from uuid import UUID

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from web import forms, frame
from web.accounts import sessions, store

ROLES = {
    "owner": "Titulaire",
    "collaborator": "Collaborateur",
    "accountant": "Comptable",
    "inspector": "Contrôleur, en lecture seule",
}

bp = Blueprint("companies", __name__, url_prefix="/societes")


@bp.get("/")
def index() -> str:
    mine = store.memberships(current_app.extensions["pool"], current_user.id)
    rows = [(m.company_id, frame.name_of(m.company_id), ROLES[m.role]) for m in mine]
    return render_template("companies.html", rows=rows, open_id=g.membership and g.membership.company_id)


@bp.post("/ouvrir")
def choose() -> Response:
    company_id: UUID = forms.uuid(request.form["company_id"])
    if not sessions.choose(current_app.extensions["pool"], company_id):
        abort(404)
    flash(f"Société ouverte : {frame.name_of(company_id)}.")
    return redirect("/" if "dashboard" in current_app.blueprints else url_for("companies.index"), 303)
