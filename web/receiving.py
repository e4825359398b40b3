"""Money that comes in: the form, a page or a dialog, opened from an invoice."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from jinja2_fragments.flask import render_block
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from domain.errors import DomainError, NotFound
from ledger.commands import payments as commands
from projections import invoice_lists
from projections.invoice_lists import InvoiceRow
from projections.tx import Tx
from web import choices, forms, receipt_form, texts
from web.appearance import same_site
from web.books import do, new_id, read
from web.days import today
from web.errors import again
from web.filters import euros
from web.pages import show

bp = Blueprint("receiving", __name__)


def new_form(invoice_id: UUID, values: Mapping[str, str] | None = None, errors: Any = None, problem: str = "") -> str:
    """The form: a page, or for htmx a dialog with the fields that most payments need."""
    with read() as tx:
        day = today(tx)
        invoice, owed = _owed(tx, invoice_id)
        values = values or receipt_form.values(invoice, day) | {"retour": request.args.get("retour", "")}
    return show(
        "payments/dialog.html" if "HX-Request" in request.headers else "payments/new.html", invoice=invoice,
        owed=owed, values=values, errors=errors or {}, problem=problem, choices=choices,
        labels=receipt_form.labels(owed), others=receipt_form.OTHERS, today=day, told=_told(invoice_id, values),
        back=same_site(values["retour"]) if values.get("retour") else f"/factures/{invoice_id}",
    )  # fmt: skip


@bp.get("/factures/<uuid:invoice_id>/encaisser")
def new(invoice_id: UUID) -> str:
    return new_form(invoice_id)


@bp.post("/factures/<uuid:invoice_id>/encaisser")
@again(new_form)
def create(invoice_id: UUID) -> Any:
    with read() as tx:
        invoice, _ = _owed(tx, invoice_id)
    receipt, payment_id = receipt_form.read(request.form, invoice.client_id), new_id("payment")
    do(commands.record_payment, payment_id=payment_id, receipt=receipt)
    page = url_for("payments.show", payment_id=payment_id)
    flash(Markup('{} reçus de {}, inscrits au registre. <a href="{}">Voir ou annuler ce règlement</a>').format(
        euros(receipt.amount_cents), invoice.client, page
    ))  # fmt: skip
    return onward(same_site(request.form["retour"]) if request.form.get("retour") else page)


@bp.post("/factures/<uuid:invoice_id>/encaisser/apercu")
def preview(invoice_id: UUID) -> str:
    """What the form would do as it stands: a piece of its page."""
    return render_block("payments/new.html", "outcome", told=_told(invoice_id, request.form))


def onward(address: str) -> AnyResponse:
    """On to a page; a form that htmx sent is told so, since a redirect would land in its dialog."""
    if "HX-Request" in request.headers:
        return Response(headers={"HX-Redirect": address})
    return redirect(address, 303)


def _owed(tx: Tx, invoice_id: UUID) -> tuple[InvoiceRow, list[InvoiceRow]]:
    """The invoice of the page, and what its client owes, that invoice first."""
    invoice = invoice_lists.one(tx, invoice_id, today(tx))
    if invoice is None:
        raise NotFound("invoice", invoice_id)
    return invoice, receipt_form.owed_by(tx, invoice.client_id, today(tx), invoice)


def _told(invoice_id: UUID, values: Mapping[str, str]) -> dict[str, Any]:
    """What the form would do; nothing while it cannot be read, the reason when it would be refused."""
    with read() as tx:
        invoice, owed = _owed(tx, invoice_id)
        try:
            receipt = receipt_form.read(values, invoice.client_id)
            return receipt_form.outcome(tx, owed, receipt)
        except forms.Invalid:
            return {}
        except DomainError as error:
            return {"problem": texts.sentence(error)}
