"""The mails of `jobs.mail`: what pages show of them, and the steps that the worker notes."""

from datetime import datetime
from uuid import UUID

import psycopg
from psycopg.rows import TupleRow, class_row

from projections.tx import Row, Tx

Connection = psycopg.Connection[TupleRow]

LOCK = 0x4D41494C  # « MAIL »
KEPT = "30 days"  # from when a mail is settled until its addresses and text are emptied
TABS: dict[str, tuple[str, ...]] = {
    "": (),
    "a-voir": ("uncertain", "refused", "bounced", "held"),
    "en-attente": ("waiting", "sending"),
    "envoyes": ("sent",),
}


class MailRow(Row, frozen=True):
    """A mail; `recipients`, `subject` and `body` are empty once it was blanked."""

    id: UUID
    document_id: UUID
    revision: int
    kind: str
    number: str
    client_id: UUID
    actor: str
    language: str
    subjects: list[UUID]
    recipients: list[str]
    subject: str
    body: str
    link: str
    notice_id: UUID | None
    attached: bool
    copy: int
    message_id: str
    state: str
    told: str
    refusals: dict[str, str]
    tries: int
    asked_at: datetime
    tried_at: datetime | None
    settled_at: datetime | None

    @property
    def blank(self) -> bool:
        return not self.recipients

    @property
    def partly(self) -> bool:
        """Sent, but not to everybody."""
        return self.state == "sent" and bool(self.refusals)


class Tally(Row, frozen=True):
    """How many mails are in a state."""

    state: str
    count: int


MAILS = """
    SELECT id, document_id, revision, kind, number, client_id, actor, language, subjects, recipients, subject, body,
           link, notice_id, attached, copy, message_id, state, told, refusals, tries, asked_at, tried_at, settled_at
      FROM jobs.mail
     WHERE company_id = %(company)s
    """


OF_DOCUMENT = """
       AND (document_id = %(document)s OR id IN (
             SELECT mail_id FROM jobs.reminder WHERE company_id = %(company)s AND invoice_id = %(document)s))
     ORDER BY asked_at DESC, id
    """


def page(tx: Tx, states: tuple[str, ...], limit: int, offset: int) -> list[MailRow]:
    """The newest first; no states: all."""
    return tx.rows(
        MailRow,
        MAILS + "AND (%(states)s::text[] = '{}' OR state = ANY (%(states)s)) ORDER BY asked_at DESC, id"
        " LIMIT %(limit)s OFFSET %(offset)s",
        states=list(states),
        limit=limit,
        offset=offset,
    )


def tallies(tx: Tx) -> dict[str, int]:
    rows = tx.rows(Tally, "SELECT state, count(*) FROM jobs.mail WHERE company_id = %(company)s GROUP BY state")
    return {row.state: row.count for row in rows}


def of_document(tx: Tx, document_id: UUID) -> list[MailRow]:
    """The mails about a document, the newest first."""
    return tx.rows(
        MailRow,
        MAILS + OF_DOCUMENT,
        document=document_id,
    )


def one(tx: Tx, mail_id: UUID) -> MailRow | None:
    return tx.row(MailRow, MAILS + "AND id = %(id)s", id=mail_id)


def taken(conn: Connection, company_id: UUID, mail_id: UUID) -> bool:
    """Takes the mail for this connection, as long as it lives; False while another worker has it."""
    conn.execute("SELECT set_config('probant.company', %s, false)", (str(company_id),))
    row = conn.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", (LOCK, str(mail_id))).fetchone()
    return row == (True,)


def found(conn: Connection, company_id: UUID, mail_id: UUID) -> MailRow | None:
    cursor = conn.cursor(row_factory=class_row(MailRow))
    return cursor.execute(MAILS.encode() + b"AND id = %(id)s", {"company": company_id, "id": mail_id}).fetchone()


def begin(conn: Connection, company_id: UUID, mail_id: UUID, message_id: str) -> MailRow | None:
    """One more try, under the Message-ID of the first; None when it waits no more."""
    conn.execute(
        "UPDATE jobs.mail SET tries = tries + 1, tried_at = now(),"
        " message_id = CASE message_id WHEN '' THEN %s ELSE message_id END"
        " WHERE company_id = %s AND id = %s AND state = 'waiting'",
        (message_id, company_id, mail_id),
    )
    mail = found(conn, company_id, mail_id)
    return mail if mail and mail.state == "waiting" else None


def leave(conn: Connection, company_id: UUID, mail_id: UUID) -> bool:
    """Noted just before the server gets the mail: from here on, only its answer tells. False when it was withdrawn."""
    left = conn.execute(
        "UPDATE jobs.mail SET state = 'sending', told = '' WHERE company_id = %s AND id = %s AND state = 'waiting'",
        (company_id, mail_id),
    )
    return left.rowcount == 1


def postpone(conn: Connection, company_id: UUID, mail_id: UUID, told: str) -> None:
    """It waits, and why."""
    conn.execute(
        "UPDATE jobs.mail SET state = 'waiting', told = %s"
        " WHERE company_id = %s AND id = %s AND state IN ('waiting', 'sending')",
        (told, company_id, mail_id),
    )


def settle(conn: Connection, company_id: UUID, mail_id: UUID, state: str, told: str = "") -> None:
    """What it came to, and why."""
    conn.execute(
        "UPDATE jobs.mail SET state = %s, told = %s, settled_at = now()"
        " WHERE company_id = %s AND id = %s AND state IN ('waiting', 'sending')",
        (state, told, company_id, mail_id),
    )


def blank(conn: Connection, company_id: UUID) -> int:
    """Empties the addresses and texts of mails that were settled long enough ago: how many."""
    with conn.transaction():
        conn.execute("SELECT set_config('probant.company', %s, true)", (str(company_id),))
        return conn.execute(
            "UPDATE jobs.mail SET recipients = '{}', subject = '', body = '', link = '', refusals = '{}',"
            " told = CASE WHEN state = 'sent' THEN '' ELSE told END"
            " WHERE company_id = %s AND recipients <> '{}' AND settled_at < now() - %s::interval",
            (company_id, KEPT),
        ).rowcount
