"""Another e-mail address: confirmed by a page that its mail leads to, told to the old one.

Nobody learns by it who has an account: the answer is the same, and an address that is taken gets a mail that says so.
"""

from typing import Any

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_security import current_user
from psycopg.errors import UniqueViolation
from werkzeug.wrappers import Response

from web import forms
from web.account.page import ask_password, done, page, pool
from web.accounts import addresses, sessions, steps, store, told
from web.errors import again
from web.mail import notices
from web.pages import show

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
            told.mail(conn, user.email, told.EMAIL)
    except UniqueViolation:
        return _over()
    told.note(pool(), user.id, told.EMAIL)
    flash(f"Votre adresse est désormais {step.fact}.")
    return redirect(url_for("account.index" if current_user.is_authenticated else "security.login"), 303)


def _over() -> Response:
    return make_response(show("account/over.html"), 404)
