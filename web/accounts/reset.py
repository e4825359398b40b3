"""A forgotten password: a link by mail, good once and for twenty minutes, leads to a form that ends every session.

The pages are ours: those of Flask-Security tell by their time whether an account is there.
"""

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_login import logout_user
from flask_security import current_user
from psycopg_pool import ConnectionPool

from web import forms
from web.accounts import link_tokens, passkeys, passwords, told
from web.accounts.store import Store, User
from web.days import PARIS
from web.errors import again
from web.mail import notices

NOBODY = "personne@probant.invalid"
LABELS = {"email": "Nom d’utilisateur ou adresse e-mail", "password": "Nouveau mot de passe", "password2": "Le même"}

bp = Blueprint("reset", __name__, url_prefix="/mot-de-passe")


def ask_page(values: Any = None, errors: Any = None, problem: str = "") -> str:
    return render_template(
        "accounts/forgotten.html", values=values or {}, errors=errors or {}, problem=problem, labels=LABELS
    )


@bp.get("/oublie")
def ask() -> str:
    return ask_page()


@bp.post("/oublie")
@again(ask_page)
def send() -> Any:
    fields = forms.Fields(request.form)
    typed = fields.need("email", forms.plain)
    fields.check()
    pool = current_app.extensions["pool"]
    mail(pool, Store(pool).identify(typed))
    return redirect(url_for(".sent"), 303)


@bp.get("/message")
def sent() -> str:
    return render_template("accounts/sent.html", what="reset")


def page(token: str, values: Any = None, errors: Any = None, problem: str = "") -> Any:
    user = link_tokens.who_resets(token)
    if user is None:
        return render_template("accounts/gone.html", what="reset"), 404
    return render_template(
        "accounts/renew.html", token=token, user=user, errors=errors or {}, problem=problem, labels=LABELS, zone=PARIS,
        passkeys=passkeys.of(current_app.extensions["pool"], user.id), strange=strange(),
    )  # fmt: skip


@bp.get("/<token>")
def show(token: str) -> Any:
    return page(token)


@bp.post("/<token>")
@again(page)
def change(token: str) -> Any:
    user = link_tokens.who_resets(token)
    if user is None:
        return page(token)
    fields, pool, gone = forms.Fields(request.form), current_app.extensions["pool"], strange()
    password = passwords.typed(fields, user.username, user.email, passwords.companies(pool, user))
    fields.check()
    with pool.connection() as conn, conn.transaction():
        renewed = passwords.renew(conn, user, password, gone, user.email)
    if not renewed:
        return page(token)
    told.note(pool, user.id, told.PASSWORD)
    if gone:
        told.note(pool, user.id, told.KEY_REMOVED)
    if current_user.is_authenticated:
        logout_user()
    flash("Mot de passe changé, et toutes vos sessions sont closes. Connectez-vous avec le nouveau.")
    return redirect(url_for("security.login"), 303)


def strange() -> list[UUID]:
    """The passkeys that the person ticked: they are not hers."""
    return [forms.uuid(ticked) for ticked in request.form.getlist("strange")]


def mail(pool: ConnectionPool[Any], user: User | None) -> None:
    """The link, if there is somebody; else the same work for nobody, undone: time tells nothing either."""
    known = user if user and user.active else None
    made = known or User(username="", email=NOBODY, password="", fs_uniquifier="nobody")
    with pool.connection() as conn, conn.transaction(force_rollback=known is None):
        link = notices.address("reset.show", token=link_tokens.for_reset(made))
        notices.send(conn, made.email, "reset", link=("Choisir un mot de passe", link), username=made.username)
