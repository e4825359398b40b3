"""Documents sent by mail: asked for by a person, done by the task `send_mail`, recorded when the server has taken it.

What a mail holds stays in `jobs.mail` while it is needed; the ledger keeps that the document was sent, to whom (sealed)
and as which message.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from msgspec.structs import replace
from psycopg.types.json import Jsonb

from domain.account import NotIssued
from domain.client import Client
from domain.document import Document, document_stream
from domain.errors import DomainError, Missing, NotFound
from domain.invoice import Invoice, Reason
from domain.parties import Fact, Sealed
from domain.payment import Source
from domain.quote import Quote, QuoteState
from ledger.commands.invoices import issue_invoice
from ledger.commands.links import open_link
from ledger.commands.originals import copied_again, copy_of
from ledger.commands.quotes import send_quote
from ledger.commands.sealing import opened
from ledger.entry import Entry

AGAIN = ("held", "uncertain", "refused", "bounced")


@dataclass(eq=False)
class RecipientGone(DomainError):
    """Somebody chosen has no address any more, or is not of this client."""


@dataclass(eq=False)
class MailState(DomainError):
    """This cannot be done to a mail in this state."""

    state: str


class Mail(Fact):
    """A mail as a person wrote it. `to`: contacts of the client, or the client for its own address. `number`: that of
    the document when the text was written; it becomes the one that the document gets. `link`: a link to the client's
    page, opened with the mail; its token goes by its hash only.
    """

    to: tuple[UUID, ...]
    subject: str
    body: str
    attached: bool = True
    number: str = ""
    link: UUID | None = None
    token_hash: str = ""
    link_days: int = 0


def mail_invoice(entry: Entry, *, sending_id: UUID, invoice_id: UUID, mail: Mail) -> None:
    """Errors: `NotIssued`, `Missing`, `RecipientGone`."""
    invoice = entry.get(Invoice, invoice_id)
    if invoice.issued is None:
        raise NotIssued(invoice_id)
    copy = copy_of(entry, invoice_id, sending_id) if mail.attached else 0
    _post(entry, sending_id, invoice, invoice.issued.kind, mail, copy)


def mail_quote(entry: Entry, *, sending_id: UUID, quote_id: UUID, mail: Mail) -> None:
    """A quote that was sent, once more. Errors: `QuoteState`, `Missing`, `RecipientGone`."""
    quote = entry.get(Quote, quote_id)
    if quote.sent is None or quote.state in ("draft", "discarded"):
        raise QuoteState(quote.number, quote.state)
    _post(entry, sending_id, quote, "quote", mail)


def issue_and_mail(
    entry: Entry, *, sending_id: UUID, invoice_id: UUID, issued_on: date, base_version: int, mail: Mail,
    reason: Reason | None = None, sources: tuple[Source, ...] = (),
) -> str:  # fmt: skip
    """Both or neither: the number. Errors: those of `issue_invoice` and `mail_invoice`."""
    number = issue_invoice(
        entry, invoice_id=invoice_id, issued_on=issued_on, base_version=base_version, reason=reason, sources=sources
    )
    mail_invoice(entry, sending_id=sending_id, invoice_id=invoice_id, mail=mail)
    return number


def offer_and_mail(
    entry: Entry, *, sending_id: UUID, quote_id: UUID, sent_on: date, base_version: int, mail: Mail
) -> str:  # fmt: skip
    """Both or neither: the number. Errors: those of `send_quote` and `mail_quote`."""
    number = send_quote(entry, quote_id=quote_id, sent_on=sent_on, base_version=base_version)
    mail_quote(entry, sending_id=sending_id, quote_id=quote_id, mail=mail)
    return number


def send_again(entry: Entry, *, sending_id: UUID) -> None:
    """A mail that did not leave, or perhaps did, goes under the same Message-ID. Errors: `NotFound`, `MailState`."""
    _check_state(entry, sending_id, *AGAIN)
    copied_again(entry, sending_id)
    entry.beside(
        """
        UPDATE jobs.mail SET state = 'waiting', told = '', tries = 0, settled_at = NULL
         WHERE company_id = %(company)s AND id = %(id)s
        """,
        id=sending_id,
    )
    entry.defer("send_mail", sending_id=sending_id)


def withdraw(entry: Entry, *, sending_id: UUID) -> None:
    """A mail that has not left does not leave. Errors: `NotFound`, `MailState`."""
    _check_state(entry, sending_id, "waiting", "held")
    _settle(entry, sending_id, "withdrawn")


def note_bounce(entry: Entry, *, sending_id: UUID, told: str = "") -> None:
    """A mail came back, as a person heard or a mail server wrote. Errors: `NotFound`, `MailState`."""
    _check_state(entry, sending_id, "sent", "uncertain")
    _settle(entry, sending_id, "bounced", told)


def record_sent(
    entry: Entry, *, sending_id: UUID, document_id: UUID, revision: int, message_id: str, subjects: tuple[UUID, ...],
    addresses: tuple[str, ...], refusals: tuple[tuple[str, str], ...],
) -> None:  # fmt: skip
    """A mail server has taken the mail for these addresses, and refused others with its words. Run by the job only."""
    document = entry.get(Document, document_stream(document_id, revision))
    to = tuple(Sealed(sealed=entry.seal(who, address)) for who, address in zip(subjects, addresses, strict=True))
    document.send(to, message_id)
    entry.save(document)
    note_sent(entry, sending_id, refusals)


def note_sent(entry: Entry, sending_id: UUID, refusals: tuple[tuple[str, str], ...]) -> None:
    """The mail's row says so, with the entry that says so."""
    entry.beside(
        """
        UPDATE jobs.mail SET state = 'sent', told = '', refusals = %(refusals)s, settled_at = now()
         WHERE company_id = %(company)s AND id = %(id)s
        """,
        id=sending_id,
        refusals=Jsonb(dict(refusals)),
    )


