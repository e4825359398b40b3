"""Pages of formal notices: written from an invoice, kept as PDF, mailed or posted; each of these is an entry."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.errors import NotFound
from domain.formal_notice import FormalNotice
from domain.reminder import NotReminded
from ledger.commands.formal_notices import keeping_notice, post_notice
from ledger.commands.reminders import ask_reminder
from ledger.commands.sendings import Mail
from projections import clients, reminder_lists
from projections.reminder_lists import NoticeRow, OpenRow
from projections.tx import Tx
from web import forms
from web.books import do, new_id, read
from web.days import today, zone
from web.errors import again
from web.mail import compose as mails
from web.pages import show
from web.reminders import labels, notice, plan
from web.reminders.index import BOX
from web.reminders.plan import Ask, Wanted

bp = Blueprint("formal_notices", __name__)


def page(invoice_id: UUID, values: Any = None, errors: Any = None, problem: str = "") -> Any:
    with read() as tx:
        day, row = today(tx), plan.row_of(tx, invoice_id, today(tx))
        if row is None or row.days <= 0:  # nothing is late
            return redirect(url_for("invoices.show", invoice_id=invoice_id), 303)
        others = _others(tx, row, day)
        ask = plan.ask(tx, [Wanted(one, "last") for one in (row, *others)], day, "formal_notice")
    opened = {"pay_by": notice.usual_day(day).isoformat(), "by": "post"} | {f"{BOX}{one.id}": "1" for one in others}
    return show(
        "reminders/notice_new.html", row=row, others=others, ask=ask, values=values or opened, errors=errors or {},
        problem=problem, day=day, ways=notice.SENT_AS, stop=labels.stop_pill(row, day),
        costs={item.number: item.interest_cents + item.fee_cents for item in ask.call.items},
    )  # fmt: skip


@bp.get("/factures/<uuid:invoice_id>/mise-en-demeure")
def new(invoice_id: UUID) -> Any:
    return page(invoice_id)


@bp.post("/factures/<uuid:invoice_id>/mise-en-demeure")
@again(page)
def create(invoice_id: UUID) -> AnyResponse:
    with read() as tx:
        day, row = today(tx), plan.row_of(tx, invoice_id, today(tx))
        if row is None or row.days <= 0:
            raise NotReminded(invoice_id, "settled")
        pay_by, by = _typed(day)
        chosen = [row, *(one for one in _others(tx, row, day) if f"{BOX}{one.id}" in request.form)]
        ask = plan.ask(tx, [Wanted(one, "last") for one in chosen], day, "formal_notice")
        content = notice.printed(
            tx, ask.call, row.client_id, pay_by=pay_by, by=by, reminded_before=any(one.sent for one in chosen)
        )
    notice_id = new_id("formal notice")
    do(keeping_notice(content), notice_id=notice_id, client_id=row.client_id, reminded=ask.reminded, pay_by=pay_by)
    flash("Mise en demeure établie et inscrite au registre. Il reste à l’envoyer.")
    return redirect(url_for(".show", notice_id=notice_id), 303)


def shown(notice_id: UUID, values: Any = None, errors: Any = None, problem: str = "") -> str:
    with read() as tx:
        row, day = _row(tx, notice_id), today(tx)
        open_rows = _open(tx, row, day)
        ask = plan.ask(tx, [Wanted(one, "last") for one in open_rows], day, "formal_notice") if open_rows else None
        people = mails.recipients(tx, row.client_id, set(ask.to) if ask else set())
        return show(
            "reminders/notice.html", row=row, ask=ask, day=day, zone=zone(tx), errors=errors or {}, problem=problem,
            values=values or {"posted_on": day.isoformat()}, client=clients.one(tx, row.client_id),
            numbers=_numbers(tx, row),
            mail=mails.Composed(people, ask.subject, ask.body, ask.call.numbers, "") if ask else None,
            sent=[one for one in reminder_lists.sent(tx, invoice_id=row.invoices[0]) if one.notice_id == row.id],
        )  # fmt: skip


@bp.get("/relances/mises-en-demeure/<uuid:notice_id>", endpoint="show")
def show_one(notice_id: UUID) -> str:
    return shown(notice_id)


@bp.get("/relances/mises-en-demeure/<uuid:notice_id>.pdf")
def pdf(notice_id: UUID) -> Response:
    with read() as tx:
        row = _row(tx, notice_id)
        answer = Response(notice.content(tx, row.sha256), mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=notice.file_name(row))
    return answer


@bp.post("/relances/mises-en-demeure/<uuid:notice_id>/envoyer")
@again(shown)
def send(notice_id: UUID) -> AnyResponse:
    """By mail, with the PDF. Errors: `NotReminded` when nothing is due of it any more."""
    with read() as tx:
        row, day = _row(tx, notice_id), today(tx)
        open_rows = _open(tx, row, day)
        if not open_rows:
            raise NotReminded(row.invoices[0], "settled")
        ask = plan.ask(tx, [Wanted(one, "last") for one in open_rows], day, "formal_notice")
    mail, sending_id = _mail(ask), new_id("notice mail")
    do(
        ask_reminder, sending_id=sending_id, client_id=row.client_id, reminded=ask.reminded, asked_on=day, mail=mail,
        notice_id=notice_id,
    )  # fmt: skip
    flash("La mise en demeure est confiée à la file d’envoi.")
    return redirect(url_for("outbox.show", mail_id=sending_id), 303)


@bp.post("/relances/mises-en-demeure/<uuid:notice_id>/poste")
@again(shown)
def posted(notice_id: UUID) -> AnyResponse:
    with read() as tx:
        _row(tx, notice_id)
    fields = forms.Fields(request.form)
    on, reference = fields.need("posted_on", forms.date), fields.get("reference", forms.text, "")
    fields.check()
    do(post_notice, notice_id=notice_id, posted_on=on, reference=reference)
    flash("Envoi par la poste inscrit au registre.")
    return redirect(url_for(".show", notice_id=notice_id), 303)


def _typed(day: date) -> tuple[date, str]:
    """Errors: `forms.Invalid`."""
    fields = forms.Fields(request.form)
    pay_by, by = fields.need("pay_by", forms.date), fields.need("by", forms.one_of(notice.SENT_AS))
    if pay_by and pay_by <= day:
        fields.refuse("pay_by", "Laissez au moins un jour pour payer.")
    fields.check()
    return pay_by, by


def _mail(ask: Ask) -> Mail:
    """Errors: `forms.Invalid`."""
    fields = forms.Fields(request.form)
    to = tuple(forms.uuid(name.removeprefix(mails.TO)) for name in request.form if name.startswith(mails.TO))
    if not to:
        fields.refuse("recipients", "Choisissez au moins un destinataire.")
    subject, body = fields.need("subject", forms.text), fields.need("body", forms.note)
    fields.check()
    return Mail(to=to, subject=subject, body=body, number=ask.call.label)


def _others(tx: Tx, row: OpenRow, day: date) -> list[OpenRow]:
    """The client's other invoices that are late."""
    return [
        other for other in reminder_lists.unpaid(tx, day, client_id=row.client_id)
        if other.id != row.id and other.days > 0 and plan.free(other, day)
    ]  # fmt: skip


def _open(tx: Tx, row: NoticeRow, day: date) -> list[OpenRow]:
    """What is still due of the invoices that a notice is about."""
    return [one for one in reminder_lists.unpaid(tx, day, client_id=row.client_id) if one.id in row.invoices]


def _numbers(tx: Tx, row: NoticeRow) -> list[tuple[UUID, str]]:
    sql = "SELECT number FROM read.invoices WHERE company_id = %(company)s AND id = %(id)s"
    return [(invoice_id, tx.value(sql, id=invoice_id) or "") for invoice_id in row.invoices]


def _row(tx: Tx, notice_id: UUID) -> NoticeRow:
    """Errors: `NotFound`."""
    found = reminder_lists.notices(tx, id=notice_id)
    if not found:
        raise NotFound(FormalNotice.TOPIC, notice_id)
    return found[0]
