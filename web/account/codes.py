"""The second factor: set up by a QR code and a first code, taken down, its recovery codes made anew and shown once.

Each ends the other sessions: they were opened under what was asked before.
"""

from typing import Any

import segno
from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from web import forms
from web.account.page import ask_password, done, page
from web.accounts import codes, sessions, steps, told
from web.accounts.store import pool
from web.errors import again
from web.pages import show

bp = Blueprint("codes", __name__, url_prefix="/code")


@bp.post("/preparer")
@again(page)
def prepare() -> Any:
    _password()
    seed = codes.new_seed()
    with pool().connection() as conn:
        ref = steps.begin(conn, "totp", current_user.id, seed)
    return _shown(seed, ref)


@bp.post("/activer")
def set_up() -> Any:
    """With the first code of the application, which proves that it has the seed."""
    ref = request.form.get("ref", "")
    step = steps.look(pool(), "totp", ref)
    if step is None or step.user_id != current_user.id:
        return _over()
    at = codes.first(step.fact, request.form.get("code", ""))
    if at is None:
        return make_response(_shown(step.fact, ref, wrong=True), 422)
    if steps.end(pool(), "totp", ref) is None:
        return _over()
    with pool().connection() as conn, conn.transaction():
        made = codes.set_up(conn, current_user.id, step.fact, at)
        sessions.begin_anew(conn, current_user.id)
        told.mail(conn, current_user.email, told.CODE_SET)
    told.note(pool(), current_user.id, told.CODE_SET)
    return show("account/recovery.html", codes=made, new=True)


@bp.post("/retirer")
@again(page)
def take_down() -> Response:
    _password()
    with pool().connection() as conn, conn.transaction():
        codes.take_down(conn, current_user.id)
        sessions.begin_anew(conn, current_user.id)
        told.mail(conn, current_user.email, told.CODE_REMOVED)
    told.note(pool(), current_user.id, told.CODE_REMOVED)
    return done("La connexion ne demande plus de code. Vos autres sessions sont fermées.")


@bp.post("/secours")
@again(page)
def renew() -> Any:
    _password()
    if not current_user.totp:
        return redirect(url_for("account.index"), 303)
    with pool().connection() as conn, conn.transaction():
        made = codes.renew(conn, current_user.id)
        sessions.begin_anew(conn, current_user.id)
        told.mail(conn, current_user.email, told.RECOVERY_NEW)
    return show("account/recovery.html", codes=made, new=False)


def _over() -> Response:
    """The page waited too long, or was sent twice: then its answer, with the recovery codes, was not seen."""
    twice = "Le code est activé. Demandez de nouveaux codes de secours, et notez-les."
    flash(*((twice,) if current_user.totp else ("Cette page a trop attendu : recommencez.", "error")))
    return redirect(url_for("account.index"), 303)


def _password() -> None:
    fields = forms.Fields(request.form)
    ask_password(fields)
    fields.check()


def _shown(seed: str, ref: str, *, wrong: bool = False) -> str:
    picture = segno.make(codes.address(seed, current_user.username), error="m")
    return show(
        "account/code.html", ref=ref, key=codes.key(seed), wrong=wrong,
        picture=picture.svg_data_uri(scale=5, border=4, dark="#000", light="#fff"),
    )  # fmt: skip
