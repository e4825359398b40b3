"""On an invoice's page: which reminder was the last, which comes next, and what stops them."""

from typing import Any, NamedTuple
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ledger.commands import reminders as commands
from projections import reminder_lists
from projections.reminder_lists import NoticeRow, OpenRow, SentRow
from projections.tx import Tx
from web import forms
from web.books import do, read
from web.days import today
from web.errors import again
from web.filters import day
from web.labels import Status
from web.pages import show
from web.reminders import labels, plan
from web.reminders.index import upcoming

bp = Blueprint("reminder_stops", __name__)

CHOICES = {
    "pause": "Pause : ne pas relancer pour l’instant",
    "promise": "Promesse de paiement : le client a donné une date",
    "dispute": "Litige : le client conteste la facture",
}


class Chase(NamedTuple):
    """What the panel shows; `row` None: nothing is due any more. `next`: the reminder to come, in words."""

    row: OpenRow | None
    sent: list[SentRow]
    notices: list[NoticeRow]
    stop: Status | None
    next: str
    automatic: bool


def chase(tx: Tx, invoice_id: UUID) -> Chase:
    on, policy = today(tx), reminder_lists.policy(tx)
    row = reminder_lists.one(tx, invoice_id, on)
    return Chase(
        row, reminder_lists.sent(tx, invoice_id=invoice_id), reminder_lists.notices(tx, invoice_id=invoice_id),
        labels.stop_pill(row, on) if row else None, upcoming(policy, on)(row) if row else "", policy.automatic,
    )  # fmt: skip


bp.add_app_template_global(labels.level_pill, "level_pill")


def page(invoice_id: UUID, values: Any = None, errors: Any = None, problem: str = "") -> Any:
    with read() as tx:
        row, on = plan.row_of(tx, invoice_id, today(tx)), today(tx)
    if row is None:
        return redirect(url_for("invoices.show", invoice_id=invoice_id), 303)
    opened = {"cause": request.args.get("cause", "pause"), "until_on": "", "note": ""}
    return show(
        "reminders/stop.html", row=row, day=on, choices=CHOICES, values=values or opened, errors=errors or {},
        problem=problem, stop=labels.stop_pill(row, on),
    )  # fmt: skip


@bp.get("/factures/<uuid:invoice_id>/relances/suspendre")
def stop_form(invoice_id: UUID) -> Any:
    return page(invoice_id)


@bp.post("/factures/<uuid:invoice_id>/relances/suspendre")
@again(page)
def stop(invoice_id: UUID) -> AnyResponse:
    with read() as tx:
        on = today(tx)
        plan.row_of(tx, invoice_id, on)  # another company's is not there, whatever was typed
    fields = forms.Fields(request.form)
    cause = fields.need("cause", forms.one_of(CHOICES))
    until_on, note = fields.get("until_on", forms.date, None), fields.get("note", forms.text, "")
    if until_on and until_on < on:
        fields.refuse("until_on", f"Le {day(until_on)} est passé.")
    if cause == "promise" and not until_on and "until_on" not in fields.errors:
        fields.refuse("until_on", "Indiquez le jour promis.")
    fields.check()
    do(commands.suspend, invoice_id=invoice_id, cause=cause, until_on=until_on, note=note)
    flash("Relances suspendues : aucune ne part avant le lendemain de ce jour." if until_on else "Relances suspendues"
          " jusqu’à ce que vous les repreniez.")  # fmt: skip
    return redirect(url_for("invoices.show", invoice_id=invoice_id), 303)


@bp.post("/factures/<uuid:invoice_id>/relances/reprendre")
def resume(invoice_id: UUID) -> AnyResponse:
    do(commands.resume, invoice_id=invoice_id)
    flash("Relances reprises.")
    return redirect(url_for("invoices.show", invoice_id=invoice_id), 303)
