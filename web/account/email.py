"""Another e-mail address: confirmed by a page that its mail leads to, told to the old one, which may take it back for
72 hours: then the account is under a new password, and every session ends.

Nobody learns by it who has an account: the answer is the same, and an address that is taken gets a mail that says so.
"""

from typing import Any

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_login import logout_user
from flask_security import current_user
from psycopg import Connection, Rollback
from psycopg.errors import UniqueViolation
from werkzeug.wrappers import Response

from web import forms
from web.account.page import LABELS, ask_password, done, page
from web.accounts import addresses, devices, passkeys, passwords, reset, sessions, steps, store, told
from web.accounts.store import pool
from web.days import PARIS
from web.errors import again
from web.mail import notices
from web.pages import show

MAKE_WAY = """
    UPDATE accounts.users SET email = id || '@probant.invalid'
     WHERE lower(email) = lower(%s) AND confirmed_at IS NULL AND id <> %s
    """  # somebody asked for an account at the address that was left, and cannot confirm it

bp = Blueprint("email", __name__, url_prefix="/adresse")


@bp.post("")
@again(page)
def ask() -> Response:
    fields = forms.Fields(request.form)
    ask_password(fields)
    email = fields.need("email", addresses.email)
    if email and email.casefold() == current_user.email.casefold():
        fields.refuse("email", "C’est déjà votre adresse.")
    fields.check()
    with pool().connection() as conn, conn.transaction():
        ref = steps.begin(conn, "email", current_user.id, email)
        if store.user(email=email):
            notices.send(conn, email, "address_taken")
        else:
            link = ("Confirmer cette adresse", notices.address("account.email.show_", ref=ref))
            notices.send(conn, email, "address", link=link, username=current_user.username)
    return done(f"Un message est parti à {email}. L’adresse change quand vous l’y confirmez, dans les 24 heures.")


@bp.get("/<ref>")
def show_(ref: str) -> Any:
    step = steps.look(pool(), "email", ref)
    return show("account/email.html", ref=ref, email=step.fact) if step else _over()


@bp.post("/<ref>")
def confirm(ref: str) -> Any:
    step = steps.end(pool(), "email", ref)
    user = store.user(id=step.user_id) if step else None
    if step is None or user is None:
        return _over()
    try:
        with pool().connection() as conn, conn.transaction():
            conn.execute("UPDATE accounts.users SET email = %s WHERE id = %s", [step.fact, user.id])
            sessions.begin_anew(conn, user.id)
            _tell_old(conn, user)
    except UniqueViolation:
        return _over()
    told.note(pool(), user.id, told.EMAIL)
    flash(f"Votre adresse est désormais {step.fact}.")
    return redirect(url_for("account.index" if current_user.is_authenticated else "security.login"), 303)


def revert_page(ref: str, values: Any = None, errors: Any = None, problem: str = "") -> Any:
    step = steps.look(pool(), "revert", ref)
    user = store.user(id=step.user_id) if step else None
    if step is None or user is None:
        return _over()
    return show(
        "account/revert.html", ref=ref, email=step.fact, user=user, errors=errors or {}, problem=problem, labels=LABELS,
        passkeys=passkeys.of(pool(), user.id), strange=reset.strange(), zone=PARIS,
    )  # fmt: skip


@bp.get("/retablir/<ref>")
def revert_(ref: str) -> Any:
    return revert_page(ref)


@bp.post("/retablir/<ref>")
@again(revert_page)
def revert(ref: str) -> Any:
    """By whoever reads the mails of the address before: nothing else is asked, whoever changed it may know the rest."""
    step = steps.look(pool(), "revert", ref)
    user = store.user(id=step.user_id) if step else None
    if step is None or user is None:
        return _over()
    fields, strange = forms.Fields(request.form), reset.strange()
    password = passwords.typed(fields, user.username, step.fact, passwords.companies(pool(), user))
    fields.check()
    with pool().connection() as conn, conn.transaction() as back:
        undone = steps.undo(conn, user.id, step) and passwords.renew(conn, user, password, strange, step.fact)
        if not undone:  # somebody was quicker
            raise Rollback(back)
        conn.execute(MAKE_WAY, [step.fact, user.id])
        conn.execute("UPDATE accounts.users SET email = %s WHERE id = %s", [step.fact, user.id])
    if not undone:
        return _over()
    for change in (told.EMAIL, told.PASSWORD, *([told.KEY_REMOVED] if strange else [])):
        told.note(pool(), user.id, change)
    if current_user.is_authenticated:
        logout_user()
    flash(f"Votre compte est de nouveau à l’adresse {step.fact}, et toutes ses sessions sont closes. Connectez-vous.")
    return redirect(url_for("security.login"), 303)


def _tell_old(conn: Connection[Any], user: store.User) -> None:
    """With the way back."""
    ref = steps.begin(conn, "revert", user.id, user.email)
    notices.send(
        conn, user.email, "address_changed", username=user.username, hours=steps.MINUTES["revert"] // 60,
        link=("Rétablir cette adresse", notices.address("account.email.revert_", ref=ref)),
        device=devices.named(request.user_agent.string), network=request.remote_addr or "",
    )  # fmt: skip


def _over() -> Response:
    return make_response(show("account/over.html"), 404)
