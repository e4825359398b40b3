"""A debit note on an invoice that was paid late or is not paid: interest and the 40 € of recovery."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for

from domain import late
from domain.content import Content
from domain.lines import DraftLine
from domain.terms import PaymentTerms
from ledger.commands.invoices import draft_invoice
from web import forms, invoices, receipt_form
from web.books import do, new_id, read
from web.documents import Sheet
from web.errors import again
from web.filters import amount, day, euros, percent, rate
from web.forms import Fields
from web.pages import show

LABELS = {"base": "Somme en retard", "rate": "Taux annuel", "days": "Jours de retard"}
LONGEST_DAYS = 3650

bp = Blueprint("penalties", __name__)


def form(invoice_id: UUID, values: Any = None, errors: Any = None, problem: str = "") -> Any:
    with read() as tx:
        sheet, row = Sheet.load(tx, invoice_id), invoices.row_of(tx, invoice_id)
    if row.kind in ("credit_note", "debit_note") or not sheet.invoice.issued:
        return redirect(url_for("invoices.show", invoice_id=invoice_id), 303)
    configured_bp = sheet.company.configuration.late_rate_bp
    legal_bp = late.legal_rate_bp(sheet.day, public=sheet.client.profile.kind == "public")
    business = sheet.client.profile.kind != "person"
    opened = {
        "base": amount(row.outstanding_cents or row.gross_cents), "rate": rate(configured_bp or legal_bp),
        "days": str(row.days_late or ""), "indemnity": "1" if business else "",
    }  # fmt: skip
    return show(
        "invoices/penalties.html", row=row, business=business, values=values or opened, errors=errors or {},
        problem=problem, labels=LABELS,
    )  # fmt: skip


@bp.get("/factures/<uuid:invoice_id>/penalites")
def index(invoice_id: UUID) -> Any:
    return form(invoice_id)


@bp.post("/factures/<uuid:invoice_id>/penalites")
@again(form)
def draft(invoice_id: UUID) -> Any:
    with read() as tx:
        sheet = Sheet.load(tx, invoice_id)
    lines = _lines(sheet)
    note_id, subject = new_id("debit_note"), f"Retard de paiement, facture {sheet.invoice.number}"
    content = Content(client_id=sheet.client.id, subject=subject, lines=lines, terms=PaymentTerms(days=0))
    do(draft_invoice, invoice_id=note_id, kind="debit_note", content=content, copied_from=invoice_id)
    flash("Brouillon de note de débit créé, hors TVA, dans sa propre série : relisez-le, puis émettez-le.")
    return redirect(url_for("invoices.show", invoice_id=note_id), 303)


def _lines(sheet: Sheet) -> tuple[DraftLine, ...]:
    """Errors: `forms.Invalid`."""
    fields, number = Fields(request.form), sheet.invoice.number
    base_cents = fields.get("base", receipt_form.above_zero, 0) or 0
    rate_bp, days = fields.get("rate", forms.rate_bp, 0) or 0, fields.get("days", _days, 0) or 0
    cents = late.interest_cents(base_cents, rate_bp, days)
    wanted = request.form.get("indemnity") and sheet.client.profile.kind != "person"
    if cents <= 0 and not wanted:
        fields.refuse("rate" if days else "days", "Indiquez la somme, le taux et les jours, ou réclamez l’indemnité.")
    fields.check()
    issued = sheet.invoice.issued
    of = f"facture {number}{f' du {day(issued.issued_on)}' if issued else ''}"
    told = f"Intérêts de retard sur {euros(base_cents)}, {of} : {days} jours au taux annuel de {percent(rate_bp)}"
    interest = (late.interest_line(cents, told),) if cents > 0 else ()
    recovery = f"Indemnité forfaitaire pour frais de recouvrement, {of}"
    return (*interest, *((late.indemnity_line(recovery),) if wanted else ()))


def _days(raw: str) -> int:
    if not raw.strip().isdecimal() or int(raw) > LONGEST_DAYS:
        raise forms.Unreadable(f"Un nombre de jours, {LONGEST_DAYS} au plus.")
    return int(raw)
