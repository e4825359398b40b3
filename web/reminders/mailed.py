"""A reminder on its way out: the table under its text, and the PDF that goes with it."""

from datetime import date
from uuid import UUID

from documents.parties import seller
from domain.company import Company
from projections import persons, reminder_lists, streams
from projections.tx import Row, Tx
from web.mail.message import Around, Attached
from web.mail.rows import MailRow
from web.reminders import notice, statement
from web.reminders.call import Call, Item, around

REMINDER = "reminder"  # the kind of these mails


class AskedRow(Row, frozen=True):
    """An invoice in a mail, as its text says it."""

    kind: str
    number: str
    issued_on: date
    due_on: date
    due_cents: int
    asked_on: date


ASKED = """
    SELECT i.kind, i.number, i.issued_on, r.due_on, r.due_cents, r.asked_on
      FROM jobs.reminder r JOIN read.invoices i ON i.company_id = r.company_id AND i.id = r.invoice_id
     WHERE r.company_id = %(company)s AND r.mail_id = %(id)s
     ORDER BY r.due_on, i.number
    """


def reminded_of(tx: Tx, mail: MailRow) -> Around:
    company, rows = streams.load(tx, Company, tx.company), tx.rows(AskedRow, ASKED, id=mail.id)
    items = tuple(Item(row.kind, row.number, row.issued_on, row.due_on, row.due_cents) for row in rows)
    writer = seller(persons.opened(tx, company.identity))
    training = company.mode == "training"
    return around(Call(writer.name, "", mail.language, training, rows[0].asked_on, items, legal=writer.legal))


def enclosure(tx: Tx, mail: MailRow) -> Attached | None:
    """The formal notice that the mail is about, else the statement of today, if it goes with it."""
    if mail.notice_id:
        return _notice(tx, mail.notice_id)
    return statement.file(tx, mail.client_id) if mail.attached else None


def _notice(tx: Tx, notice_id: UUID) -> Attached | None:
    (row,) = reminder_lists.notices(tx, id=notice_id)
    return Attached(notice.file_name(row), notice.content(tx, row.sha256))
