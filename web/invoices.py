"""Invoices and credit notes: list, editor, page, PDF. What becomes of one is in `invoice_actions`."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from documents.page import screen
from domain.errors import NotFound
from domain.invoice import Invoice
from ledger.commands import invoices as commands
from projections import clients, invoice_lists, payments, recurring, register, reminder_lists, streams
from projections.invoice_lists import InvoiceRow
from projections.listing import Filter, sum_of
from projections.tx import Tx
from web import ages, documents, editor, files, periods, related
from web.books import do, read
from web.days import today, zone
from web.documents import Sheet
from web.errors import again
from web.exports import csv_file
from web.filters import amount
from web.labels import STATUSES, Status, due_status
from web.lists import Listing
from web.mail import rows as mails
from web.pages import show
from web.public import links as client_links
from web.reminders import stops as reminder_stops
from web.sentences import KINDS
from web.timeline import moments

TABS: dict[str, tuple[str, tuple[str, ...]]] = {  # by the word of the address: the label, the statuses
    "": ("Toutes", ()),
    "brouillons": ("Brouillons", ("draft",)),
    "a-encaisser": ("À encaisser", ("issued", "partly_paid", "late")),
    "en-retard": ("En retard", ("late",)),
    "payees": ("Payées", ("paid",)),
    "avoirs": ("Avoirs", ()),
}
FILTERS = ("statut", "client", "periode", "age", "du", "au", "min", "max")
SORTS = tuple(key for key in invoice_lists.SORTS if not key.startswith("-"))
CHOICES = 500  # clients in the filter; beyond, the search finds them by name

bp = Blueprint("invoices", __name__)


@bp.get("/factures")
def index() -> str:
    listing = asked()
    with read() as tx:
        day, wanted = today(tx), chosen(listing, tx)
        totals = invoice_lists.totals(tx, wanted, day)
        rows = invoice_lists.page(tx, wanted, day, sort=listing.sort, limit=listing.size, offset=listing.offset)
        counts = tab_counts(tx, listing)
        people = clients.choices(tx, limit=CHOICES)
        asked_for = clients.one(tx, wanted.client_id) if wanted.client_id else None
        reminded = reminder_lists.last(tx, [row.id for row in rows])
    return show(
        "invoices/index.html", "results", listing=listing, rows=rows, tabs_=counts, periods=periods.PERIODS, day=day,
        ages=ages.AGES, reminded=reminded,
        people={str(person.id): person.name for person in filter(None, (*people, asked_for))},
        total=sum_of(totals, wanted.statuses),
    )  # fmt: skip


@bp.get("/factures.csv")
def export() -> Response:
    listing = asked()
    with read() as tx:
        day = today(tx)
        rows = invoice_lists.page(tx, chosen(listing, tx), day, sort=listing.sort, limit=None)
    header = ("Numéro", "Document", "Client", "Objet", "Émise le", "Échéance", "Total HT", "Total TTC", "Reste dû",
              "Statut")  # fmt: skip
    return csv_file("factures", header, (
        (row.number, KINDS[row.kind], row.client, row.subject, row.issued_on, row.due_on, amount(row.net_cents),
         amount(row.gross_cents), amount(row.outstanding_cents), status(row).label)
        for row in rows
    ))  # fmt: skip


def new_form(values: Any = None, errors: Any = None, problem: str = "") -> str:
    return editor.page("invoice", values or {}, errors, problem, action=url_for(".create"))


@bp.get("/factures/nouvelle")
def new() -> str:
    return new_form()


def created_form(values: Any = None, errors: Any = None, problem: str = "") -> str:
    """The form again; over the document that it made already, when it was sent before with another content."""
    made = editor.document_id()
    with read() as tx:
        known = invoice_lists.one(tx, made, today(tx))
    return edit_form(made, values, errors, problem) if known else new_form(values, errors, problem)


@bp.post("/factures/nouvelle")
@again(created_form)
def create() -> Any:
    if answer := editor.pressed("invoice"):
        return answer
    content, invoice_id = editor.read(request.form).checked(), editor.document_id()
    do(commands.draft_invoice, invoice_id=invoice_id, kind="invoice", content=content)
    return saved(invoice_id)


def edit_form(invoice_id: UUID, values: Any = None, errors: Any = None, problem: str = "") -> str:
    action = url_for(".change", invoice_id=invoice_id)
    return editor.page(
        kind_of(invoice_id), values or {}, errors, problem, action=action, document=(Invoice, invoice_id)
    )


@bp.get("/factures/<uuid:invoice_id>/modifier")
def edit(invoice_id: UUID) -> Any:
    with read() as tx:
        invoice = streams.load(tx, Invoice, invoice_id)
    if invoice.issued or invoice.discarded:  # the page of what is final says why, and what can be done
        return redirect(url_for(".show", invoice_id=invoice_id), 303)
    return edit_form(invoice_id)


@bp.post("/factures/<uuid:invoice_id>/modifier")
@again(edit_form)
def change(invoice_id: UUID) -> Any:
    if answer := editor.pressed(kind_of(invoice_id), (Invoice, invoice_id)):
        return answer
    content = editor.read(request.form).checked()
    do(commands.revise_invoice, invoice_id=invoice_id, content=content, base_version=editor.base_version())
    return saved(invoice_id)


def saved(invoice_id: UUID) -> AnyResponse:
    """On to the issuing page by the green button, else to the draft."""
    editor.saved(invoice_id)
    if request.form.get("suite"):
        return redirect(url_for("invoice_actions.issue_form", invoice_id=invoice_id), 303)
    flash("Brouillon enregistré.")
    return redirect(url_for(".show", invoice_id=invoice_id), 303)


def page(invoice_id: UUID, values: Any = None, errors: Any = None, problem: str = "") -> str:
    """The document, its life, its account, what can be done with it."""
    with read() as tx:
        sheet, here = Sheet.load(tx, invoice_id), zone(tx)
        row = row_of(tx, invoice_id)
        draft = row.status == "draft"
        lacks, unpriced = documents.gaps(tx, sheet) if draft else ([], "")
        return show(
            "invoices/page.html", sheet=sheet, row=row, paper=sheet.paper and screen(sheet.paper), lacks=lacks,
            unpriced=unpriced, settlements=payments.settlements_on(tx, invoice_id), zone=here, problem=problem,
            used=payments.settlements_of(tx, invoice_id) if row.kind == "credit_note" else [],
            related=related.of(tx, row, sheet.day), maker=recurring.maker_of(tx, invoice_id),
            moments=moments(register.about(tx, invoice_id)),
            work=files.Paperwork.load(tx, invoice_id),
            reasons=files.REASONS, mails=mails.of_document(tx, invoice_id),
            client_links=client_links.of_document(tx, invoice_id), chase=reminder_stops.chase(tx, invoice_id),
        )  # fmt: skip


@bp.get("/factures/<uuid:invoice_id>", endpoint="show")
def show_one(invoice_id: UUID) -> str:
    return page(invoice_id)


@bp.get("/factures/<uuid:invoice_id>.pdf")
def pdf(invoice_id: UUID) -> AnyResponse:
    """The frozen file; of a draft, a preview. Its page when there is neither yet."""
    if frozen := files.pdf(invoice_id):
        return frozen
    with read() as tx:
        sheet = Sheet.load(tx, invoice_id)
    if sheet.paper and not sheet.invoice.issued:
        return documents.preview(sheet.paper)
    return redirect(url_for(".show", invoice_id=invoice_id), 303)


@bp.app_template_global("invoice_status")
def status(row: InvoiceRow, day: Any = None) -> Status:
    """The pill of an invoice or credit note; with the `day`, how long it still has to be paid."""
    if row.status == "late":
        return due_status(row.days_late)
    if row.status == "issued" and day and row.due_on:
        return due_status((day - row.due_on).days)
    return STATUSES["invoice"][row.status]


def row_of(tx: Tx, invoice_id: UUID) -> InvoiceRow:
    """Errors: `NotFound`."""
    row = invoice_lists.one(tx, invoice_id, today(tx))
    if row is None:
        raise NotFound(Invoice.TOPIC, invoice_id)
    return row


def kind_of(invoice_id: UUID) -> str:
    with read() as tx:
        return row_of(tx, invoice_id).kind


def asked() -> Listing:
    listing = Listing(filters=FILTERS, sorts=SORTS, default="-issued_on")
    if listing["statut"] not in TABS:
        listing.filters["statut"] = ""
    return listing


def chosen(listing: Listing, tx: Tx, statut: str | None = None) -> Filter:
    """The filter of an address."""
    tab = listing["statut"] if statut is None else statut
    kinds = ("credit_note",) if tab == "avoirs" else ()
    narrowed = periods.narrowed(listing.filters, today(tx))
    return Filter(statuses=TABS[tab][1], kinds=kinds, days_late=ages.bounds(listing["age"]), **narrowed)


def tab_counts(tx: Tx, listing: Listing) -> list[tuple[str, str, int]]:
    """Key, label and count of each tab, for the other filters that are set."""
    day = today(tx)
    every = invoice_lists.totals(tx, chosen(listing, tx, ""), day)
    avoirs = invoice_lists.totals(tx, chosen(listing, tx, "avoirs"), day)
    return [
        (key, label, sum_of(avoirs if key == "avoirs" else every, statuses).count)
        for key, (label, statuses) in TABS.items()
    ]
