"""What becomes of an invoice: issued, copied, given up as a draft. Correcting one is `corrections`."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from documents.page import screen
from domain.invoice import Reason
from ledger.commands import invoices as commands
from ledger.commands.sendings import issue_and_mail
from projections import clients
from web import documents, editor, forms, invoices, prepaid, related
from web.books import do, new_id, read
from web.days import today
from web.documents import Issuance, Sheet
from web.errors import again
from web.invoice_copy import copied
from web.mail import compose
from web.pages import show

REASONS = {
    "error": "Erreur sur la facture", "return": "Retour de marchandise", "discount": "Remise accordée après coup",
    "cancelled": "Vente annulée", "other": "Autre motif",
}  # fmt: skip

bp = Blueprint("invoice_actions", __name__)


def issuing(invoice_id: UUID, values: Any = None, errors: Any = None, problem: str = "") -> Any:
    with read() as tx:
        sheet = Sheet.load(tx, invoice_id)
        if sheet.invoice.issued or sheet.invoice.discarded:
            return redirect(url_for("invoices.show", invoice_id=invoice_id), 303)
        coming = Issuance.of(tx, sheet)
        mail = compose.composed(
            tx, sheet.client.id, sheet.content.contact_ids, sheet.paper, coming.number, values or {}
        )  # fmt: skip
        return show(
            "invoices/issue.html", sheet=sheet, coming=coming, client=clients.one(tx, sheet.client.id),
            mail=mail, reasons=REASONS, credits=prepaid.offered(tx, sheet),
            paper=sheet.paper and screen(sheet.paper), values=values or {}, errors=errors or {}, problem=problem,
        )  # fmt: skip


@bp.get("/factures/<uuid:invoice_id>/emettre")
def issue_form(invoice_id: UUID) -> Any:
    return issuing(invoice_id)


@bp.post("/factures/<uuid:invoice_id>/emettre")
@again(issuing)
def issue(invoice_id: UUID) -> Any:
    fields = forms.Fields(request.form)
    issued_on = fields.need("issued_on", forms.date)
    code = fields.get("reason", forms.one_of(REASONS), "")
    text = fields.get("reason_text", forms.text, "") or ""
    mail = compose.read(fields, request.form) if request.form.get("envoyer") else None
    sources = tuple(prepaid.read(request.form))
    fields.check()
    reason = Reason(code=code, text=text) if code else None  # type: ignore[arg-type]  # one of REASONS
    issued: dict[str, Any] = {
        "invoice_id": invoice_id, "issued_on": issued_on, "base_version": editor.base_version(), "reason": reason,
        "sources": sources,
    }  # fmt: skip
    if mail:
        number = do(issue_and_mail, sending_id=new_id("mail"), mail=mail, **issued)
    else:
        number = do(commands.issue_invoice, **issued)
    editor.saved(invoice_id)
    flash(
        _issued(invoice_id, number)
        if code
        else f"{number} est émise : elle est au registre, sous son numéro définitif."
    )
    return redirect(url_for("invoices.show", invoice_id=invoice_id), 303)


def _issued(credit_note_id: UUID, number: str) -> str:
    """What is told of a credit note, with the way to the draft that replaces what it takes back."""
    with read() as tx:
        waiting = related.replacement(tx, invoices.row_of(tx, credit_note_id), today(tx))
    if waiting is None:
        return f"{number} est émis."
    onward = Markup('{} est émis. <a href="{}">Continuer par le document qui remplace la facture corrigée</a>')
    return onward.format(number, url_for("invoices.edit", invoice_id=waiting.id))


@bp.post("/factures/<uuid:invoice_id>/dupliquer")
@again(invoices.page)
def duplicate(invoice_id: UUID) -> Response:
    with read() as tx:
        sheet = Sheet.load(tx, invoice_id)
    kind, content = copied(sheet.invoice, sheet.content)
    copy_id = new_id("copy")
    do(commands.draft_invoice, invoice_id=copy_id, kind=kind, content=content, copied_from=invoice_id)
    flash("Copie créée : c’est un brouillon, sans numéro.")
    return redirect(url_for("invoices.edit", invoice_id=copy_id), 303)


@bp.get("/factures/<uuid:invoice_id>/pro-forma.pdf")
def proforma(invoice_id: UUID) -> Any:
    """A draft as a pro forma invoice. Its page when it is no draft, or cannot be priced."""
    with read() as tx:
        sheet = Sheet.load(tx, invoice_id)
        draft = sheet.invoice.issued is None and not sheet.invoice.discarded
        paper = documents.proforma(tx, sheet.content, sheet.company, sheet.client, sheet.day) if draft else None
    return documents.preview(paper) if paper else redirect(url_for("invoices.show", invoice_id=invoice_id), 303)


def discarding(invoice_id: UUID, values: Any = None, errors: Any = None, problem: str = "") -> str:
    with read() as tx:
        sheet = Sheet.load(tx, invoice_id)
        return show("invoices/discard.html", sheet=sheet, row=invoices.row_of(tx, invoice_id), problem=problem)


@bp.get("/factures/<uuid:invoice_id>/abandonner")
def discard_form(invoice_id: UUID) -> str:
    return discarding(invoice_id)


@bp.post("/factures/<uuid:invoice_id>/abandonner")
@again(discarding)
def discard(invoice_id: UUID) -> Response:
    do(commands.discard_invoice, invoice_id=invoice_id)
    editor.saved(invoice_id)
    flash("Brouillon abandonné : il quitte la liste, ses écritures restent au registre.")
    return redirect(url_for("invoices.index"), 303)
