"""« Récurrences »: what is invoiced again and again; list, page, editor, pause."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from domain.errors import NotFound
from domain.recurring import Recurring
from ledger.commands import recurring as commands
from projections import clients, recurring, register, streams
from projections.recurring import RecurringRow
from projections.tx import Tx
from web import editor, editor_fields, forms, recurring_form
from web.books import do, read
from web.days import today, zone
from web.documents import Sheet
from web.errors import again
from web.exports import csv_file
from web.filters import amount, plural
from web.invoice_copy import copied
from web.labels import STATUSES
from web.lists import Listing
from web.pages import show
from web.timeline import moments

TABS = {
    "": ("Toutes", ()),
    "actives": ("Actives", ("active",)),
    "en-pause": ("En pause", ("paused",)),
    "terminees": ("Terminées", ("finished", "ended")),
}
UPCOMING = 6  # dates shown to come
RHYTHMS = {1: "Chaque mois", 3: "Chaque trimestre", 6: "Chaque semestre", 12: "Chaque année"}

bp = Blueprint("recurring", __name__)


@bp.get("/recurrences")
def index() -> str:
    listing = asked()
    with read() as tx:
        every = recurring.every(tx, listing["q"])
        refusals, day = recurring.refusals(tx), today(tx)
    rows = chosen(every, listing["etat"])
    counts = [(key, label, len(chosen(every, key))) for key, (label, _) in TABS.items()]
    return show(
        "recurring/index.html", "results", listing=listing, rows=rows[listing.offset : listing.offset + listing.size],
        counts=counts, total=len(rows), yearly_cents=sum(row.yearly_cents for row in rows), refusals=refusals, day=day,
    )  # fmt: skip


@bp.get("/recurrences.csv")
def export() -> Response:
    listing = asked()
    with read() as tx:
        rows = chosen(recurring.every(tx, listing["q"]), listing["etat"])
    header = ("Client", "Objet", "Rythme", "Prochaine facture", "Factures faites", "Montant HT", "Par an HT", "État")
    return csv_file("recurrences", header, (
        (row.client, row.subject, rhythm(row), row.next_on, row.made, amount(row.net_cents), amount(row.yearly_cents),
         STATUSES["recurring"][row.state].label)
        for row in rows
    ))  # fmt: skip


def new_form(values: Any = None, errors: Any = None, problem: str = "") -> str:
    return editor.page("recurring", values or {}, errors, problem, action=url_for(".create"), begun=begun())


@bp.get("/recurrences/nouvelle")
def new() -> str:
    return new_form()


@bp.post("/recurrences/nouvelle")
@again(new_form)
def create() -> Any:
    if answer := editor.pressed("recurring"):
        return answer
    plan, recurring_id = recurring_form.read(request.form), editor.document_id()
    source = request.form.get("copied_from")
    do(
        commands.define_recurring, recurring_id=recurring_id, plan=plan,
        copied_from=forms.uuid(source) if source else None,
    )  # fmt: skip
    editor.saved(recurring_id)
    flash("Récurrence créée. Chaque facture paraîtra à sa date, et ici.")
    return redirect(url_for(".show", recurring_id=recurring_id), 303)


@bp.get("/recurrences/<uuid:recurring_id>", endpoint="show")
def page(recurring_id: UUID, values: Any = None, errors: Any = None, problem: str = "") -> str:
    with read() as tx:
        row = row_of(tx, recurring_id)
        found = streams.load(tx, Recurring, recurring_id)
        ranks = range(found.next_rank, found.next_rank + UPCOMING)
        coming = [on for rank in ranks if not found.ended and (on := found.plan.schedule.date_of(rank))]
        people = {contact.id: contact for contact in clients.contacts(tx, row.client_id)}
        return show(
            "recurring/page.html", row=row, coming=coming, made=recurring.made_by(tx, recurring_id), problem=problem,
            refusals=recurring.refusals(tx, recurring_id), moments=moments(register.about(tx, recurring_id)),
            zone=zone(tx), day=today(tx),
            to=[people[who].email for who in plan_contacts(row) if who in people and people[who].email],
        )  # fmt: skip


def edit_form(recurring_id: UUID, values: Any = None, errors: Any = None, problem: str = "") -> str:
    return editor.page(
        "recurring", values or {}, errors, problem, action=url_for(".change", recurring_id=recurring_id),
        document=(Recurring, recurring_id), beside=recurring_form.beside,
    )  # fmt: skip


@bp.get("/recurrences/<uuid:recurring_id>/modifier")
def edit(recurring_id: UUID) -> str:
    return edit_form(recurring_id)


@bp.post("/recurrences/<uuid:recurring_id>/modifier")
@again(edit_form)
def change(recurring_id: UUID) -> Any:
    with read() as tx:
        row_of(tx, recurring_id)
    if answer := editor.pressed("recurring", (Recurring, recurring_id)):
        return answer
    plan = recurring_form.read(request.form)
    do(commands.revise_recurring, recurring_id=recurring_id, plan=plan, base_version=editor.base_version())
    editor.saved(recurring_id)
    flash("Récurrence enregistrée. Les factures déjà faites ne changent pas.")
    return redirect(url_for(".show", recurring_id=recurring_id), 303)


@bp.post("/recurrences/<uuid:recurring_id>/pause")
@again(page)
def pause(recurring_id: UUID) -> Response:
    do(commands.pause_recurring, recurring_id=recurring_id)
    flash("Récurrence en pause : rien n’est facturé jusqu’à sa reprise.")
    return redirect(url_for(".show", recurring_id=recurring_id), 303)


@bp.post("/recurrences/<uuid:recurring_id>/reprendre")
@again(page)
def resume(recurring_id: UUID) -> Response:
    skipped = do(commands.resume_recurring, recurring_id=recurring_id)
    told = f"{plural(skipped, 'date passée', 'dates passées')}, sans facture : " if skipped else ""
    flash(f"Récurrence reprise. {told}rien n’est rattrapé." if told else "Récurrence reprise.")
    return redirect(url_for(".show", recurring_id=recurring_id), 303)


@bp.post("/recurrences/<uuid:recurring_id>/arreter")
@again(page)
def end(recurring_id: UUID) -> Response:
    do(commands.end_recurring, recurring_id=recurring_id)
    flash("Récurrence arrêtée : elle ne fera plus de facture. Celles qu’elle a faites restent.")
    return redirect(url_for(".show", recurring_id=recurring_id), 303)


def begun() -> dict[str, str]:
    """What a new one begins with: the invoice that the address names, else the company's habits."""
    with read() as tx:
        start = editor.begun(tx) | recurring_form.begun(today(tx))
        if source := request.args.get("facture"):
            sheet = Sheet.load(tx, forms.uuid(source))
            _, content = copied(sheet.invoice, sheet.content)
            start |= editor_fields.values(content) | {"copied_from": source}
    return start


def plan_contacts(row: RecurringRow) -> tuple[UUID, ...]:
    return row.plan.content.contact_ids


@bp.app_template_global("recurring_choices")
def form_choices() -> dict[str, dict[str, str]]:
    return {"rhythms": recurring_form.RHYTHMS, "doings": recurring_form.DOINGS, "periods": recurring_form.PERIODS}


@bp.app_template_global("recurring_rhythm")
def rhythm(row: RecurringRow) -> str:
    months = row.plan.schedule.every_months
    return RHYTHMS.get(months, f"Tous les {months} mois")


def row_of(tx: Tx, recurring_id: UUID) -> RecurringRow:
    """Errors: `NotFound`."""
    row = recurring.one(tx, recurring_id)
    if row is None:
        raise NotFound(Recurring.TOPIC, recurring_id)
    return row


def asked() -> Listing:
    listing = Listing(filters=("etat",))
    if listing["etat"] not in TABS:
        listing.filters["etat"] = ""
    return listing


def chosen(rows: list[RecurringRow], tab: str) -> list[RecurringRow]:
    states = TABS[tab][1]
    return [row for row in rows if not states or row.state in states]
