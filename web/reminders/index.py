"""« Relances »: what is to be reminded of, what is stopped, what was sent; several at once by their boxes."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.reminder_policy import Policy, next_step, suggested
from ledger.commands.reminders import Asked, ask_reminders
from projections import reminder_lists
from projections.reminder_lists import OpenRow
from projections.tx import Tx
from web import forms, late_rates
from web.books import do, new_id, read
from web.days import today, zone
from web.filters import plural
from web.lists import Listing
from web.pages import show
from web.reminders import labels, plan, statement
from web.reminders.plan import Wanted

BOX = "i."
FIRST = 100  # unpaid invoices that are read at first
LABELS = {"": "À relancer", "retard": "En retard", "arretees": "Suspendues", "envoyees": "Envoyées",
          "demeures": "Mises en demeure"}  # fmt: skip

bp = Blueprint("reminders", __name__)


@bp.get("/relances")
def index() -> str:
    listing = Listing(filters=("etat",))
    if listing["etat"] not in LABELS:
        listing.filters["etat"] = ""
    with read() as tx:
        day, here, policy = today(tx), zone(tx), reminder_lists.policy(tx)
        rows, stale = reminder_lists.unpaid(tx, day), late_rates.stale(tx)
        lists = {key: [row for row in rows if chosen(row)] for key, chosen in _tabs(tx, rows, day).items()}
        sent_count, notices = reminder_lists.count_sent(tx), reminder_lists.notices(tx)
        sent = (
            reminder_lists.sent(tx, limit=listing.size, offset=listing.offset) if listing["etat"] == "envoyees" else []
        )
    counts = {key: len(found) for key, found in lists.items()} | {"envoyees": sent_count, "demeures": len(notices)}
    shown = lists.get(listing["etat"], [])
    return show(
        "reminders/index.html", "results", listing=listing, day=day, zone=here, policy=policy, sent=sent,
        rows=shown[listing.offset : listing.offset + listing.size], notices=notices, labels=labels,
        due_cents=sum(row.due_cents for row in shown), total=counts[listing["etat"]], upcoming=upcoming(policy, day),
        tabs_=[(key, label, counts[key]) for key, label in LABELS.items()], free=plan.free,
        server=current_app.extensions["settings"].smtp_host, stale=stale,
    )  # fmt: skip


@bp.post("/relances/envoyer")
def send_all() -> AnyResponse:
    """Those whose box is ticked, each in the tone that follows, in our words."""
    chosen = {forms.uuid(name.removeprefix(BOX)) for name in request.form if name.startswith(BOX)}
    if not chosen:
        flash("Cochez les factures à relancer.", "error")
        return redirect(url_for(".index"), 303)
    with read() as tx:
        policy, day = reminder_lists.policy(tx), today(tx)
        rows = [row for row in reminder_lists.unpaid(tx, day) if row.id in chosen and plan.free(row, day)]
        wanted = [Wanted(row, suggested(policy.levels, row.days, row.reached)) for row in rows]
        asks = [plan.ask(tx, group, day) for group in plan.grouped(wanted, policy)]
        told = [_told(one, policy) for one in asks if one.to]
    asked: int = do(ask_reminders, asks=tuple(told)) if told else 0
    _say(asked, len(asks) - len(told))
    return redirect(url_for(".index"), 303)


@bp.get("/clients/<uuid:client_id>/releve.pdf")
def statement_file(client_id: UUID) -> Response:
    """The client's statement of today."""
    with read() as tx:
        made = statement.file(tx, client_id)
    answer = Response(made.content, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=made.name)
    return answer


def due_now(tx: Tx, day: date, count: int) -> list[OpenRow]:
    """What a person would remind of today, the longest due first: `count` at most. The whole of what is unpaid is read
    only where the first ones do not hold as many.
    """
    policy = reminder_lists.policy(tx)
    rows = reminder_lists.unpaid(tx, day, limit=FIRST)
    found = plan.due(rows, policy, day)
    if len(found) < count and len(rows) == FIRST:
        found = plan.due(reminder_lists.unpaid(tx, day), policy, day)
    return [one.row for one in found[:count]]


def upcoming(policy: Policy, day: date) -> Callable[[OpenRow], str]:
    """Says of an invoice which reminder comes next, and when."""

    def said(row: OpenRow) -> str:
        found = next_step(policy.levels, row.days, row.reached)
        if found is None or not plan.free(row, day):
            return ""
        level, after = found
        return f"{labels.LEVELS[level]}, {_when(after - row.days)}"

    return said


def _when(days: int) -> str:
    return "aujourd’hui" if days <= 0 else "demain" if days == 1 else f"dans {plural(days, 'jour')}"


def _tabs(tx: Tx, rows: list[OpenRow], day: date) -> dict[str, Callable[[OpenRow], bool]]:
    now = {one.row.id for one in plan.due(rows, reminder_lists.policy(tx), day)}
    return {
        "": lambda row: row.id in now,
        "retard": lambda row: row.days > 0,
        "arretees": lambda row: row.doubtful or row.stopped(day) or not row.wanted,
    }


def _told(one: plan.Ask, policy: Policy) -> Asked:
    sending_id = new_id(f"reminder {one.reminded[0].invoice_id}")
    return Asked(**plan.request(one, policy, current_app.extensions["settings"], sending_id))


def _say(asked: int, without_address: int) -> None:
    if asked:
        flash(f"{plural(asked, 'relance confiée', 'relances confiées')} à la file d’envoi.")
    if without_address:
        flash(f"{plural(without_address, 'relance')} sans destinataire : ajoutez une adresse à la fiche du client.",
              "error")  # fmt: skip
    if not asked and not without_address:
        flash("Rien à relancer parmi ces factures : elles ont été réglées, suspendues ou déjà relancées.", "error")
