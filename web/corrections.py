"""« Corriger »: the credit note of an issued invoice and the draft that replaces it, in one act."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from ledger.commands.corrections import correct_invoice
from projections import invoice_lists, streams
from web import invoices
from web.books import do, new_id, read
from web.documents import Sheet
from web.errors import again
from web.forms import Fields
from web.pages import show

LINE = "line."

bp = Blueprint("corrections", __name__)


def form(invoice_id: UUID, values: Any = None, errors: Any = None, problem: str = "") -> Any:
    """What is to be taken back, all of it at first; an explanation when nothing is left."""
    with read() as tx:
        sheet, row = Sheet.load(tx, invoice_id), invoices.row_of(tx, invoice_id)
        issued, paper = sheet.invoice.issued, sheet.paper
        if issued is None or row.kind == "credit_note":
            return redirect(url_for("invoices.show", invoice_id=invoice_id), 303)
        left = streams.receivable(tx, sheet.invoice).left
        return show(
            "invoices/correct.html", sheet=sheet, row=row, problem=problem, errors=errors or {},
            lines=[(f"{LINE}{line.id}", line) for line in issued.lines], printed=paper.lines if paper else (),
            values=values or {"again": "1"} | {f"{LINE}{line.id}": "1" for line in issued.lines},
            left_cents=sum(share.base_cents + share.vat_cents for share in left),
            credit_notes=invoice_lists.credit_notes_of(tx, invoice_id, sheet.day),
        )  # fmt: skip


@bp.get("/factures/<uuid:invoice_id>/corriger")
def index(invoice_id: UUID) -> Any:
    return form(invoice_id)


@bp.post("/factures/<uuid:invoice_id>/corriger")
@again(form)
def correct(invoice_id: UUID) -> Response:
    """On to the issue of the credit note; of some lines only, to the editor first, where quantities can be less."""
    with read() as tx:
        issued = Sheet.load(tx, invoice_id).invoice.issued
    chosen = _chosen([line.id for line in issued.lines] if issued else [])
    again_id = new_id("replacing") if request.form.get("again") else None
    credit_note_id = new_id("credit_note")
    do(
        correct_invoice, invoice_id=invoice_id, credit_note_id=credit_note_id, line_ids=chosen, replacing_id=again_id
    )  # fmt: skip
    flash(
        "Deux brouillons sont prêts, liés à la facture : l’avoir, à émettre d’abord, et le document qui la remplace."
        if again_id
        else "Le brouillon d’avoir est prêt, lié à la facture : relisez-le, puis émettez-le."
    )
    if chosen is None:
        return redirect(url_for("invoice_actions.issue_form", invoice_id=credit_note_id), 303)
    return redirect(url_for("invoices.edit", invoice_id=credit_note_id), 303)


def _chosen(ids: list[str]) -> tuple[str, ...] | None:
    """The lines that were ticked; None = all of them. Errors: `forms.Invalid` when none was."""
    fields = Fields(request.form)
    chosen = tuple(one for one in ids if f"{LINE}{one}" in request.form)
    if not chosen:
        fields.refuse("lines", "Cochez au moins une ligne à reprendre.")
    fields.check()
    return None if len(chosen) == len(ids) else chosen
