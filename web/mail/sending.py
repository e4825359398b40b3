"""The page that sends an issued document by mail, and the preview of any mail before it leaves."""

from typing import Any, NamedTuple, cast
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, request, url_for

from documents.paper import Paper
from ledger.commands import sendings as commands
from projections import clients, files
from projections.tx import Tx
from web import forms
from web.books import do, new_id, read
from web.days import zone
from web.documents import Sheet
from web.errors import again
from web.mail import compose, message, rows, words
from web.mail.documents import address_of, sender, standing
from web.offers import Offer
from web.pages import show

# A mail is a page with a style of its own, so it gets a policy of its own: it can do nothing but be looked at.
MAIL_CSP = "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"

bp = Blueprint("sending", __name__)


class Previewed(NamedTuple):
    """A mail that is not written yet, as `message.html_of` wants it."""

    subject: str
    body: str
    link: str
    attached: bool
    number: str
    language: str


def page(kind: str, document_id: UUID, values: Any = None, errors: Any = None, problem: str = "") -> Any:
    with read() as tx:
        subject = loaded(tx, kind, document_id)
        paper, file = subject.paper, files.frozen(tx, document_id)
        if paper is None or not paper.number:
            return redirect(address_of(kind, document_id), 303)
        today = standing(tx, document_id, paper) if kind == "invoice" else paper
        mail = compose.composed(
            tx, subject.client.id, subject.content.contact_ids, today, paper.number, values or {}
        )  # fmt: skip
        return show(
            "mail/send.html", kind=kind, title=subject.title, paper=paper, file=file, mail=mail, zone=zone(tx),
            client=clients.one(tx, subject.client.id), document_id=document_id, path=address_of(kind, document_id),
            mails=rows.of_document(tx, document_id), file_name=message.file_name(paper), values=values or {},
            copies=files.copies(tx, document_id), errors=errors or {}, problem=problem,
        )  # fmt: skip


def invoice_page(document_id: UUID, values: Any = None, errors: Any = None, problem: str = "") -> Any:
    return page("invoice", document_id, values, errors, problem)


def quote_page(document_id: UUID, values: Any = None, errors: Any = None, problem: str = "") -> Any:
    return page("quote", document_id, values, errors, problem)


@bp.get("/factures/<uuid:document_id>/envoyer")
def invoice_form(document_id: UUID) -> Any:
    return invoice_page(document_id)


@bp.post("/factures/<uuid:document_id>/envoyer")
@again(invoice_page)
def invoice(document_id: UUID) -> Any:
    do(commands.mail_invoice, sending_id=new_id("mail"), invoice_id=document_id, mail=typed())
    return asked()


@bp.get("/devis/<uuid:document_id>/courrier")
def quote_form(document_id: UUID) -> Any:
    return quote_page(document_id)


@bp.post("/devis/<uuid:document_id>/courrier")
@again(quote_page)
def quote(document_id: UUID) -> Any:
    do(commands.mail_quote, sending_id=new_id("mail"), quote_id=document_id, mail=typed())
    return asked()


@bp.post("/envois/apercu/<any(quote, invoice):kind>/<uuid:document_id>")
def preview(kind: str, document_id: UUID) -> Response:
    """The mail that is typed, as its reader will see it."""
    with read() as tx:
        paper = cast(Paper, loaded(tx, kind, document_id).paper)  # its page shows no form without one
        paper = standing(tx, document_id, paper) if kind == "invoice" else paper
        reply_to = sender(tx, "").reply_to
    fields = forms.Fields(request.form)
    subject, body = fields.need("subject", forms.text), fields.need("body", forms.note)
    fields.check()
    number = request.form.get("mail_number", "")
    joined = request.form.get("joined", "file")
    link = "" if joined == "file" else url_for(".preview", kind=kind, document_id=document_id)  # it leads nowhere yet
    return looked_at(Previewed(subject, body, link, joined != "link", number, paper.language), paper, reply_to)


def looked_at(mail: message.Said, paper: Paper | message.Around, reply_to: str) -> Response:
    answer = make_response(message.html_of(mail, paper, reply_to))
    answer.headers["Content-Security-Policy"] = MAIL_CSP
    return answer


def loaded(tx: Tx, kind: str, document_id: UUID) -> Sheet | Offer:
    """Errors: `NotFound`."""
    return Offer.load(tx, document_id) if kind == "quote" else Sheet.load(tx, document_id)


def typed() -> commands.Mail:
    """Errors: `forms.Invalid`."""
    fields = forms.Fields(request.form)
    mail = compose.read(fields, request.form)
    fields.check()
    return cast(commands.Mail, mail)


def asked() -> Any:
    """On to the mail that was just asked for."""
    flash("Le message est confié à la file d’envoi : sa page dit ce qu’il devient.")
    return redirect(url_for("outbox.show", mail_id=new_id("mail")), 303)


bp.add_app_template_global(words.state, "mail_state")
bp.add_app_template_global(compose.linking, "mail_links")
bp.add_app_template_global(lambda: compose.JOINED, "mail_joined")
