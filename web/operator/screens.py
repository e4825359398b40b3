"""The console's screens behind one gate: who is no operator finds nothing. What an operator does is in the log."""

import logging

from flask import Blueprint, abort, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from web.operator import announcements, companies, health, ideas, inbox, registers

TABS = {
    "operator.inbox.index": "Demandes", "operator.companies.index": "Sociétés", "operator.health.index": "Santé",
    "operator.announcements.index": "Annonces", "operator.ideas.index": "Idées",
    "operator.registers.index": "Registres",
}  # fmt: skip
log = logging.getLogger(__name__)

bp = Blueprint("operator", __name__, url_prefix="/operateur")
for part in (inbox, companies, health, announcements, ideas, registers):
    bp.register_blueprint(part.bp)


@bp.before_request
def only_operators() -> None:
    if not current_user.is_authenticated or not current_user.operator:
        abort(404)
    if request.method == "POST":  # a level that is written without any setting: nobody may have it left out
        log.warning("operator %s: POST %s", current_user.actor, request.path)


@bp.context_processor
def console() -> dict[str, object]:
    return {"console_tabs": TABS, "console": True}


@bp.get("/")
def index() -> Response:
    return redirect(url_for(".inbox.index"), 303)
