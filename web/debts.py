"""A debt that may not be paid: declared doubtful, written off, recovered after all."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for

from domain.account import issued
from domain.debt import Debt
from domain.invoice import Invoice
from domain.receipts import ACCOUNTS
from ledger.commands import debts as commands
from ledger.commands.documents import copy_unpaid
from projections import files, invoice_lists, persons, streams
from web import choices, forms, receipt_form
from web.books import do, read
from web.days import today, zone
from web.errors import again
from web.filters import amount, euros
from web.forms import Fields
from web.pages import show

STAGES = ("doubt", "loss")
LABELS = {"on": "Date", "ground": "Motif", "stage": "Ce qui se passe", "amount": "Montant", "method": "Mode"}

bp = Blueprint("debts", __name__)


def form(invoice_id: UUID, values: Any = None, errors: Any = None, problem: str = "") -> str:
    with read() as tx:
        day = today(tx)
        invoice = streams.load(tx, Invoice, invoice_id)
        document, events = issued(invoice), streams.mentions(tx, invoice_id)
        account, row = streams.receivable(tx, invoice), invoice_lists.one(tx, invoice_id, day)
        doubted = next((event for event in events if isinstance(event, Debt.Created)), None)
        known = doubted and row and row.client != persons.ERASED
        ground = persons.opened_text(tx, doubted.ground) if doubted and known else ""
        copies = [one for one in files.copies(tx, invoice_id) if one.reason == "unpaid"]
        here, frozen = zone(tx), files.frozen(tx, invoice_id)
    loss = account.outstanding_cents and account.write_off(account.outstanding_cents, recover_due=True)
    opened = {"on": day.isoformat(), "stage": "loss" if doubted else "doubt", "method": "transfer",
              "amount": amount(account.lost_cents)}  # fmt: skip
    return show(
        "payments/debt.html", document=document, row=row, account=account, doubted=doubted, day=day, ground=ground,
        choices=choices, copies=copies, zone=here, frozen=frozen,
        pending_cents=sum(share.vat_cents for share in account.pending),
        due_cents=sum(share.vat_cents for share in loss.cancelled if share.vat_due != "cash") if loss else 0,
        values=values or opened, errors=errors or {}, problem=problem, labels=LABELS,
    )  # fmt: skip


@bp.get("/factures/<uuid:invoice_id>/perte")
def index(invoice_id: UUID) -> str:
    return form(invoice_id)


@bp.post("/factures/<uuid:invoice_id>/perte")
@again(form)
def record(invoice_id: UUID) -> Any:
    fields = Fields(request.form)
    stage, on, ground = fields.need("stage", forms.one_of(STAGES)), fields.need("on", forms.date), fields.need(
        "ground", forms.text)  # fmt: skip
    fields.check()
    if stage == "doubt":
        do(commands.doubt_debt, invoice_id=invoice_id, on=on, ground=ground)
        flash("Créance déclarée douteuse : elle reste à encaisser, et figure au compte 416.")
    else:
        recover_due = bool(request.form.get("recover_due"))
        do(commands.write_off_debt, invoice_id=invoice_id, on=on, ground=ground, recover_due=recover_due)
        flash("Créance passée en perte, inscrite au registre.")
    return redirect(f"/factures/{invoice_id}", 303)


@bp.post("/factures/<uuid:invoice_id>/perte/duplicata")
@again(form)
def copy(invoice_id: UUID) -> Any:
    """The copy that says that the invoice was not paid."""
    number: int = do(copy_unpaid, invoice_id=invoice_id)
    flash(f"Duplicata n° {number} inscrit au registre, avec la mention de l’impayé : téléchargez-le et envoyez-le.")
    return redirect(url_for(".index", invoice_id=invoice_id), 303)


@bp.post("/factures/<uuid:invoice_id>/rentree")
@again(form)
def recover(invoice_id: UUID) -> Any:
    """Money on a debt written off before."""
    fields = Fields(request.form)
    amount_cents, on = fields.need("amount", receipt_form.above_zero), fields.need("on", forms.date)
    method, ground = fields.need("method", receipt_form.method), fields.need("ground", forms.text)
    fields.check()
    do(
        commands.recover_debt, invoice_id=invoice_id, on=on, ground=ground, amount_cents=amount_cents,
        account=ACCOUNTS[method],
    )  # fmt: skip
    flash(f"{euros(amount_cents)} reçus sur une créance passée en perte, inscrits au registre.")
    return redirect(url_for(".index", invoice_id=invoice_id), 303)
