"""What becomes of an invoice: issued, corrected by a credit note, copied, given up as a draft."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from documents.page import screen
from domain.invoice import Reason
from ledger.commands import invoices as commands
from ledger.commands.sendings import issue_and_mail
from projections import clients, invoice_lists, streams
from web import editor, forms, invoices
from web.books import do, new_id, read
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
            mail=mail, reasons=REASONS,
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
    fields.check()
    reason = Reason(code=code, text=text) if code else None  # type: ignore[arg-type]  # one of REASONS
    issued: dict[str, Any] = {
        "invoice_id": invoice_id, "issued_on": issued_on, "base_version": editor.base_version(), "reason": reason,
    }  # fmt: skip
    if mail:
        number = do(issue_and_mail, sending_id=new_id("mail"), mail=mail, **issued)
    else:
        number = do(commands.issue_invoice, **issued)
    editor.saved(invoice_id)
    flash(
        f"{number} est émise : elle est au registre, sous son numéro définitif." if not code else f"{number} est émis."
    )
    return redirect(url_for("invoices.show", invoice_id=invoice_id), 303)


def correcting(invoice_id: UUID, values: Any = None, errors: Any = None, problem: str = "") -> Any:
    with read() as tx:
        sheet = Sheet.load(tx, invoice_id)
        row = invoices.row_of(tx, invoice_id)
        if not sheet.invoice.issued or row.kind == "credit_note":
            return redirect(url_for("invoices.show", invoice_id=invoice_id), 303)
        left = streams.receivable(tx, sheet.invoice).left
        return show(
            "invoices/correct.html", sheet=sheet, row=row, problem=problem,
            left_cents=sum(share.base_cents + share.vat_cents for share in left),
            credit_notes=invoice_lists.credit_notes_of(tx, invoice_id, sheet.day),
        )  # fmt: skip


@bp.get("/factures/<uuid:invoice_id>/corriger")
def correct_form(invoice_id: UUID) -> Any:
    return correcting(invoice_id)


@bp.post("/factures/<uuid:invoice_id>/corriger")
@again(correcting)
def correct(invoice_id: UUID) -> Response:
    credit_note_id = new_id("credit_note")
    do(commands.draft_credit_note, credit_note_id=credit_note_id, invoice_id=invoice_id)
    flash("Brouillon d’avoir créé, de toute la facture : n’y gardez que ce qui doit être repris, puis émettez-le.")
    return redirect(url_for("invoices.edit", invoice_id=credit_note_id), 303)


@bp.post("/factures/<uuid:invoice_id>/dupliquer")
@again(invoices.page)
def duplicate(invoice_id: UUID) -> Response:
    with read() as tx:
        sheet = Sheet.load(tx, invoice_id)
    kind, content = copied(sheet.invoice, sheet.content)
    copy_id = new_id("copy")
    do(commands.draft_invoice, invoice_id=copy_id, kind=kind, content=content, copied_from=invoice_id)
    flash("Copie créée : c’est un brouillon, sans numéro.")
    return redirect(url_for("invoices.edit", invoice_id=copy_id), 303)


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
    flash("Brouillon abandonné : il quitte la liste, ses écritures restent au registre.")
    return redirect(url_for("invoices.index"), 303)
