"""« Envois »: every mail of the company, what became of it, and what a person can do about it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, flash, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.errors import NotFound
from ledger.commands import sendings as commands
from projections import clients
from projections.tx import Tx
from web import people
from web.books import do, read
from web.days import zone
from web.errors import again
from web.lists import Listing
from web.mail import rows, words
from web.mail.documents import address_of, addressed, sender, shown_of
from web.mail.rows import TABS, MailRow
from web.mail.sending import looked_at
from web.pages import show
from web.sentences import KINDS as DOCUMENTS

KINDS = DOCUMENTS | {"reminder": "Relance"}
LABELS = {"": "Tous", "a-voir": "À voir", "en-attente": "En attente", "envoyes": "Envoyés"}

bp = Blueprint("outbox", __name__, url_prefix="/envois")


@bp.get("/")
def index() -> str:
    listing = Listing(filters=("statut",))
    if listing["statut"] not in TABS:
        listing.filters["statut"] = ""
    states = TABS[listing["statut"]]
    with read() as tx:
        tallies = rows.tallies(tx)
        mails = rows.page(tx, states, listing.size, listing.offset)
        names = {mail.client_id: client_name(tx, mail.client_id) for mail in mails}
        here = zone(tx)
    counts = {key: sum(n for state, n in tallies.items() if not TABS[key] or state in TABS[key]) for key in TABS}
    return show(
        "mail/index.html", "results", listing=listing, mails=mails, names=names, zone=here, kinds=KINDS, **around(),
        tabs_=[(key, label, counts[key]) for key, label in LABELS.items()], total=counts[listing["statut"]],
    )  # fmt: skip


def page(mail_id: UUID, values: Any = None, errors: Any = None, problem: str = "") -> str:
    with read() as tx:
        mail, here = row_of(tx, mail_id), zone(tx)
        name = client_name(tx, mail.client_id)
    return show(
        "mail/page.html", mail=mail, zone=here, client=name, problem=problem, explained=words.explained(mail, here),
        why=words.why(mail), who=people.names([mail.actor])[mail.actor], kinds=KINDS, **around(),
        path=address_of(mail.kind, mail.document_id),
    )  # fmt: skip


@bp.get("/<uuid:mail_id>", endpoint="show")
def show_one(mail_id: UUID) -> str:
    return page(mail_id)


@bp.get("/<uuid:mail_id>/message")
def read_html(mail_id: UUID) -> Response:
    """The mail as its reader sees it."""
    with read() as tx:
        mail = row_of(tx, mail_id)
        if mail.blank:
            abort(404)
        settings = current_app.extensions["settings"]
        return looked_at(addressed(mail, settings), shown_of(tx, mail), sender(tx, "").reply_to)


@bp.post("/<uuid:mail_id>/renvoyer")
@again(page)
def send_again(mail_id: UUID) -> AnyResponse:
    do(commands.send_again, sending_id=mail_id)
    flash("Le message est de nouveau confié à la file d’envoi.")
    return redirect(url_for(".show", mail_id=mail_id), 303)


@bp.post("/<uuid:mail_id>/retirer")
@again(page)
def withdraw(mail_id: UUID) -> AnyResponse:
    do(commands.withdraw, sending_id=mail_id)
    flash("Message retiré : il ne partira pas.")
    return redirect(url_for(".show", mail_id=mail_id), 303)


@bp.post("/<uuid:mail_id>/revenu")
@again(page)
def bounced(mail_id: UUID) -> AnyResponse:
    do(commands.note_bounce, sending_id=mail_id)
    flash("Retour noté : le client n’a pas reçu ce message.")
    return redirect(url_for(".show", mail_id=mail_id), 303)


def row_of(tx: Tx, mail_id: UUID) -> MailRow:
    """Errors: `NotFound`."""
    found = rows.one(tx, mail_id)
    if found is None:
        raise NotFound("mail", mail_id)
    return found


def client_name(tx: Tx, client_id: UUID) -> str:
    found = clients.one(tx, client_id)
    return found.name if found else ""


def around() -> dict[str, Any]:
    """What the pages say of the installation."""
    settings = current_app.extensions["settings"]
    return {"server": settings.smtp_host, "kept": words.KEPT, "again": commands.AGAIN}
