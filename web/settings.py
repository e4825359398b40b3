"""The company's settings: who it is, and what it decides for its documents. Each change is an entry."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from domain.company import Company
from domain.identity import check_identity
from domain.legal_forms import FORMS
from ledger.commands import companies as commands
from projections import persons, streams
from web import bank, choices, late_rates, settings_form
from web.accounts import step_up
from web.appearance import same_site
from web.books import allowed, do, read
from web.days import today
from web.errors import again
from web.pages import show
from web.roles import DECIDE

bp = Blueprint("settings", __name__)


def page(values: Any = None, errors: Any = None, problem: str = "") -> str:
    """Both forms; the one that was refused as it was typed."""
    with read() as tx:
        day, company = today(tx), streams.load(tx, Company, tx.company)
        identity, stale = persons.opened(tx, company.identity), late_rates.stale(tx)
    typed = request.form.to_dict() if values else {}
    kept = settings_form.identity_values(identity, natural_person=company.natural_person)
    kept |= settings_form.configuration_values(company.configuration)
    posted = (request.endpoint or "") if values else ""
    return show(
        "settings/index.html", values=kept | typed | _ticks(posted, typed), errors=errors or {}, problem=problem,
        posted=posted, labels=settings_form.LABELS, regimes=settings_form.REGIMES, kinds=settings_form.KINDS,
        sizes=settings_form.SIZES, sectors=settings_form.SECTORS, legal_forms=[form.name for form in FORMS],
        back=back(), choices=choices, terms=choices.terms(kept["terms"]),
        fixed=settings_form.fixed_patterns(company, day),
        examples=settings_form.examples(company, day), day=day, may=allowed(DECIDE), company=company,
        has_logo=bool(identity.logo), asked_rates=settings_form.asked_rates(day), stale=stale,
    )  # fmt: skip


@bp.get("/reglages")
def index() -> str:
    return page()


@bp.post("/reglages/identite")
@again(page)
def change_identity() -> Any:
    """Another IBAN asks for the password and is told to the owners: frauds on invoices change it."""
    identity, natural_person = settings_form.read_identity(request.form)
    check_identity(identity)
    with read() as tx:
        before = persons.opened(tx, streams.load(tx, Company, tx.company).identity)
    if identity.iban != before.iban and (asked := step_up.ask()):
        return asked
    if do(commands.change_identity, identity=identity, natural_person=natural_person):
        bank.tell(identity.iban)
    flash("Identité enregistrée. Les documents déjà émis gardent la leur.")
    return _back()


@bp.post("/reglages/documents")
@again(page)
def configure() -> Any:
    with read() as tx:
        day = today(tx)
    configuration = settings_form.read_configuration(request.form, day)
    do(commands.configure, configuration=configuration)
    flash("Réglages enregistrés : ils valent pour les prochains documents.")
    return _back()


def _back() -> Response:
    return redirect(back() or url_for(".index"), 303)


def back() -> str:
    """Where the person came from to fill something; empty when the settings were opened for themselves."""
    told = request.values.get("retour", "")
    return same_site(told) if told else ""


def _ticks(posted: str, typed: dict[str, str]) -> dict[str, str]:
    """A box that was unticked is absent from the form."""
    return {"natural_person": typed.get("natural_person", "")} if posted.endswith("change_identity") else {}
