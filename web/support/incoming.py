"""A mail that came in, read: whose it is, what it answers, what it says; or why nothing is made of it.

What a machine sent is refused: an answer to it would be answered by it, for ever (RFC 3834).
"""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from typing import NamedTuple
from uuid import UUID

from lxml import html
from lxml.etree import LxmlError

from ledger.settings import Settings
from web.mail.smtp import one_line
from web.support import reply_to
from web.support.letters import MARKER
from web.support.words import LONGEST

ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DELIVERED = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "Resent-To")
MACHINES = ("mailer-daemon", "postmaster", "noreply", "no-reply")
BULK = ("bulk", "junk", "list", "auto_reply")
SIGNS = ("List-Id", "List-Unsubscribe", "X-Autoreply", "X-Autorespond", "X-Auto-Response-From")
INTRODUCING = re.compile(  # how mail programs introduce what they quote: Gmail, Apple, Thunderbird, Outlook
    r"[> ]*|.*(?:écrit|wrote)\s?:|(?:Le|On) .*(?:[<@].*| a| wrote)|[-_ ]*(?:Message d.origine|Original Message)?[-_ ]*"
    r"|\W*(?:De|From|Envoyé|Sent|Date|À|To|Cc|Objet|Subject)\W*\s?:.*"
)
CUT = "\n\n[Message coupé : il était trop long.]"


class Refused(Exception):
    """Nothing is made of this mail; its argument says why, in French, for the operator's log."""


class Incoming(NamedTuple):
    """A mail of a person. `ticket_id`: the request that its address names; `answers`: ids of ours that it answers."""

    message_id: str
    sender: str
    name: str
    subject: str
    body: str
    ticket_id: UUID | None
    answers: list[UUID]


def read(raw: bytes, settings: Settings) -> Incoming:
    """Errors: `Refused`."""
    mail = message_from_bytes(raw, policy=policy.default)
    if not isinstance(mail, EmailMessage):  # for the types: that policy makes no other
        raise Refused("illisible")
    name, sender = _sender(mail)
    _refuse_machines(mail, sender, settings)
    body = _without_quotes(_text(mail))
    if not body:
        raise Refused("vide")
    answered = f"{_told(mail, 'In-Reply-To')} {_told(mail, 'References')}"
    return Incoming(
        message_id=one_line(_told(mail, "Message-ID")), sender=sender, name=one_line(name)[:200] or sender,
        subject=one_line(_told(mail, "Subject"))[:200] or "(sans objet)", body=body,
        ticket_id=reply_to.ticket_of(settings, " ".join(_told(mail, field) for field in DELIVERED)),
        answers=[UUID(found) for found in ID.findall(answered)][-20:],
    )  # fmt: skip


def _sender(mail: EmailMessage) -> tuple[str, str]:
    found = [(name, address) for name, address in getaddresses([_told(mail, "From")]) if "@" in address]
    if len(found) != 1 or len(found[0][1]) > 254:
        raise Refused("sans expéditeur, ou de plusieurs")
    return found[0][0], one_line(found[0][1])


def _refuse_machines(mail: EmailMessage, sender: str, settings: Settings) -> None:
    local = sender.partition("@")[0].casefold()
    if _told(mail, "Auto-Submitted").partition(";")[0].strip().casefold() not in ("", "no"):
        raise Refused("réponse automatique")
    if _told(mail, "Precedence").strip().casefold() in BULK or any(mail[sign] is not None for sign in SIGNS):
        raise Refused("envoi en nombre")
    if _told(mail, "Return-Path").strip() == "<>" or mail.get_content_type() == "multipart/report":
        raise Refused("avis d’un serveur de courrier")
    if local in MACHINES or local.partition("+")[0] in _ours(settings, sender):
        raise Refused("envoyé par une machine")


def _ours(settings: Settings, sender: str) -> set[str]:
    """The local parts of our own addresses in the sender's domain: a mail from them would be a loop."""
    domain = sender.partition("@")[2].casefold()
    ours = (settings.mail_from, settings.support_mail)
    return {local.casefold() for local, _, where in (one.partition("@") for one in ours) if where.casefold() == domain}


def _text(mail: EmailMessage) -> str:
    """Its text part; of a mail in HTML only, the text of that."""
    part = mail.get_body(("plain", "html"))
    if part is None:
        return ""
    try:
        content = str(part.get_content())
    except (LookupError, UnicodeError):  # a character set that nobody knows
        payload = part.get_payload(decode=True)
        content = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    return _plain(content) if part.get_content_subtype() == "html" else content


def _plain(content: str) -> str:
    try:
        page = html.fromstring(content.replace("\0", "") or " ")
    except (LxmlError, ValueError):
        return ""
    for unwanted in page.xpath("//script | //style | //head"):
        unwanted.drop_tree()
    for line in page.xpath("//br | //p | //div | //tr | //li"):
        line.tail = f"\n{line.tail or ''}"
    return str(page.text_content())


def _without_quotes(text: str) -> str:
    """What stands above our line, without the line that a mail program puts before what it quotes; not too long."""
    lines = "".join(c if c == "\n" or c.isprintable() else " " for c in text.replace("\r\n", "\n")).split("\n")
    for at, line in enumerate(lines):
        if MARKER in line:
            lines = lines[:at]
            while lines and INTRODUCING.fullmatch(lines[-1].rstrip()):
                lines.pop()
            break
    whole = "\n".join(line.rstrip() for line in lines).strip()
    return whole if len(whole) <= LONGEST else whole[: LONGEST - len(CUT)] + CUT


def _told(mail: EmailMessage, field: str) -> str:
    """All values of a header; empty when there is none, or when it cannot be read."""
    try:
        return " ".join(str(value) for value in mail.get_all(field, []))
    except (ValueError, IndexError, AttributeError, TypeError):  # the library's parser of broken headers
        return ""
