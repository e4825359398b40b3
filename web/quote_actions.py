"""What becomes of a quote: accepted, declined, given up, copied, invoiced. Each is one button of its page."""

from typing import Any
from uuid import UUID

import msgspec
from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from domain.content import Refs
from ledger.commands import quote_invoicing
from ledger.commands import quotes as commands
from web import documents, forms, quotes
from web.books import do, new_id, read
from web.errors import again
from web.filters import percent
from web.offers import Offer

DEDUCTION = "Acompte déjà facturé, facture {number}"

bp = Blueprint("quote_actions", __name__)


@bp.post("/devis/<uuid:quote_id>/accepter")
@again(quotes.page)
def accept(quote_id: UUID) -> Any:
    fields = forms.Fields(request.form)
    accepted_on, order = fields.need("accepted_on", forms.date), fields.get("order", forms.text, "")
    fields.check()
    do(commands.accept_quote, quote_id=quote_id, accepted_on=accepted_on, order=order)
    flash("Devis accepté : il peut être facturé.")
    return to_quote(quote_id)


@bp.post("/devis/<uuid:quote_id>/refuser")
@again(quotes.page)
def decline(quote_id: UUID) -> Any:
    fields = forms.Fields(request.form)
    declined_on, reason = fields.need("declined_on", forms.date), fields.get("reason", forms.text, "")
    fields.check()
    do(commands.decline_quote, quote_id=quote_id, declined_on=declined_on, reason=reason)
    flash("Refus noté. Le devis peut être révisé, puis envoyé de nouveau.")
    return to_quote(quote_id)


@bp.post("/devis/<uuid:quote_id>/abandonner")
@again(quotes.page)
def discard(quote_id: UUID) -> Any:
    do(commands.discard_quote, quote_id=quote_id)
    flash("Devis abandonné : il quitte la liste, ses écritures restent au registre.")
    return redirect(url_for("quotes.index"), 303)


@bp.post("/devis/<uuid:quote_id>/dupliquer")
@again(quotes.page)
def duplicate(quote_id: UUID) -> Any:
    """A new draft of the same lines; the client's own references stay with the first."""
    with read() as tx:
        content = msgspec.structs.replace(Offer.load(tx, quote_id).content, refs=Refs())
    copy_id = new_id()
    do(commands.draft_quote, quote_id=copy_id, content=content)
    flash("Copie créée : c’est un brouillon, sans numéro.")
    return to_quote(copy_id)


@bp.post("/devis/<uuid:quote_id>/facturer")
@again(quotes.page)
def invoice(quote_id: UUID) -> Any:
    invoice_id = new_id()
    do(quote_invoicing.invoice_quote, quote_id=quote_id, invoice_id=invoice_id, deduction_label=DEDUCTION)
    flash("Brouillon de facture créé d’après le devis : relisez-le, puis émettez-le.")
    return to_invoice(invoice_id)


@bp.post("/devis/<uuid:quote_id>/acompte")
@again(quotes.page)
def deposit(quote_id: UUID) -> Any:
    fields = forms.Fields(request.form)
    share_bp = fields.need("share", share)
    fields.check()
    with read() as tx:
        number = Offer.load(tx, quote_id).quote.number
    invoice_id, label = new_id(), f"Acompte de {percent(share_bp)} sur le devis {number}"
    do(quote_invoicing.invoice_deposit, quote_id=quote_id, invoice_id=invoice_id, share_bp=share_bp, label=label)
    flash("Brouillon de facture d’acompte créé : relisez-le, puis émettez-le.")
    return to_invoice(invoice_id)


@bp.get("/devis/<uuid:quote_id>/pro-forma.pdf")
def proforma(quote_id: UUID) -> Response:
    """The quote as a pro forma invoice: asks for nothing, has no number. Its page while it cannot be priced."""
    with read() as tx:
        offer = Offer.load(tx, quote_id)
        paper = documents.proforma(tx, offer.content, offer.company, offer.client, offer.day)
    return documents.preview(paper) if paper else to_quote(quote_id)


def share(raw: str) -> int:
    """A part of the quote in basis points, above nothing and below the whole."""
    share_bp = forms.rate_bp(raw)
    if not 0 < share_bp < 10_000:
        raise forms.Unreadable("Un acompte est entre 0 et 100 % du devis.")
    return share_bp


def to_quote(quote_id: UUID) -> Response:
    return redirect(url_for("quotes.show", quote_id=quote_id), 303)


def to_invoice(invoice_id: UUID) -> Response:
    return redirect(f"/factures/{invoice_id}", 303)
