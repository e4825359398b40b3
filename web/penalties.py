"""A debit note on an invoice that was paid late or is not paid: interest by half-years, and the 40 € of recovery.

The form opens with what was late, as the ledger says it; each row may be changed, or emptied so that it counts not.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for

from documents.words import FRENCH
from domain import late
from domain.account import issued
from domain.content import Content
from domain.delays import Delay, Settled, delays
from domain.lines import DraftLine
from domain.terms import PaymentTerms
from ledger.commands.invoices import draft_invoice
from projections import payments
from projections.tx import Tx
from web import forms, invoices, late_rates, receipt_form
from web.books import do, new_id, read
from web.documents import Sheet
from web.errors import again
from web.filters import amount, day, euros, percent
from web.forms import Fields
from web.pages import show
from web.reminders.call import instead

PARTS = {"base": "Somme en retard", "due": "Échéance", "until": "Jusqu’au"}
MOST = 24  # rows of a form: instalments, and the payments of each

bp = Blueprint("penalties", __name__)


def form(invoice_id: UUID, values: Any = None, errors: Any = None, problem: str = "") -> Any:
    with read() as tx:
        sheet, row = Sheet.load(tx, invoice_id), invoices.row_of(tx, invoice_id)
        found, stale = _late(tx, sheet), late_rates.stale(tx)
    if row.kind in ("credit_note", "debit_note") or not sheet.invoice.issued:
        return redirect(url_for("invoices.show", invoice_id=invoice_id), 303)
    terms, business = _terms(sheet), sheet.client.profile.kind != "person"
    shown = found or [Delay(row.outstanding_cents or row.gross_cents or 0, row.due_on or sheet.day, sheet.day)]
    opened = {"indemnity": "1" if business else ""} | {
        f"{name}.{rank}": told
        for rank, one in enumerate(shown, 1)
        for name, told in (
            ("base", amount(one.base_cents)), ("due", "" if terms.person else one.due_on.isoformat()),
            ("until", one.on.isoformat()))
    }  # fmt: skip
    return show(
        "invoices/penalties.html", row=row, business=business, values=values or opened, errors=errors or {},
        problem=problem, labels=_labels(values or opened), ranks=_ranks(values or opened), parts=PARTS, terms=terms,
        stale="" if terms.person or (terms.agreed_bp and not terms.public) else stale, day=sheet.day,
        periods=[] if terms.person else [part for one in found for part in late.periods(*one, terms)],
    )  # fmt: skip


@bp.get("/factures/<uuid:invoice_id>/penalites")
def index(invoice_id: UUID) -> Any:
    return form(invoice_id)


@bp.post("/factures/<uuid:invoice_id>/penalites")
@again(form)
def draft(invoice_id: UUID) -> Any:
    with read() as tx:
        sheet = Sheet.load(tx, invoice_id)
    lines = tuple(_lines(sheet))
    note_id, subject = new_id("debit_note"), f"Retard de paiement, facture {sheet.invoice.number}"
    content = Content(client_id=sheet.client.id, subject=subject, lines=lines, terms=PaymentTerms(days=0))
    do(draft_invoice, invoice_id=note_id, kind="debit_note", content=content, copied_from=invoice_id)
    flash("Brouillon de note de débit créé, hors TVA, dans sa propre série : relisez-le, puis émettez-le.")
    return redirect(url_for("invoices.show", invoice_id=note_id), 303)


def _late(tx: Tx, sheet: Sheet) -> list[Delay]:
    """What was late, as the ledger knows it; the last ones where there are more than a form holds."""
    if not sheet.invoice.issued:
        return []
    settled = [
        Settled(one.on, one.settled_cents, one.source in ("payment", "allocation"))
        for one in payments.settlements_on(tx, sheet.invoice.id)
        if not one.undone and one.settled_cents > 0 and one.source_id != sheet.invoice.id  # paid before its issue
    ]
    return list(delays(sheet.invoice.issued.instalments, settled, sheet.day))[-MOST:]


def _terms(sheet: Sheet) -> late.Terms:
    return late.terms_of(issued(sheet.invoice), sheet.company.configuration.half_years)


def _lines(sheet: Sheet) -> Iterator[DraftLine]:
    """A line a period, so that the debtor finds each sum again. Errors: `forms.Invalid`."""
    asked, document = _asked(), issued(sheet.invoice)
    of = f"facture {document.number} du {day(document.issued_on)}"
    terms, rank = _terms(sheet), 0
    for period in (part for one in asked for part in late.periods(*one, terms)):
        rank += 1
        yield late.interest_line(str(rank), period, _told(period, of))
    if request.form.get("indemnity") and sheet.client.profile.kind != "person":
        yield late.indemnity_line(str(rank + 1), f"Indemnité forfaitaire pour frais de recouvrement, {of}")
    elif not rank:
        raise forms.Invalid({"base.1": "Indiquez la somme, son échéance et un jour d’après, ou réclamez l’indemnité."})


def _told(period: late.Period, of: str) -> str:
    return (
        f"Intérêts de retard sur {euros(period.base_cents)}, {of}, du {day(period.first_on)} au {day(period.last_on)} :"
        f" {period.days} jours au taux annuel de {percent(period.rate_bp)}{instead(period, FRENCH)}"
    )


def _asked() -> list[Delay]:
    """The rows that are filled. Errors: `forms.Invalid`."""
    fields, found = Fields(request.form), []
    for rank in _ranks(request.form):
        if not request.form.get(f"base.{rank}", "").strip():
            continue
        base_cents = fields.need(f"base.{rank}", receipt_form.above_zero)
        due_on, until_on = fields.need(f"due.{rank}", forms.date), fields.need(f"until.{rank}", forms.date)
        if due_on and until_on and until_on < due_on:
            fields.refuse(f"until.{rank}", "Ce jour précède l’échéance.")
        found.append(Delay(base_cents, due_on, until_on))
    fields.check()
    return found


def _ranks(told: Mapping[str, str]) -> list[int]:
    return [rank for rank in range(1, MOST + 1) if f"base.{rank}" in told]


def _labels(told: Mapping[str, str]) -> dict[str, str]:
    return {f"{name}.{rank}": label for rank in _ranks(told) for name, label in PARTS.items()}
