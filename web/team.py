"""« Équipe »: the members of the company, their roles, and who is invited. An owner's page; each change is an entry."""

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from ledger.commands import members as commands
from web import forms, frame, inviting
from web.accounts import addresses, invitations, members, step_up, store
from web.books import company, do, new_id, read
from web.days import zone
from web.errors import again
from web.mail import notices
from web.pages import show
from web.roles import INVITED, ROLES

bp = Blueprint("team", __name__, url_prefix="/reglages/equipe")


def page(values: Any = None, errors: Any = None, problem: str = "") -> str:
    pool = current_app.extensions["pool"]
    with read() as tx:
        here = zone(tx)
    return show(
        "team/index.html", members=members.every(pool, company()), roles=ROLES, invited=INVITED,
        waiting=[one for one in inviting.waiting() if one.role != "inspector"],
        values=values or {"role": "collaborator"}, errors=errors or {}, problem=problem, zone=here,
    )  # fmt: skip


@bp.get("/")
def index() -> str:
    return page()


@bp.post("/")
@again(page)
def invite() -> Response:
    fields = forms.Fields(request.form)
    email, role = fields.need("email", addresses.email), fields.need("role", forms.one_of(INVITED))
    invitation_id = new_id()
    if email and (why := inviting.known(email, invitation_id)):
        fields.refuse("email", why)
    fields.check()
    if asked := step_up.ask():
        return asked
    do(
        commands.invite_member, invitation_id=invitation_id, email=email, role=role, days=invitations.DAYS,
        token_hash=inviting.token_hash(invitation_id),
    )  # fmt: skip
    inviting.mail(invitation_id, email, role)
    flash(f"Invitation envoyée à {email}. Elle est valable sept jours, une fois.")
    return redirect(url_for(".index"), 303)


@bp.post("/invitations/<uuid:invitation_id>/renvoyer")
def mail_again(invitation_id: UUID) -> Response:
    flash(f"Invitation envoyée de nouveau à {inviting.mail_again(invitation_id)}.")
    return redirect(url_for(".index"), 303)


@bp.post("/invitations/<uuid:invitation_id>/retirer")
def withdraw_invitation(invitation_id: UUID) -> Response:
    inviting.withdraw(invitation_id)
    flash("Invitation retirée : son lien ne mène plus nulle part.")
    return redirect(url_for(".index"), 303)


@bp.post("/<uuid:user_id>/role")
def change_role(user_id: UUID) -> Response:
    members.check(current_app.extensions["pool"], company(), user_id)
    fields = forms.Fields(request.form)
    role = fields.need("role", forms.one_of(INVITED))
    fields.check()
    if asked := step_up.ask():
        return asked
    if do(commands.change_role, access_id=new_id(), subject_id=user_id, role=role):
        _tell(user_id, f"vous donne le rôle de {ROLES[role].label.lower()}")
    flash("Rôle enregistré : il vaut dès maintenant.")
    return redirect(url_for(".index") if user_id != current_user.id else url_for("companies.index"), 303)


@bp.post("/<uuid:user_id>/retirer")
def withdraw(user_id: UUID) -> Response:
    members.check(current_app.extensions["pool"], company(), user_id)
    if asked := step_up.ask():
        return asked
    do(commands.withdraw_member, access_id=new_id(), subject_id=user_id)
    _tell(user_id, "vous en retire l’accès")
    flash("Accès retiré. C’est inscrit au registre.")
    return redirect(url_for(".index") if user_id != current_user.id else url_for("companies.index"), 303)


def _tell(user_id: UUID, what: str) -> None:
    """A mail to the member whose rights changed, unless she did it herself."""
    member = store.user(id=user_id)
    if member is None or member.id == current_user.id:
        return
    key = f"rights:{forms.uuid(request.form['command_id'])}"
    with current_app.extensions["pool"].connection() as conn:
        notices.send(
            conn, member.email, "rights", key=key, company=frame.name_of(company()), by=current_user.username, what=what
        )
