"""Quotes: list, editor, page, sending, PDF. What becomes of one is in `quote_actions`."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from documents.page import screen
from domain.errors import NotFound
from domain.quote import Quote
from ledger.commands import quotes as commands
from ledger.commands.sendings import offer_and_mail
from projections import clients, invoice_lists, numbers, persons, quotes, register
from projections.listing import Filter, sum_of
from projections.tx import Tx
from web import documents, editor, files, forms, periods
from web.books import do, new_id, read
from web.days import today, zone
from web.errors import again
from web.exports import csv_file
from web.filters import amount
from web.labels import STATUSES
from web.lists import Listing
from web.mail import compose
from web.mail import rows as mails
from web.offers import Offer
from web.pages import show
from web.public import answers
from web.public import links as client_links
from web.sentences import KINDS
from web.timeline import moments

TABS: dict[str, tuple[str, tuple[str, ...]]] = {  # by the word of the address: the label, the statuses
    "": ("Tous", ()),
    "brouillons": ("Brouillons", ("draft",)),
    "envoyes": ("Envoyés", ("sent",)),
    "acceptes": ("Acceptés", ("accepted",)),
    "refuses": ("Refusés", ("declined",)),
    "expires": ("Expirés", ("expired",)),
    "factures": ("Facturés", ("invoiced",)),
}
FILTERS = ("statut", "client", "periode", "du", "au", "min", "max")
SORTS = tuple(key for key in quotes.SORTS if not key.startswith("-"))
CHOICES = 200  # clients in the filter; beyond, the search finds them by name

bp = Blueprint("quotes", __name__)


@bp.get("/devis")
def index() -> str:
    listing = asked()
    with read() as tx:
        day, wanted = today(tx), chosen(listing, tx)
        totals = quotes.totals(tx, wanted, day)
        rows = quotes.page(tx, wanted, day, sort=listing.sort, limit=listing.size, offset=listing.offset)
        people = clients.choices(tx, limit=CHOICES)
        asked_for = clients.one(tx, wanted.client_id) if wanted.client_id else None
    tabs = [(key, label, sum_of(totals, statuses).count) for key, (label, statuses) in TABS.items()]
    return show(
        "quotes/index.html", "results", listing=listing, rows=rows, tabs_=tabs, periods=periods.PERIODS,
        people={str(person.id): person.name for person in filter(None, (*people, asked_for))},
        total=sum_of(totals, TABS[listing["statut"]][1]),
    )  # fmt: skip


@bp.get("/devis.csv")
def export() -> Response:
    listing = asked()
    with read() as tx:
        rows = quotes.page(tx, chosen(listing, tx), today(tx), sort=listing.sort, limit=None)
    header = ("Numéro", "Client", "Objet", "Envoyé le", "Valable jusqu’au", "Total HT", "Total TTC",
              "Reste à facturer", "Statut")  # fmt: skip
    return csv_file("devis", header, (
        (row.number, row.client, row.subject, row.sent_on, row.valid_until, amount(row.net_cents),
         amount(row.gross_cents), amount(row.left_cents), STATUSES["quote"][row.status].label)
        for row in rows
    ))  # fmt: skip


def new_form(values: Any = None, errors: Any = None, problem: str = "") -> str:
    return editor.page("quote", values or {}, errors, problem, action=url_for(".create"))


@bp.get("/devis/nouveau")
def new() -> str:
    return new_form()


@bp.post("/devis/nouveau")
@again(new_form)
def create() -> Any:
    if answer := editor.pressed("quote"):
        return answer
    content, quote_id = editor.read(request.form).checked(), editor.document_id()
    do(commands.draft_quote, quote_id=quote_id, content=content)
    return saved(quote_id)


def edit_form(quote_id: UUID, values: Any = None, errors: Any = None, problem: str = "") -> str:
    action = url_for(".change", quote_id=quote_id)
    return editor.page("quote", values or {}, errors, problem, action=action, document=(Quote, quote_id))


@bp.get("/devis/<uuid:quote_id>/modifier")
def edit(quote_id: UUID) -> str:
    return edit_form(quote_id)


@bp.post("/devis/<uuid:quote_id>/modifier")
@again(edit_form)
def change(quote_id: UUID) -> Any:
    if answer := editor.pressed("quote", (Quote, quote_id)):
        return answer
    content = editor.read(request.form).checked()
    do(commands.revise_quote, quote_id=quote_id, content=content, base_version=editor.base_version())
    return saved(quote_id)


def saved(quote_id: UUID) -> Response:
    """On to the sending page by the green button, else to the quote."""
    editor.saved(quote_id)
    if not request.form.get("suite"):
        flash("Brouillon de devis enregistré.")
    return redirect(url_for(".send_form" if request.form.get("suite") else ".show", quote_id=quote_id), 303)


def page(quote_id: UUID, values: Any = None, errors: Any = None, problem: str = "") -> str:
    """The quote, its paper, what can be done with it; a refused action shows again what was typed."""
    with read() as tx:
        offer = Offer.load(tx, quote_id)
        row = quotes.one(tx, quote_id, offer.day)
        if row is None:
            raise NotFound("quote", quote_id)
        drawn = invoice_lists.of_quote(tx, quote_id, offer.day)
        entries, here, work = register.about(tx, quote_id), zone(tx), files.Paperwork.load(tx, quote_id)
        sendings, opened = mails.of_document(tx, quote_id), client_links.of_document(tx, quote_id)
        answer = answers.signed(tx, offer.quote)
        order, refused = (persons.opened_text(tx, text) for text in (offer.quote.order, offer.quote.reason))
    in_situations = any(invoice.kind == "progress" for invoice in drawn)
    return show(
        "quotes/page.html", offer=offer, row=row, drawn=drawn, in_situations=in_situations, moments=moments(entries),
        zone=here, order=order, refused=refused, work=work, reasons=files.REASONS, mails=sendings,
        client_links=opened, answer=answer,
        kinds=KINDS, paper=offer.paper and screen(offer.paper), values=values or {},
        errors=errors or {}, problem=problem,
    )  # fmt: skip


@bp.get("/devis/<uuid:quote_id>", endpoint="show")
def show_one(quote_id: UUID) -> str:
    return page(quote_id)


def sending(quote_id: UUID, values: Any = None, errors: Any = None, problem: str = "") -> str:
    with read() as tx:
        offer = Offer.load(tx, quote_id)
        sent = offer.quote.sent
        number = sent.number if sent else numbers.upcoming(tx, offer.company, "quote", offer.day)
        row = clients.one(tx, offer.client.id)
        mail = compose.composed(tx, offer.client.id, offer.content.contact_ids, offer.paper, number, values or {})
    return show(
        "quotes/send.html", offer=offer, number=number, client=row, paper=offer.paper and screen(offer.paper),
        mail=mail, values=values or {},
        errors=errors or {}, problem=problem,
    )  # fmt: skip


@bp.get("/devis/<uuid:quote_id>/envoyer")
def send_form(quote_id: UUID) -> str:
    return sending(quote_id)


@bp.post("/devis/<uuid:quote_id>/envoyer")
@again(sending)
def send(quote_id: UUID) -> Any:
    fields = forms.Fields(request.form)
    sent_on, base_version = fields.need("sent_on", forms.date), request.form.get("base_version", 0, int)
    mail = compose.read(fields, request.form) if request.form.get("envoyer") else None
    fields.check()
    offered = {"quote_id": quote_id, "sent_on": sent_on, "base_version": base_version}
    if mail:
        number = do(offer_and_mail, sending_id=new_id("mail"), mail=mail, **offered)
        flash(f"Devis {number} confié à la file d’envoi. Notez ici la réponse du client quand elle arrive.")
    else:
        number = do(commands.send_quote, **offered)
        flash(f"Devis {number} inscrit comme envoyé. Notez ici la réponse du client quand elle arrive.")
    return redirect(url_for(".show", quote_id=quote_id), 303)


@bp.get("/devis/<uuid:quote_id>.pdf")
def pdf(quote_id: UUID) -> Response:
    """The frozen file of what was sent; of a draft, a preview. Its page when there is neither yet."""
    with read() as tx:
        offer = Offer.load(tx, quote_id)
    draft = offer.quote.state == "draft"
    if not draft and (frozen := files.pdf(quote_id)):
        return frozen
    if offer.paper and draft:
        return documents.preview(offer.paper)
    return redirect(url_for(".show", quote_id=quote_id), 303)


def asked() -> Listing:
    listing = Listing(filters=FILTERS, sorts=SORTS, default="-sent_on")
    if listing["statut"] not in TABS:
        listing.filters["statut"] = ""
    return listing


def chosen(listing: Listing, tx: Tx) -> Filter:
    """The filter of an address."""
    return Filter(statuses=TABS[listing["statut"]][1], **periods.narrowed(listing.filters, today(tx)))
