"""The assistant: one form, then the page that waits for the worker, then the logo."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from domain.legal_forms import FORMS
from domain.numbering import Numbering, number
from web import choices, forms, logo, settings_form
from web.accounts import sessions, store
from web.books import allowed, new_id
from web.errors import again
from web.first_run import form, opening
from web.pages import show
from web.roles import DECIDE
from web.subscriptions import plans, rows
from web.subscriptions.offers import sign_up_open

bp = Blueprint("first_run", __name__, url_prefix="/demarrage")


def page(values: Any = None, errors: Any = None, problem: str = "") -> Any:
    if not may_open():
        return render_template("accounts/closed.html"), 403
    pool = current_app.extensions["pool"]
    with pool.connection() as conn, conn.transaction():
        subscription, waits = rows.of_user(conn, current_user.id), opening.waiting(conn, current_user.id)
    if waits and not values:
        return redirect(url_for(".wait", company_id=waits.company_id), 303)
    first = form.usual(current_user.email, rows.today()) | {"plan": current_user.plan, "rhythm": current_user.rhythm}
    return show(
        "first_run/index.html", values=first | dict(values or {}), errors=errors or {}, problem=problem,
        labels=form.LABELS, legal_forms={each.name: each.name for each in FORMS}, regimes=settings_form.REGIMES,
        territories=choices.territories(), terms=choices.terms(), reminders=form.REMINDERS, kinds=settings_form.KINDS,
        examples={kind: number(Numbering().pattern(kind, rows.today()), 1) for kind in settings_form.KINDS},
        subscribed=subscription, offers=plans.choices(),
        rhythms=plans.CHOSEN, others=store.memberships(pool, current_user.id),
    )  # fmt: skip


@bp.get("")
def start() -> Any:
    return page()


@bp.post("")
@again(page)
def ask() -> Any:
    if not may_open():
        abort(403)
    fields = forms.Fields(request.form)
    plan = fields.get("plan", forms.one_of(plans.OFFERED), "")
    rhythm = fields.get("rhythm", forms.one_of(plans.RHYTHMS), "month")
    asked = form.read(request.form, rows.today().isoformat())
    pool, company_id = current_app.extensions["pool"], new_id("company")
    with pool.connection() as conn:
        if not plan and not _has_subscription():
            fields.refuse("plan", forms.EMPTY)
        fields.check()
        opening.ask(conn, current_app.extensions["settings"], current_user.id, company_id, asked, plan, rhythm)
    return redirect(url_for(".wait", company_id=company_id), 303)


@bp.get("/<uuid:company_id>")
def wait(company_id: UUID) -> str:
    """Asks again by itself until the worker is done; without script the person does."""
    with current_app.extensions["pool"].connection() as conn:
        asked = opening.one(conn, current_user.id, company_id)
    if asked is None:
        abort(404)
    return show("first_run/wait.html", "progress", asked=asked)


@bp.post("/<uuid:company_id>/entrer")
def enter(company_id: UUID) -> Response:
    if not sessions.choose(current_app.extensions["pool"], company_id):
        abort(404)
    return redirect(url_for(".picture"), 303)


def picture_page(values: Any = None, errors: Any = None, problem: str = "") -> str:
    return show("first_run/logo.html", errors=errors or {}, problem=problem)


@bp.get("/logo")
def picture() -> str:
    if not allowed(DECIDE):
        abort(403)
    return picture_page()


@bp.post("/logo")
@again(picture_page)
def keep_picture() -> Response:
    logo.keep(request.files.get("logo"))
    flash("Logo enregistré. Tout est prêt : faites votre premier devis ou votre première facture.")
    return redirect(url_for("dashboard.index"), 303)


def may_open() -> bool:
    """Whether the person may open a company: somebody who signed up, or anybody while sign-up is open."""
    return bool(current_user.plan) or sign_up_open()


bp.add_app_template_global(may_open, "may_open")


def _has_subscription() -> bool:
    with current_app.extensions["pool"].connection() as conn, conn.transaction():
        return rows.of_user(conn, current_user.id) is not None
