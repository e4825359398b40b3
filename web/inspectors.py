"""Inspectors: invited by mail until a day, as members are; their access is closed here before that day."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, current_app, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from ledger.commands.members import invite_inspector
from ledger.commands.security import withdraw_rights
from web import forms, inviting
from web.accounts import addresses, invitations, members, step_up
from web.accounts.members import Member
from web.books import company, do, new_id, read
from web.days import today, zone
from web.errors import again
from web.pages import show

LONGEST = 366  # days
LABELS = {"email": "Adresse e-mail", "until_on": "Jusqu’au"}

bp = Blueprint("inspectors", __name__, url_prefix="/acces")


def every() -> list[Member]:
    """Who may look now."""
    return [one for one in members.every(current_app.extensions["pool"], company()) if one.role == "inspector"]


def page(values: Any = None, errors: Any = None, problem: str = "") -> str:
    with read() as tx:
        here = zone(tx)
    return show(
        "inspection/access.html", inspectors=every(), zone=here, labels=LABELS, values=values or {},
        waiting=[one for one in inviting.waiting() if one.role == "inspector"], errors=errors or {}, problem=problem,
    )  # fmt: skip


@bp.get("/")
def index() -> str:
    return page()


@bp.post("/")
@again(page)
def invite() -> Response:
    with read() as tx:
        day, here = today(tx), zone(tx)
    fields, invitation_id = forms.Fields(request.form), new_id()
    email, until_on = fields.need("email", addresses.email), fields.need("until_on", forms.date)
    if email and (why := inviting.known(email, invitation_id)):
        fields.refuse("email", why)
    if until_on and not 0 <= (until_on - day).days <= LONGEST:
        fields.refuse("until_on", "Entre aujourd’hui et dans un an.")
    fields.check()
    if asked := step_up.ask():
        return asked
    until_at = datetime.combine(until_on + timedelta(days=1), time(), ZoneInfo(here))
    do(
        invite_inspector, invitation_id=invitation_id, email=email, days=invitations.DAYS, until_at=until_at,
        token_hash=inviting.token_hash(invitation_id),
    )  # fmt: skip
    inviting.mail(invitation_id, email, "inspector", until_at)
    flash(f"Invitation envoyée à {email}. Elle est valable sept jours, une fois.")
    return redirect(url_for(".index"), 303)


@bp.post("/invitations/<uuid:invitation_id>/renvoyer")
def mail_again(invitation_id: UUID) -> Response:
    flash(f"Invitation envoyée de nouveau à {inviting.mail_again(invitation_id)}.")
    return redirect(url_for(".index"), 303)


@bp.post("/invitations/<uuid:invitation_id>/retirer")
def withdraw(invitation_id: UUID) -> Response:
    inviting.withdraw(invitation_id)
    flash("Invitation retirée : son lien ne mène plus nulle part.")
    return redirect(url_for(".index"), 303)


@bp.post("/<uuid:user_id>/fermer")
def close(user_id: UUID) -> Response:
    if user_id not in {one.id for one in every()}:
        abort(404)
    if asked := step_up.ask():
        return asked
    do(withdraw_rights, access_id=new_id(), subject_id=user_id)
    flash("Accès fermé. C’est inscrit au registre.")
    return redirect(url_for(".index"), 303)
