"""A situation of works: how much of each line of an accepted quote is done, and the invoice of what that adds."""

from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for

from domain.invoice import Invoice
from domain.progress import WHOLE_BP, Works, works_of
from ledger.commands.quote_invoicing import invoice_progress
from projections import persons, streams
from projections.tx import Tx
from web import forms
from web.books import do, new_id, read
from web.editor_fields import retention
from web.errors import again
from web.filters import rate
from web.forms import Fields
from web.offers import Offer
from web.pages import show
from web.quote_actions import DEDUCTION

DONE = "done."

bp = Blueprint("situations", __name__)


class Situation(NamedTuple):
    """The works of a quote, as billed so far."""

    offer: Offer
    works: tuple[Works, ...]

    @classmethod
    def of(cls, tx: Tx, quote_id: UUID) -> "Situation":
        """Errors: `NotFound`."""
        offer = Offer.load(tx, quote_id)
        documents = [event for event in streams.mentions(tx, quote_id) if isinstance(event, Invoice.Issued)]
        works = works_of(offer.quote, documents)
        return cls(offer, tuple(replace(one, line=persons.opened_line(tx, one.line)) for one in works))


def form(quote_id: UUID, values: Any = None, errors: Any = None, problem: str = "") -> Any:
    with read() as tx:
        found = Situation.of(tx, quote_id)
    if found.offer.quote.state != "accepted":
        return redirect(url_for("quotes.show", quote_id=quote_id), 303)
    kept_bp = found.offer.content.retention_bp
    opened = {f"{DONE}{one.line.id}": rate(one.before_bp) for one in found.works}
    return show(
        "quotes/situation.html", offer=found.offer, works=found.works, errors=errors or {}, problem=problem,
        values=values or opened | {"retention": rate(kept_bp) if kept_bp else ""}, before=found.works,
        labels={f"{DONE}{one.line.id}": "Fait" for one in found.works} | {"retention": "Retenue de garantie"},
        net_cents=sum(one.line.net_cents for one in found.works),
        before_cents=sum(one.before_cents for one in found.works),
    )  # fmt: skip


@bp.get("/devis/<uuid:quote_id>/situation")
def index(quote_id: UUID) -> Any:
    return form(quote_id)


@bp.post("/devis/<uuid:quote_id>/situation")
@again(form)
def draft(quote_id: UUID) -> Any:
    with read() as tx:
        found = Situation.of(tx, quote_id)
    fields = Fields(request.form)
    done = tuple((one.line.id, fields.get(f"{DONE}{one.line.id}", _done, one.before_bp)) for one in found.works)
    kept_bp = fields.get("retention", retention, 0) or 0
    fields.check()
    invoice_id = new_id()
    do(
        invoice_progress, quote_id=quote_id, invoice_id=invoice_id, done_bp=done, retention_bp=kept_bp,
        deduction_label=DEDUCTION,
    )  # fmt: skip
    flash("Brouillon de la situation créé : relisez-le, puis émettez-le.")
    return redirect(url_for("invoices.show", invoice_id=invoice_id), 303)


def _done(raw: str) -> int:
    done_bp = forms.rate_bp(raw)
    if not 0 <= done_bp <= WHOLE_BP:
        raise forms.Unreadable("Entre 0 et 100 %, depuis le début des travaux.")
    return done_bp
