"""After the password, or instead of it: the page that asks for a code, and the one that asks for a passkey.

Flask-Security asks `SecondStep` at each sign-in whether the password is enough.
"""

from typing import Any

from flask import Blueprint, Flask, flash, make_response, redirect, request, session, url_for
from flask_security import current_user
from flask_security.tf_plugin import TfPlugin
from flask_security.utils import login_user
from werkzeug.wrappers import Response

from web import access
from web.accounts import codes, passkeys, steps, store, told
from web.accounts.store import User, pool
from web.appearance import same_site
from web.pages import show

TOO_LATE = "La connexion a trop attendu : recommencez."

bp = Blueprint("second", __name__, url_prefix="/connexion")


class SecondStep(TfPlugin):
    """A person who set a code up is not signed in by her password: it opens a step, which a code ends."""

    def tf_enter(self, user: Any, remember_me: bool | None, primary_authn_via: str, next_loc: str | None) -> Any:
        if not user.totp:
            return None
        with pool().connection() as conn:
            session["step"] = steps.begin(conn, "code", user.id)
        return redirect(url_for("second.ask", next=next_loc or None), 303)


def init(app: Flask) -> None:
    app.extensions["security"].two_factor_plugins = SecondStep()


@bp.get("/code")
def ask() -> Any:
    if waiting() is None:
        return _begin_again()
    return show("accounts/code.html", next=request.args.get("next", ""), wrong=False)


@bp.post("/code")
def check() -> Any:
    user = waiting()
    if user is None:
        return _begin_again()
    by = codes.accept(pool(), user.id, user.totp, request.form.get("code", ""))
    if not by:
        access.note(pool(), "sign_in_failed", None, user.id)
        return make_response(show("accounts/code.html", next=request.form.get("next", ""), wrong=True), 422)
    if steps.end(pool(), "code", session.pop("step", "")) is None:
        return _begin_again()
    if by == "recovery":
        _tell_recovery(user)
    return _come_in(user, "password", by)


@bp.post("/cle")
def ask_passkey() -> str:
    """The page whose script asks the device."""
    options, challenge = passkeys.to_sign()
    with pool().connection() as conn:
        ref = steps.begin(conn, "passkey", None, challenge)
    return show("accounts/passkey.html", options=options, ref=ref, next=request.form.get("next", ""))


@bp.post("/cle/reponse")
def check_passkey() -> Response:
    step = steps.end(pool(), "passkey", request.form.get("ref", ""))
    if step is None or step.user_id is not None:
        return _begin_again()
    try:
        with pool().connection() as conn:
            user_id = passkeys.signed(conn, step.fact, request.form.get("credential", ""))
    except passkeys.Refused:
        user_id = None
    user = store.user(id=user_id)
    if user is None or not user.active or not user.confirmed_at:
        flash("Cette clé d’accès n’ouvre aucun compte ici. Connectez-vous par votre mot de passe.", "error")
        return redirect(url_for("security.login"), 303)
    return _come_in(user, "passkey")


def waiting() -> User | None:
    """Whose code is awaited."""
    step = steps.look(pool(), "code", session.get("step", ""))
    user = store.user(id=step.user_id) if step else None
    return user if user and user.active and user.totp else None


def _come_in(user: User, *by: str) -> Response:
    if current_user.is_authenticated:
        return redirect("/", 303)
    login_user(user, authn_via=[*by])
    return redirect(same_site(request.form.get("next") or "/"), 303)


def _tell_recovery(user: User) -> None:
    with pool().connection() as conn:
        told.mail(conn, user.email, told.RECOVERY_USED)
    told.note(pool(), user.id, told.RECOVERY_USED)


def _begin_again() -> Response:
    flash(TOO_LATE, "error")
    return redirect(url_for("security.login"), 303)
