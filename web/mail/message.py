"""A mail as it leaves: text and HTML that say the same, the frozen file, and headers that no text can break."""

from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import partial
from typing import NamedTuple, Protocol

from jinja2 import Environment, PackageLoader, StrictUndefined

from documents.paper import Paper
from documents.titles import TITLES
from documents.words import tongue
from web.mail.rows import MailRow

SEVEN_BITS = SMTP.clone(cte_type="7bit")  # every server takes it
FACTICE = "[FACTICE] "
ENGLISH = {  # of the words around a text; French is written in the template
    "Total TTC": "Total incl. VAT", "Déjà réglé": "Already paid", "Net à payer": "Amount due",
    "Échéance": "Due by", "Valable jusqu’au": "Valid until", "Date": "Date",
    "Le document est joint à ce message.": "The document is attached to this message.",
    "Le détail est joint à ce message.": "The details are attached to this message.",
    "Ouvrir le document": "Open the document",
    "Répondre à ce message écrit à": "Replying to this message writes to",
    "Document FACTICE : exercice, sans valeur.": "FACTICE: an exercise, without any value.",
}  # fmt: skip


class Said(Protocol):
    """What a mail says, written or still being written. `link`: the client's page of the document, if there is one."""

    @property
    def subject(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def link(self) -> str: ...
    @property
    def attached(self) -> bool: ...
    @property
    def number(self) -> str: ...
    @property
    def language(self) -> str: ...


class BadAddress(Exception):
    """No mail server takes an address like this one."""


class Attached(NamedTuple):
    """The file that goes with a mail."""

    name: str
    content: bytes


class Around(NamedTuple):
    """What stands around the text of a mail. `rows`: (label, amount or day) of the table under it, the total last.
    `legal`: the pieces of the seller's identity that every letter bears (Code de commerce, R123-237 and R123-238).
    """

    seller: str
    training: bool
    caption: str
    rows: tuple[tuple[str, str], ...]
    enclosed: str = "Le document est joint à ce message."
    legal: tuple[str, ...] = ()


class Sender(NamedTuple):
    """`address`: the operator's, which the server lets us use. `name` and `reply_to`: the company's."""

    name: str
    address: str
    reply_to: str


def build(mail: MailRow, paper: Paper | Around, sender: Sender, file: Attached | None) -> EmailMessage:
    """Errors: `BadAddress`."""
    message = EmailMessage(policy=SEVEN_BITS)
    message["From"] = Address(sender.name, addr_spec=sender.address)
    message["To"] = [Address(addr_spec=wire(recipient)) for recipient in mail.recipients]
    if sender.reply_to:
        message["Reply-To"] = Address(sender.name, addr_spec=wire(sender.reply_to))
    message["Subject"] = subject_of(mail, paper)
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = mail.message_id
    message.set_content(text_of(mail, paper))
    message.add_alternative(html_of(mail, paper, sender.reply_to), subtype="html")
    if file:
        message.add_attachment(file.content, maintype="application", subtype="pdf", filename=file.name)
    return message


def wire(address: str) -> str:
    """An address as servers want it: a domain with accents in its ASCII form. Errors: `BadAddress`."""
    local, _, domain = address.rpartition("@")
    try:
        return Address(addr_spec=f"{local.encode('ascii').decode()}@{domain.encode('idna').decode()}").addr_spec
    except (ValueError, IndexError, MessageError) as error:
        raise BadAddress(address) from error


def subject_of(mail: Said, paper: Paper | Around) -> str:
    return f"{FACTICE if paper.training else ''}{mail.subject}"


def text_of(mail: Said, paper: Paper | Around) -> str:
    legal = paper.legal if isinstance(paper, Around) else paper.seller.legal
    foot = "\n".join(("-- ", *legal)) if legal else ""
    parts = (FACTICE.strip() if paper.training else "", mail.body, mail.link, foot)
    return "\n\n".join(part for part in parts if part) + "\n"


def html_of(mail: Said, paper: Paper | Around, reply_to: str) -> str:
    """A whole page with its own style, since mail programs take no other: never put into a page of ours."""
    paragraphs = [paragraph.split("\n") for paragraph in mail.body.split("\n\n")]
    return _pages.get_template("message.html").render(
        mail=mail, around=paper if isinstance(paper, Around) else around(paper, mail), words=tongue(mail.language),
        paragraphs=paragraphs, reply_to=reply_to, say=partial(said, mail.language),
    )  # fmt: skip


def said(language: str, french: str) -> str:
    """Words of ours around a text, in the client's language. Errors: `KeyError` when they were not translated."""
    return ENGLISH[french] if tongue(language).texts else french


def around(paper: Paper, mail: Said) -> Around:
    """Of a mail with a document: its dates, its total, and what is left of it where something was paid."""
    words, say = tongue(mail.language), partial(said, mail.language)
    days = {
        "Date": paper.issued_on, "Valable jusqu’au": paper.valid_until_on,
        "Échéance": paper.instalments[0].due_on if paper.instalments else None,
    }  # fmt: skip
    sums = {"Total TTC": paper.gross_cents}
    if paper.payable_cents != paper.gross_cents and paper.kind != "credit_note":
        sums |= {"Déjà réglé": paper.payable_cents - paper.gross_cents, "Net à payer": paper.payable_cents}
    return Around(
        paper.seller.name, paper.training, f"{words.say(TITLES[paper.kind])} {mail.number}",
        (*((say(name), words.day(on)) for name, on in days.items() if on),
         *((say(name), words.euros(cents)) for name, cents in sums.items())), legal=paper.seller.legal,
    )  # fmt: skip


def file_name(paper: Paper) -> str:
    """`Facture F2026-0042.pdf`; a number may hold a slash, a file's name may not."""
    return f"{tongue(paper.language).say(TITLES[paper.kind])} {paper.number.replace('/', '-')}.pdf"


_pages = Environment(
    loader=PackageLoader("web", "templates/mail"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
    lstrip_blocks=True,
)  # fmt: skip
