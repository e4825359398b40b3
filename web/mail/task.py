"""The tasks of mails: each leaves once or is known not to have left; whatever cannot be known is said, never guessed.

`waiting` → just before the server gets it: `sending` → with the entry `document.sent`, in one transaction: `sent`. Who
finds it `sending` later cannot know: `uncertain`, and only a person sends it again, under the same Message-ID.
"""

import logging
from contextlib import closing
from typing import Any
from uuid import UUID, uuid4

import psycopg

from domain.errors import NotFound
from ledger.commands.reminders import leave_reminder, record_reminder
from ledger.commands.sendings import record_sent
from web.jobs.tasks import task
from web.jobs.workshop import Workshop
from web.mail import rows, smtp
from web.mail.documents import Ready, addressed, ready
from web.mail.message import BadAddress, build, wire
from web.mail.rows import Connection, MailRow
from web.reminders.mailed import REMINDER

TRIES = 150  # a day and a night, see `jobs.tasks`; then it is given up
UNFROZEN, REPLACED = "#unfrozen", "#replaced"  # why, in words of ours: `words.py` has a sentence for each
BAD_ADDRESS, GIVEN_UP = "#address", "#given_up"  # and what follows
log = logging.getLogger(__name__)


class NotYet(Exception):
    """The mail is tried again later; why stands in its row."""


@task("send_mail", tries=2 * TRIES)
def send_mail(shop: Workshop, company_id: UUID, sending_id: UUID) -> None:
    """Sends a mail that waits. Errors: `NotYet`, for the queue."""
    with closing(psycopg.connect(shop.server.uri("probant_job"), autocommit=True)) as conn:
        if not rows.taken(conn, company_id, sending_id):
            raise NotYet
        known = rows.found(conn, company_id, sending_id)
        if known and known.state == "sending":
            rows.settle(conn, company_id, sending_id, "uncertain")
        elif known and known.state == "waiting":
            _try(shop, conn, company_id, sending_id)


@task("blank_mails", cron="17 3 * * *")
def blank_mails(shop: Workshop) -> None:
    """Empties what is no longer needed of mails, in every company."""
    with shop.pool.connection() as conn:
        for company_id in shop.companies():
            rows.blank(conn, company_id)


def _try(shop: Workshop, conn: Connection, company_id: UUID, sending_id: UUID) -> None:
    if not shop.settings.smtp_host:
        rows.settle(conn, company_id, sending_id, "held")
        return
    host = shop.settings.mail_from.partition("@")[2]
    mail = rows.begin(conn, company_id, sending_id, f"<{sending_id}.{company_id}@{host}>")
    if mail is None:
        return
    try:
        _hand_over(shop, conn, company_id, mail, _ready(shop, company_id, mail))
    except NotFound:
        rows.settle(conn, company_id, sending_id, "withdrawn", REPLACED)
    except BadAddress as bad:
        rows.settle(conn, company_id, sending_id, "refused", f"{BAD_ADDRESS} {bad}")
    except smtp.Later as later:
        if mail.tries < TRIES:
            rows.postpone(conn, company_id, sending_id, later.told)
            raise NotYet from later
        rows.settle(conn, company_id, sending_id, "refused", f"{GIVEN_UP} {later.told}")
    except smtp.Refused as refused:
        rows.settle(conn, company_id, sending_id, "refused", refused.told)
    except smtp.Unknown:
        rows.settle(conn, company_id, sending_id, "uncertain")


def _ready(shop: Workshop, company_id: UUID, mail: MailRow) -> Ready:
    """Errors: `NotFound`; `Later` while the document has no file."""
    with shop.read(company_id) as tx:
        told = ready(tx, mail, shop.settings.mail_from)
    if told is None:
        raise smtp.Later(UNFROZEN)
    return told


def _hand_over(shop: Workshop, conn: Connection, company_id: UUID, mail: MailRow, told: Ready) -> None:
    """Errors: `BadAddress`, `Later`, `Refused`, `Unknown`."""
    message = build(addressed(mail, shop.settings), told.paper, told.sender, told.file)
    wired = {wire(recipient): recipient for recipient in mail.recipients}
    with smtp.session(shop.settings) as server:
        refusals = {wired[who]: why for who, why in server.address(told.sender.address, list(wired)).items()}
        if not _leave(shop, conn, company_id, mail):  # withdrawn meanwhile
            return
        server.deliver(message)
        _record(shop, company_id, mail, refusals)


def _leave(shop: Workshop, conn: Connection, company_id: UUID, mail: MailRow) -> bool:
    """A reminder leaves under the ledger's lock, if it still asks for what is due."""
    if mail.kind == REMINDER:
        left: bool = shop.do(leave_reminder, company_id, uuid4(), sending_id=mail.id)
        return left
    return rows.leave(conn, company_id, mail.id)


def _record(shop: Workshop, company_id: UUID, mail: MailRow, refusals: dict[str, str]) -> None:
    taken = [(who, to) for who, to in zip(mail.subjects, mail.recipients, strict=True) if to not in refusals]
    told: dict[str, Any] = {
        "sending_id": mail.id, "message_id": mail.message_id, "subjects": tuple(who for who, _ in taken),
        "addresses": tuple(to for _, to in taken), "refusals": tuple(refusals.items()),
    }  # fmt: skip
    if mail.kind == REMINDER:
        shop.do(
            record_reminder, company_id, uuid4(), client_id=mail.client_id, notice_id=mail.notice_id, **told
        )  # fmt: skip
    else:
        shop.do(
            record_sent, company_id, uuid4(), document_id=mail.document_id, revision=mail.revision, **told
        )  # fmt: skip
