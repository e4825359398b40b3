"""What a mail needs of its document: the paper that it speaks of, the file that goes with it, who writes."""

from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from documents.from_domain import invoice_paper, quote_paper
from documents.frozen import duplicate
from documents.paper import Instalment, Paper, Seller
from documents.parties import seller
from domain.company import Company
from domain.errors import NotFound
from domain.invoice import Invoice
from domain.quote import Quote
from domain.reminder import open_parts
from ledger.settings import Settings
from projections import files, persons, streams
from projections.tx import Tx
from web.days import zone
from web.mail.message import Around, Attached, Sender, file_name
from web.mail.rows import MailRow
from web.public import tokens
from web.reminders.mailed import REMINDER, enclosure, reminded_of


class Ready(NamedTuple):
    """All that a mail is made of; `file` when it goes with the mail."""

    paper: Paper | Around
    sender: Sender
    file: Attached | None


def ready(tx: Tx, mail: MailRow, address: str) -> Ready | None:
    """None while the document's file is not made. `address`: the one that mails come from.

    Errors: `NotFound` when another offer has replaced the one that the mail is about.
    """
    if mail.kind == REMINDER:
        return Ready(shown_of(tx, mail), sender(tx, address), enclosure(tx, mail))
    paper = paper_of(tx, mail)
    kept = files.frozen(tx, mail.document_id)
    content = files.content(tx, kept) if kept and kept.revision == mail.revision else None
    if content is None:
        return None
    if mail.copy:
        content = duplicate(content, mail.copy, mail.asked_at.astimezone(ZoneInfo(zone(tx))).date())
    return Ready(paper, sender(tx, address), Attached(file_name(paper), content) if mail.attached else None)


def shown_of(tx: Tx, mail: MailRow) -> Paper | Around:
    """What stands around the mail's text. Errors: `NotFound`."""
    return reminded_of(tx, mail) if mail.kind == REMINDER else paper_of(tx, mail)


def paper_of(tx: Tx, mail: MailRow) -> Paper:
    """The paper as it was issued. Errors: `NotFound` when it is another one by now."""
    training = streams.load(tx, Company, tx.company).mode == "training"
    if mail.kind == "quote":
        sent = streams.load(tx, Quote, mail.document_id).sent
        if sent is None or sent.revision != mail.revision:
            raise NotFound(Quote.TOPIC, mail.document_id)
        return quote_paper(sent, training=training, fingerprint="", opening=tx.opened)
    issued = streams.load(tx, Invoice, mail.document_id).issued
    if issued is None:
        raise NotFound(Invoice.TOPIC, mail.document_id)
    paper = invoice_paper(issued, training=training, fingerprint="", opening=tx.opened)
    return standing(tx, mail.document_id, paper)


def standing(tx: Tx, document_id: UUID, paper: Paper) -> Paper:
    """The paper with what is left to pay today, for what is said about it; what it prints itself never changes."""
    invoice = streams.load(tx, Invoice, document_id)
    if invoice.issued is None or paper.kind == "credit_note":
        return paper
    left_cents = streams.receivable(tx, invoice).outstanding_cents
    parts = open_parts(invoice.issued, left_cents)
    return replace(
        paper, payable_cents=left_cents, paid_cents=paper.gross_cents - left_cents,
        instalments=tuple(Instalment(due_on=part.due_on, amount_cents=part.cents) for part in parts),
    )  # fmt: skip


def addressed(mail: MailRow, settings: Settings) -> MailRow:
    """The mail with the whole address of its link, which is told by the link's id and our key only."""
    if not mail.link:
        return mail
    return replace(mail, link=settings.public_url.rstrip("/") + tokens.path(settings, UUID(mail.link)))


def sender(tx: Tx, address: str) -> Sender:
    identity = persons.opened(tx, streams.load(tx, Company, tx.company).identity)
    return Sender(identity.name, address, identity.email)


def writer(tx: Tx) -> Seller:
    """The company as its letters name it."""
    return seller(persons.opened(tx, streams.load(tx, Company, tx.company).identity))


def address_of(document: str, document_id: UUID) -> str:
    """The path of a document's page."""
    return f"/{'devis' if document == 'quote' else 'factures'}/{document_id}"
