"""The page where an invitation leads: a signed-in person takes it, somebody new makes her account there."""

from collections.abc import Callable
from secrets import token_urlsafe
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, abort, current_app, flash, make_response, redirect, request, url_for
from flask_security import current_user
from flask_security.utils import login_user
from psycopg.errors import UniqueViolation
from werkzeug.wrappers import Response

from ledger.commands.members import accept_invitation
from ledger.entry import Entry
from web import forms, frame, people
from web.accounts import invitations, names, passwords, sessions, store
from web.accounts.invitations import Invitation
from web.books import new_id
from web.errors import again
from web.pages import show
from web.roles import ROLES
from web.subscriptions.plans import TERMS

JOIN = """
    INSERT INTO accounts.users (id, username, lookalike, email, password, fs_uniquifier, terms_version, terms_at)
    VALUES (%(id)s, %(username)s, %(lookalike)s, %(email)s, %(password)s, %(uniquifier)s, %(terms)s, now())
    """

bp = Blueprint("invitations", __name__, url_prefix="/invitation")


def page(token: str, values: Any = None, errors: Any = None, problem: str = "") -> Any:
    invitation = invitations.find(current_app.extensions["pool"], token)
    if invitation is None:
        return make_response(show("team/over.html"), 404)
    inviter = f"user:{invitation.invited_by}"
    return show(
        "team/invitation.html", token=token, invitation=invitation, role=ROLES[invitation.role], terms=TERMS,
        company=frame.name_of(invitation.company_id), by=people.names([inviter])[inviter], values=values or {},
        errors=errors or {}, problem=problem, known=store.user(email=invitation.email) is not None,
    )  # fmt: skip


@bp.get("/<token>")
def show_(token: str) -> Any:
    return page(token)


@bp.post("/<token>/accepter")
@again(page)
def accept(token: str) -> Response:
    """By whoever is signed in, under whatever address she has her account."""
    if not current_user.is_authenticated:
        return redirect(url_for("security.login", next=url_for(".show_", token=token)), 303)
    invitation = _found(token)
    _do(invitation, accept_invitation, current_user.actor, current_user.id)
    return _welcome(invitation)


@bp.post("/<token>/compte")
@again(page)
def join(token: str) -> Response:
    """A new account at the address that was invited: whoever holds the link reads its mails."""
    invitation = _found(token)
    if store.user(email=invitation.email):
        return redirect(url_for("security.login", next=url_for(".show_", token=token)), 303)
    fields = forms.Fields(request.form)
    username = fields.need("username", names.username)
    password = passwords.typed(fields, username or "", invitation.email, [frame.name_of(invitation.company_id)])
    if request.form.get("terms") != TERMS:
        fields.refuse("terms", "Lisez et acceptez les conditions générales pour ouvrir un compte.")
    fields.check()
    user_id, secret = new_id("user"), store.hashed(password)
    try:
        _do(invitation, _joining(invitation.email, username, secret), f"user:{user_id}", user_id)
    except UniqueViolation as error:
        raise forms.Invalid({"username": names.TAKEN}) from error
    login_user(cast(store.User, store.user(id=user_id)), authn_via=["password"])
    return _welcome(invitation)


def _found(token: str) -> Invitation:
    return invitations.find(current_app.extensions["pool"], token) or abort(404)


def _do(invitation: Invitation, use_case: Callable[..., Any], actor: str, subject_id: UUID) -> None:
    current_app.extensions["books"].do(
        use_case, invitation.company_id, forms.uuid(request.form["command_id"]), actor,
        invitation_id=invitation.id, access_id=new_id("access"), subject_id=subject_id,
    )  # fmt: skip


def _joining(email: str, username: str, secret: str) -> Callable[..., None]:
    def join_by_invitation(entry: Entry, *, invitation_id: UUID, access_id: UUID, subject_id: UUID) -> None:
        entry.beside(
            JOIN, id=subject_id, username=username, lookalike=names.lookalike(username), email=email, password=secret,
            uniquifier=token_urlsafe(24), terms=TERMS,
        )  # fmt: skip
        accept_invitation(entry, invitation_id=invitation_id, access_id=access_id, subject_id=subject_id)

    return join_by_invitation


def _welcome(invitation: Invitation) -> Response:
    sessions.choose(current_app.extensions["pool"], invitation.company_id)
    flash(f"Bienvenue. Société ouverte : {frame.name_of(invitation.company_id)}.")
    return redirect("/", 303)
