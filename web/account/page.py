"""The page of the account, its user name, its password. What touches its safety asks for the password again."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_security import current_user
from psycopg.errors import UniqueViolation
from werkzeug.wrappers import Response

from web import forms
from web.accounts import codes, devices, names, passkeys, passwords, sessions, store, told
from web.accounts.store import pool
from web.days import PARIS
from web.errors import again
from web.pages import show

LABELS = {
    "username": "Nom d’utilisateur", "current": "Mot de passe actuel", "password": "Nouveau mot de passe",
    "password2": "Nouveau mot de passe, à nouveau", "email": "Nouvelle adresse", "name": "Nom de la clé",
}  # fmt: skip

bp = Blueprint("account", __name__, url_prefix="/compte")


def page(values: Any = None, errors: Any = None, problem: str = "") -> str:
    return show(
        "account/index.html", passkeys=passkeys.of(pool(), current_user.id), zone=PARIS, labels=LABELS,
        sessions=[(one, devices.named(one.agent)) for one in sessions.every(pool(), current_user.id)],
        recovery_left=codes.left(pool(), current_user.id), values=values or {}, errors=errors or {}, problem=problem,
        posted=request.endpoint if values else "",
    )  # fmt: skip


@bp.get("/")
def index() -> str:
    return page()


@bp.post("/nom")
@again(page)
def rename() -> Response:
    fields = forms.Fields(request.form)
    username = fields.need("username", names.username)
    fields.check()
    try:
        with pool().connection() as conn:
            conn.execute(
                "UPDATE accounts.users SET username = %s, lookalike = %s WHERE id = %s",
                [username, names.lookalike(username), current_user.id],
            )
    except UniqueViolation as error:
        raise forms.Invalid({"username": names.TAKEN}) from error
    return done("Nom d’utilisateur enregistré.")


@bp.post("/mot-de-passe")
@again(page)
def change_password() -> Response:
    """The other sessions end."""
    fields = forms.Fields(request.form)
    ask_password(fields)
    known = passwords.companies(pool(), current_user)
    password = passwords.typed(fields, current_user.username, current_user.email, known)
    fields.check()
    with pool().connection() as conn, conn.transaction():
        conn.execute("UPDATE accounts.users SET password = %s WHERE id = %s", [store.hashed(password), current_user.id])
        sessions.begin_anew(conn, current_user.id)
        told.mail(conn, current_user.email, told.PASSWORD)
    told.note(pool(), current_user.id, told.PASSWORD)
    return done("Mot de passe changé. Vos autres sessions sont fermées.")


def ask_password(fields: forms.Fields) -> None:
    """The password of now, in the field `current`."""
    if not passwords.right(current_user, fields.form.get("current", "")):
        fields.refuse("current", "Ce n’est pas votre mot de passe.")


def done(said: str) -> Response:
    flash(said)
    return redirect(url_for("account.index"), 303)
