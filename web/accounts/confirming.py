"""The link of the confirmation mail. A GET confirms nothing, since scanners of mails follow links: the page asks for
the password and lets in, so that who confirms has the mailbox *and* chose the password.

Flask-Security makes and reads the token; its own view confirms on GET, so this one stands in its place.
"""

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_login import logout_user
from flask_security.utils import login_user

from web.accounts import link_tokens, newcomers, passwords
from web.accounts.store import User

bp = Blueprint("confirming", __name__, url_prefix="/inscription/confirmer")


@bp.get("/<token>")
def show(token: str) -> Any:
    user = link_tokens.who_confirms(token)
    return page(token, user) if user else gone()


@bp.post("/<token>")
def confirm(token: str) -> Any:
    user = link_tokens.who_confirms(token)
    if user is None:
        return gone()
    if not passwords.right(user, request.form.get("password", "")):
        return page(token, user, wrong=True), 422
    if not newcomers.confirm(current_app.extensions["pool"], user):
        return gone()
    logout_user()  # whoever else was signed in at this browser
    login_user(user, authn_via=["password"])
    return redirect(url_for("first_run.start"), 303)


def page(token: str, user: User, *, wrong: bool = False) -> str:
    return render_template("accounts/confirm.html", token=token, user=user, wrong=wrong)


def gone() -> Any:
    return render_template("accounts/gone.html", what="confirm"), 404
