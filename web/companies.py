"""The companies of the person who is signed in, how each stands, and which of them is open."""

from typing import NamedTuple
from uuid import UUID

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from ledger.commands.members import withdraw_member
from projections import closings, receivables
from projections.closings import ClosingRow
from projections.receivables import Overdue
from web import forms, frame
from web.accounts import sessions, store
from web.accounts.store import Membership
from web.books import new_id, read
from web.days import today
from web.frame import Around
from web.roles import ROLES

bp = Blueprint("companies", __name__, url_prefix="/societes")


class Line(NamedTuple):
    """A company as its member finds it; `around` is None as long as it has no ledger."""

    id: UUID
    name: str
    role: str
    around: Around | None
    overdue: Overdue | None
    closed: ClosingRow | None


@bp.get("/")
def index() -> str:
    mine = store.memberships(current_app.extensions["pool"], current_user.id)
    rows = sorted(map(_line, mine), key=lambda line: line.name.casefold())
    return render_template("companies.html", rows=rows, open_id=g.membership and g.membership.company_id)


@bp.post("/ouvrir")
def choose() -> Response:
    company_id: UUID = forms.uuid(request.form["company_id"])
    if not sessions.choose(current_app.extensions["pool"], company_id):
        abort(404)
    flash(f"Société ouverte : {frame.name_of(company_id)}.")
    return redirect("/" if "dashboard" in current_app.blueprints else url_for("companies.index"), 303)


@bp.post("/quitter")
def leave() -> Response:
    """By any member but the last owner, whatever company is open."""
    company_id, command_id = forms.uuid(request.form["company_id"]), forms.uuid(request.form["command_id"])
    name = frame.name_of(company_id)
    current_app.extensions["books"].do(
        withdraw_member, company_id, command_id, current_user.actor, access_id=new_id(), subject_id=current_user.id
    )
    flash(f"Vous avez quitté {name}. C’est inscrit à son registre.")
    return redirect(url_for(".index"), 303)


def _line(mine: Membership) -> Line:
    around, label = frame.around_of(mine.company_id), ROLES[mine.role].label
    if around is None:
        return Line(mine.company_id, str(mine.company_id), label, None, None, None)
    with read(mine.company_id) as tx:
        overdue, closed = receivables.overdue(tx, today(tx)), closings.newest(tx)
    return Line(mine.company_id, around.company_name, label, around, overdue, closed)