def _post(entry: Entry, sending_id: UUID, document: Invoice | Quote, kind: str, mail: Mail, copy: int = 0) -> None:
    entry.fetch(document.content.client_id)
    client = entry.get(Client, document.content.client_id)
    numbered = replace(
        mail, subject=_numbered(mail.subject, mail, document), body=_numbered(mail.body, mail, document),
        number=document.number,
    )  # fmt: skip
    revision = document.sent.revision if isinstance(document, Quote) and document.sent else 1
    enqueue(entry, sending_id, client, numbered, kind=kind, document_id=document.id, revision=revision, copy=copy)


def enqueue(
    entry: Entry, sending_id: UUID, client: Client, mail: Mail, *, kind: str, document_id: UUID, revision: int = 1,
    copy: int = 0, notice_id: UUID | None = None,
) -> None:  # fmt: skip
    """A mail that waits, with its link and the job that sends it. Errors: `Missing`, `RecipientGone`."""
    entry.beside(
        """
        INSERT INTO jobs.mail (company_id, id, document_id, revision, kind, number, client_id, actor, language,
                               subjects, recipients, subject, body, attached, copy, link, notice_id)
        VALUES (%(company)s, %(id)s, %(document)s, %(revision)s, %(kind)s, %(number)s, %(client)s, %(actor)s,
                %(language)s, %(subjects)s, %(recipients)s, %(subject)s, %(body)s, %(attached)s, %(copy)s, %(link)s,
                %(notice)s)
        """,
        id=sending_id,
        document=document_id,
        revision=revision,
        kind=kind,
        number=mail.number,
        client=client.id,
        actor=entry.actor,
        language=client.profile.language,
        subjects=list(mail.to),
        recipients=_addresses(entry, client, mail.to),
        subject=mail.subject,
        body=mail.body,
        attached=mail.attached,
        copy=copy,
        link=str(mail.link or ""),
        notice=notice_id,
    )
    if mail.link:
        open_link(
            entry, link_id=mail.link, document_id=document_id, token_hash=mail.token_hash, days=mail.link_days
        )  # fmt: skip
    entry.defer("send_mail", sending_id=sending_id)


def _numbered(text: str, mail: Mail, document: Invoice | Quote) -> str:
    return text.replace(mail.number, document.number) if mail.number else text


def _addresses(entry: Entry, client: Client, chosen: tuple[UUID, ...]) -> list[str]:
    """Errors: `Missing`, `RecipientGone`."""
    if not chosen:
        raise Missing("recipients")
    known = {client.id: opened(entry, client.profile.card).email}
    known |= {contact.id: opened(entry, contact.card).email for contact in client.profile.contacts}
    if not all(known.get(who) for who in chosen):
        raise RecipientGone
    return [known[who] for who in chosen]


def _check_state(entry: Entry, sending_id: UUID, *states: str) -> None:
    """Errors: `NotFound`, `MailState`."""
    found = entry.rows("SELECT state FROM jobs.mail WHERE company_id = %s AND id = %s FOR UPDATE", sending_id)
    if not found:
        raise NotFound("mail", sending_id)
    if found[0][0] not in states:
        raise MailState(found[0][0])


def _settle(entry: Entry, sending_id: UUID, state: str, told: str = "") -> None:
    entry.beside(
        """
        UPDATE jobs.mail SET state = %(state)s, told = %(told)s, settled_at = now()
         WHERE company_id = %(company)s AND id = %(id)s
        """,
        id=sending_id,
        state=state,
        told=told,
    )
