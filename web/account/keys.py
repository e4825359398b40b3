"""Passkeys of the person: added with her device at hand, named by her, removed. Each ends her other sessions."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from web import forms
from web.account.page import ask_password, done, page
from web.accounts import passkeys, sessions, step_up, steps, told
from web.accounts.store import pool
from web.errors import again
from web.pages import show

LONGEST = 60

bp = Blueprint("keys", __name__, url_prefix="/cles")


@bp.post("")
@again(page)
def ask() -> Any:
    """The page whose script asks the device; what it is called waits with the challenge."""
    fields = forms.Fields(request.form)
    ask_password(fields)
    name = fields.need("name", lambda raw: forms.plain(raw, LONGEST))
    fields.check()
    with pool().connection() as conn, conn.transaction():
        options, challenge = passkeys.to_register(conn, current_user)
        ref = steps.begin(conn, "passkey", current_user.id, f"{challenge} {name}")
    return show("account/passkey.html", options=options, ref=ref)


@bp.post("/reponse")
def add() -> Response:
    step = steps.end(pool(), "passkey", request.form.get("ref", ""))
    if step is None or step.user_id != current_user.id:
        return _refused()
    challenge, _, name = step.fact.partition(" ")
    try:
        with pool().connection() as conn, conn.transaction():
            passkeys.register(conn, current_user.id, name, challenge, request.form.get("credential", ""))
            sessions.begin_anew(conn, current_user.id)
            told.mail(conn, current_user.email, told.KEY_ADDED)
    except passkeys.Refused:
        return _refused()
    told.note(pool(), current_user.id, told.KEY_ADDED)
    return done(f"Clé d’accès « {name} » ajoutée : elle connecte sans mot de passe. Vos autres sessions sont fermées.")


@bp.post("/<uuid:passkey_id>/retirer")
def remove(passkey_id: UUID) -> Response:
    if passkey_id not in {one.id for one in passkeys.of(pool(), current_user.id)}:
        abort(404)
    if asked := step_up.ask():
        return asked
    with pool().connection() as conn, conn.transaction():
        passkeys.remove(conn, current_user.id, passkey_id)
        sessions.begin_anew(conn, current_user.id)
        told.mail(conn, current_user.email, told.KEY_REMOVED)
    told.note(pool(), current_user.id, told.KEY_REMOVED)
    return done("Clé d’accès retirée : elle n’ouvre plus ce compte, et vos autres sessions sont fermées.")


def _refused() -> Response:
    flash("L’appareil n’a pas donné de clé d’accès valable. Recommencez.", "error")
    return redirect(url_for("account.index"), 303)
