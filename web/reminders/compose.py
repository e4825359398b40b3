"""One reminder, as a person reads it over and sends it: tone, invoices of the client, recipients, text."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, redirect, request, url_for
from msgspec.structs import replace
from werkzeug.wrappers import Response as AnyResponse

from domain.errors import NotFound
from domain.invoice import Invoice
from domain.reminder import NotReminded
from domain.reminder_policy import LEVELS, Level, Policy, suggested
from ledger.commands.reminders import ask_reminder
from ledger.commands.sendings import Mail
from projections import clients, reminder_lists
from projections.reminder_lists import OpenRow
from projections.tx import Tx
from web import forms
from web.books import do, new_id, read
from web.days import today, zone
from web.errors import again
from web.mail import compose as mails
from web.mail.documents import sender
from web.mail.sending import Previewed, looked_at
from web.pages import show
from web.reminders import labels, plan
from web.reminders.call import around
from web.reminders.index import BOX
from web.reminders.plan import Ask, Wanted

bp = Blueprint("reminding", __name__)


class Chosen(NamedTuple):
    """What the address says: the invoice, the tone, the client's other invoices that go with it."""

    row: OpenRow
    others: list[OpenRow]
    level: Level
    wanted: list[Wanted]
    ask: Ask


def page(invoice_id: UUID, values: Any = None, errors: Any = None, problem: str = "") -> Any:
    with read() as tx:
        row = plan.row_of(tx, invoice_id, today(tx))
        if row is None:  # nothing is due of it
            return redirect(url_for("invoices.show", invoice_id=invoice_id), 303)
        policy = reminder_lists.policy(tx)
        chosen = _chosen(tx, row, policy, values or request.args)
        mail = mails.Composed(
            _recipients(tx, chosen, values), (values or {}).get("subject", chosen.ask.subject),
            (values or {}).get("body", chosen.ask.body), chosen.ask.call.numbers, "",
        )  # fmt: skip
        return show(
            "reminders/send.html", chosen=chosen, row=row, mail=mail, client=clients.one(tx, row.client_id),
            labels=labels, levels=labels.LEVELS, policy=policy, day=today(tx), zone=zone(tx), errors=errors or {},
            problem=problem, values=values or {}, stop=labels.stop_pill(row, today(tx)), free=plan.free(row, today(tx)),
            sent=reminder_lists.sent(tx, invoice_id=invoice_id), ticked=_ticked(values, policy),
        )  # fmt: skip


@bp.get("/factures/<uuid:invoice_id>/relancer")
def form(invoice_id: UUID) -> Any:
    return page(invoice_id)


@bp.post("/factures/<uuid:invoice_id>/relancer")
@again(page)
def send(invoice_id: UUID) -> AnyResponse:
    with read() as tx:
        chosen, policy = _again(tx, invoice_id), reminder_lists.policy(tx)
    if request.form.get("total") != str(chosen.ask.call.total_cents):  # the text speaks of another sum
        raise NotReminded(invoice_id, "changed")
    fields, sending_id = forms.Fields(request.form), new_id("reminder")
    mail = replace(_typed(fields), attached=bool(request.form.get("statement")), number=chosen.ask.call.label)
    if request.form.get("link"):
        mail = plan.linked(mail, chosen.ask, current_app.extensions["settings"], sending_id)
    facts = plan.request(chosen.ask, policy, current_app.extensions["settings"], sending_id)
    do(ask_reminder, **facts | {"mail": mail})
    flash("La relance est confiée à la file d’envoi : sa page dit ce qu’elle devient.")
    return redirect(url_for("outbox.show", mail_id=sending_id), 303)


@bp.post("/factures/<uuid:invoice_id>/relancer/apercu")
def preview(invoice_id: UUID) -> Response:
    """The reminder that is typed, as its reader will see it."""
    with read() as tx:
        chosen, reply_to = _again(tx, invoice_id), sender(tx, "").reply_to
    fields = forms.Fields(request.form)
    subject, body = fields.need("subject", forms.text), fields.need("body", forms.note)
    fields.check()
    call = chosen.ask.call
    attached = bool(request.form.get("statement"))
    return looked_at(Previewed(subject, body, "", attached, call.numbers, call.language), around(call), reply_to)


def _again(tx: Tx, invoice_id: UUID) -> Chosen:
    """Errors: `NotFound` when nothing is due any more."""
    row = reminder_lists.one(tx, invoice_id, today(tx))
    if row is None:
        raise NotFound(Invoice.TOPIC, invoice_id)
    return _chosen(tx, row, reminder_lists.policy(tx), request.form)


def _chosen(tx: Tx, row: OpenRow, policy: Policy, told: Mapping[str, str]) -> Chosen:
    day = today(tx)
    usual = suggested(policy.levels, row.days, row.reached)
    level: Level = next((one for one in LEVELS if one == told.get("palier")), usual)
    late = [other for other in reminder_lists.unpaid(tx, day, client_id=row.client_id) if other.days >= 0]
    others = [other for other in late if other.id != row.id and plan.free(other, day)] if row.days >= 0 else []
    asked = "palier" in told
    taken = [other for other in others if (f"{BOX}{other.id}" in told if asked else policy.grouped)]
    wanted = [Wanted(one, level) for one in (row, *taken)]
    return Chosen(row, others, level, wanted, plan.ask(tx, wanted, day))


def _recipients(tx: Tx, chosen: Chosen, values: Any) -> list[mails.Recipient]:
    people = mails.recipients(tx, chosen.row.client_id, set(chosen.ask.to))
    if values:
        return [who._replace(chosen=f"{mails.TO}{who.id}" in values) for who in people]
    return people


def _ticked(values: Any, policy: Policy) -> dict[str, bool]:
    if values:
        return {"statement": bool(values.get("statement")), "link": bool(values.get("link"))}
    return {"statement": policy.statement, "link": policy.link}


def _typed(fields: forms.Fields) -> Mail:
    """Errors: `forms.Invalid`."""
    to = tuple(forms.uuid(name.removeprefix(mails.TO)) for name in request.form if name.startswith(mails.TO))
    if not to:
        fields.refuse("recipients", "Choisissez au moins un destinataire.")
    subject, body = fields.need("subject", forms.text), fields.need("body", forms.note)
    fields.check()
    return Mail(to=to, subject=subject, body=body)
