"""Sign-up: an offer, a name, a password and an address twice, the general terms. The answer tells nothing of who has an
account: whatever the address, the page says the same sentence and a mail says the rest.
"""

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from web import forms
from web.accounts import addresses, names, newcomers, passwords, store
from web.errors import again
from web.filters import euros
from web.subscriptions import plans
from web.subscriptions.offers import sign_up_open

LABELS = {
    "plan": "Offre", "rhythm": "Facturation", "username": "Nom d’utilisateur", "password": "Mot de passe",
    "password2": "Mot de passe, à nouveau", "email": "Adresse e-mail", "email2": "Adresse e-mail, à nouveau",
    "terms": "Conditions générales",
}  # fmt: skip
bp = Blueprint("sign_up", __name__, url_prefix="/inscription")


def page(values: Any = None, errors: Any = None, problem: str = "") -> str:
    if not sign_up_open():
        return render_template("accounts/closed.html")
    values = values or {"plan": request.args.get("offre", "essentiel"), "rhythm": "month"}
    offers = {key: f"{plan.name}, {euros(plan.month_cents)} HT par mois" for key, plan in plans.OFFERED.items()}
    return render_template(
        "accounts/sign_up.html", values=values, errors=errors or {}, problem=problem, labels=LABELS,
        offers=offers, rhythms=plans.CHOSEN, terms=plans.TERMS,
    )  # fmt: skip


@bp.get("")
def form() -> str:
    return page()


@bp.post("")
@again(page)
def create() -> Any:
    if not sign_up_open():
        return render_template("accounts/closed.html"), 403
    newcomer = typed()
    try:
        newcomers.register(current_app.extensions["pool"], newcomer)
    except newcomers.UserNameTaken:
        raise forms.Invalid({"username": names.TAKEN}) from None
    return redirect(url_for(".sent"), 303)


@bp.get("/message")
def sent() -> str:
    return render_template("accounts/sent.html", what="confirm")


@bp.post("/message")
def resend() -> Response:
    """The link once more, for somebody whose password was right but whose address is not confirmed yet."""
    pool, known = current_app.extensions["pool"], session.pop("unconfirmed", "")
    user = newcomers.by_id(pool, UUID(known)) if known else None
    if user:
        with pool.connection() as conn, conn.transaction():
            newcomers.ask_confirmation(conn, user)
    return redirect(url_for(".sent"), 303)


def typed() -> newcomers.Newcomer:
    """Errors: `forms.Invalid`."""
    fields = forms.Fields(request.form)
    plan = fields.need("plan", forms.one_of(plans.OFFERED))
    rhythm = fields.need("rhythm", forms.one_of(plans.RHYTHMS))
    username, email = fields.need("username", names.username), fields.need("email", addresses.email)
    if _folded("email") != _folded("email2"):
        fields.refuse("email2", "Les deux adresses ne sont pas les mêmes.")
    password = passwords.typed(fields, username or "", email or "")
    if request.form.get("terms") != plans.TERMS:
        fields.refuse("terms", "Lisez et acceptez les conditions générales pour ouvrir un compte.")
    fields.check()
    return newcomers.Newcomer(username, email, store.hashed(password), plan, rhythm, plans.TERMS)


def _folded(name: str) -> str:
    return request.form.get(name, "").strip().casefold()
