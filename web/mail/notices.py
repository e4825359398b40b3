"""Mails of the service itself to one person: a confirmation, an invitation, an answer, a notice.

They leave at least once: a mail whose answer was lost is sent again under the same Message-ID. Documents go another
way, where nothing is ever sent twice (`task.py`). What a mail says is emptied when it has left, since its link may be
a secret.
"""

import logging
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import localtime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from flask import current_app, request, url_for
from jinja2 import Environment, PackageLoader, StrictUndefined
from psycopg import Connection
from psycopg.rows import class_row

from ledger.settings import Settings
from web.jobs.tasks import task
from web.jobs.workshop import Workshop
from web.mail import smtp
from web.mail.message import SEVEN_BITS, Attached, BadAddress, wire

NOBODY = UUID(int=0)  # these jobs are of no company
TRIES = 150  # a day and a night, see `jobs.tasks`; then it is given up
INSERT = """
    INSERT INTO jobs.notice
           (id, key, recipient, subject, body, link_label, link, reply_to, in_reply_to, file_name, file)
    VALUES (%(id)s, %(key)s, %(recipient)s, %(subject)s, %(body)s, %(link_label)s, %(link)s, %(reply_to)s,
            %(in_reply_to)s, %(file_name)s, %(file)s)
    ON CONFLICT (key) DO NOTHING
    """
WAITING = """
    SELECT id, recipient, subject, body, link_label, link, reply_to, in_reply_to, file_name, file, tries
      FROM jobs.notice
     WHERE id = %s AND state = 'waiting'
    """
DEFER = "SELECT jobs.defer(%s, '{send_notice}', ARRAY[jsonb_build_object('notice_id', %s::text)], current_date)"
SETTLED = """
    UPDATE jobs.notice
       SET state = %(state)s, told = %(told)s, settled_at = now(),
           recipient = '', subject = '', body = '', link = '', file = NULL
     WHERE id = %(id)s
    """


POSTPONED = "UPDATE jobs.notice SET told = %s, tries = tries + 1 WHERE id = %s"
log = logging.getLogger(__name__)


class Notice(NamedTuple):
    """A row of `jobs.notice` that has not left."""

    id: UUID
    recipient: str
    subject: str
    body: str
    link_label: str
    link: str
    reply_to: str
    in_reply_to: str
    file_name: str
    file: bytes | None
    tries: int


class NotYet(Exception):
    """The mail is tried again later; why stands in its row."""


def send(
    conn: Connection[Any],
    to: str,
    template: str,
    /,
    *,
    link: tuple[str, str] = ("", ""),
    file: Attached | None = None,
    key: str = "",
    reply_to: str = "",
    in_reply_to: str = "",
    id: UUID | None = None,
    **facts: Any,
) -> UUID:
    """Asks for a mail, in the transaction of `conn`: it leaves when that is committed.

    `template`: `templates/mail/notices/<template>.txt`, whose first line is the subject. `link`: label and address of
    the button. `key`: of mails with the same key only the first leaves. `id` also makes its `message_id`.
    """
    notice_id = id or uuid4()
    subject, _, body = _texts.get_template(f"{template}.txt").render(facts).strip().partition("\n")
    told: dict[str, Any] = {"id": notice_id, "key": key or None, "recipient": to, "subject": subject}
    told |= {
        "body": body.strip(),
        "link_label": link[0],
        "link": link[1],
        "reply_to": reply_to,
        "in_reply_to": in_reply_to,
    }
    told |= {"file_name": file.name if file else "", "file": file.content if file else None}
    if conn.execute(INSERT, told).rowcount:
        conn.execute(DEFER, (NOBODY, notice_id))
    return notice_id


def address(endpoint: str, **ids: Any) -> str:
    """The whole address of a page of this installation, for a mail."""
    settings: Settings = current_app.extensions["settings"]
    return (settings.public_url or request.host_url).rstrip("/") + url_for(endpoint, **ids)


def message_id(settings: Settings, notice_id: UUID) -> str:
    return f"<{notice_id}@{settings.mail_from.partition('@')[2] or settings.host}>"


@task("send_notice", tries=2 * TRIES)
def send_notice(shop: Workshop, company_id: UUID, notice_id: UUID) -> None:
    """Sends a mail that waits. Errors: `NotYet`, for the queue."""
    with shop.pool.connection() as conn, conn.cursor(row_factory=class_row(Notice)) as cursor:
        found = cursor.execute(WAITING, (notice_id,)).fetchone()
    if found:
        _try(shop, found)


def _try(shop: Workshop, notice: Notice) -> None:
    if not shop.settings.smtp_host:
        log.warning("no mail server is set: a mail of the service was not sent")
        _settle(shop, notice.id, "held", "")
        return
    try:
        message = build(shop.settings, notice)
        with smtp.session(shop.settings) as server:
            server.address(shop.settings.mail_from, [wire(notice.recipient)])
            server.deliver(message)
    except (BadAddress, smtp.Refused) as refused:
        _settle(shop, notice.id, "refused", str(getattr(refused, "told", "")))
    except (smtp.Later, smtp.Unknown) as later:
        if notice.tries >= TRIES:
            _settle(shop, notice.id, "refused", str(getattr(later, "told", "")))
            return
        _postpone(shop, notice.id, str(getattr(later, "told", "")))
        raise NotYet from later
    else:
        _settle(shop, notice.id, "sent", "")


def build(settings: Settings, notice: Notice) -> EmailMessage:
    """Errors: `BadAddress`."""
    message = EmailMessage(policy=SEVEN_BITS)
    message["From"] = Address("Probant", addr_spec=settings.mail_from)
    message["To"] = Address(addr_spec=wire(notice.recipient))
    if notice.reply_to:
        message["Reply-To"] = notice.reply_to
    message["Subject"] = notice.subject
    message["Date"] = localtime()
    message["Message-ID"] = message_id(settings, notice.id)
    message["Auto-Submitted"] = "auto-generated"
    if notice.in_reply_to:
        message["In-Reply-To"] = message["References"] = notice.in_reply_to
    message.set_content(f"{notice.body}\n" + (f"\n{notice.link}\n" if notice.link else ""))
    message.add_alternative(_html(notice), subtype="html")
    if notice.file is not None:
        message.add_attachment(notice.file, maintype="application", subtype="pdf", filename=notice.file_name)
    return message


def _html(notice: Notice) -> str:
    paragraphs = [paragraph.split("\n") for paragraph in notice.body.split("\n\n")]
    return _pages.get_template("notice.html").render(notice=notice, paragraphs=paragraphs)


def _settle(shop: Workshop, notice_id: UUID, state: str, told: str) -> None:
    with shop.pool.connection() as conn:
        conn.execute(SETTLED, {"id": notice_id, "state": state, "told": told})


def _postpone(shop: Workshop, notice_id: UUID, told: str) -> None:
    with shop.pool.connection() as conn:
        conn.execute(POSTPONED, (told, notice_id))


_texts = Environment(
    loader=PackageLoader("web", "templates/mail/notices"),
    autoescape=False,  # noqa: S701 - plain text
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_pages = Environment(loader=PackageLoader("web", "templates/mail"), autoescape=True, undefined=StrictUndefined)
