"""What is to be reminded of, and was: what screens and the morning's round ask of the read models."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from domain.reminder import Cause
from domain.reminder_policy import LEVELS, Level, Policy
from projections.tx import Row, Tx


class OpenRow(Row, frozen=True):
    """An invoice that is not paid. `client`: who is written to; after a merge, the one that stays.

    `days` after the due date of its first open instalment, below 0 before it; `due_cents`: what a reminder asks for
    today; `rank`: of the last step of this instalment; `sent`: all reminders; `retained`: that instalment is a
    retention; `wanted`: the client is reminded by the program; `under_way`: a reminder waits to leave.
    """

    id: UUID
    number: str
    kind: str
    client_id: UUID
    client: str
    person: bool
    public: bool
    issued_on: date
    due_on: date
    days: int
    due_cents: int
    outstanding_cents: int
    rank: int | None
    sent: int
    sent_at: datetime | None
    cause: Cause | None
    until_on: date | None
    note: str
    doubtful: bool
    retained: bool
    wanted: bool
    under_way: bool

    @property
    def reached(self) -> Level | None:
        return None if self.rank is None else LEVELS[self.rank]

    def stopped(self, today: date) -> bool:
        return self.cause is not None and (self.until_on is None or today <= self.until_on)


class SentRow(Row, frozen=True):
    """A reminder of an invoice; `number` of the invoice."""

    sending_id: UUID
    invoice_id: UUID
    number: str
    client_id: UUID
    client: str
    rank: int
    due_cents: int
    interest_cents: int
    fee_cents: int
    at: datetime
    notice_id: UUID | None

    @property
    def level(self) -> Level:
        return LEVELS[self.rank]


class NoticeRow(Row, frozen=True):
    """A formal notice."""

    id: UUID
    client_id: UUID
    client: str
    invoices: list[UUID]
    due_cents: int
    made_on: date
    pay_by: date
    sha256: str
    posted_on: date | None
    reference: str


class LastRow(Row, frozen=True):
    """The last reminder of an invoice, for lists."""

    invoice_id: UUID
    rank: int
    sent: int
    at: datetime

    @property
    def level(self) -> Level:
        return LEVELS[self.rank]


OPEN = """
    SELECT i.id, i.number, i.kind, c.id AS client_id, c.name AS client, c.kind = 'person' AS person,
           c.kind = 'public' AS public, i.issued_on, i.due_on, %(today)s - i.due_on AS days,
           (SELECT coalesce(sum(least(n.cents, n.to_cents - i.settled_cents)), 0)::bigint
              FROM read.instalments n
             WHERE n.company_id = i.company_id AND n.invoice_id = i.id AND n.to_cents > i.settled_cents
               AND n.due_on <= greatest(i.due_on, %(today)s)) AS due_cents,
           i.outstanding_cents, r.rank, r.sent, r.sent_at, s.cause, s.until_on, coalesce(s.note, '') AS note,
           d.invoice_id IS NOT NULL AS doubtful, coalesce(t.due_on = i.due_on, false) AS retained,
           c.reminders AS wanted, EXISTS (
             SELECT FROM jobs.reminder a JOIN jobs.mail m ON m.company_id = a.company_id AND m.id = a.mail_id
              WHERE a.company_id = i.company_id AND a.invoice_id = i.id
                AND m.state IN ('waiting', 'held', 'sending')) AS under_way
      FROM read.invoices i
      JOIN read.clients o ON o.company_id = i.company_id AND o.id = i.client_id
      JOIN read.clients c ON c.company_id = i.company_id AND c.id = o.survivor_id
      LEFT JOIN read.suspensions s ON s.company_id = i.company_id AND s.invoice_id = i.id
      LEFT JOIN read.doubtful d ON d.company_id = i.company_id AND d.invoice_id = i.id
      LEFT JOIN read.retentions t ON t.company_id = i.company_id AND t.invoice_id = i.id
      CROSS JOIN LATERAL (
        SELECT max(level) FILTER (WHERE due_on = i.due_on) AS rank, count(*) AS sent, max(at) AS sent_at
          FROM read.reminders r WHERE r.company_id = i.company_id AND r.invoice_id = i.id) AS r
     WHERE i.company_id = %(company)s AND i.outstanding_cents > 0 AND i.due_on IS NOT NULL
       AND (%(id)s::uuid IS NULL OR i.id = %(id)s)
       AND (%(client)s::uuid IS NULL OR c.id = %(client)s)
     ORDER BY i.due_on, i.number LIMIT %(limit)s
    """
SENT = """
    SELECT r.sending_id, r.invoice_id, i.number, i.client_id, coalesce(c.name, '') AS client, r.level AS rank,
           r.due_cents, r.interest_cents, r.fee_cents, r.at, r.notice_id
      FROM read.reminders r
      JOIN read.invoices i ON i.company_id = r.company_id AND i.id = r.invoice_id
      LEFT JOIN read.clients c ON c.company_id = i.company_id AND c.id = i.client_id
     WHERE r.company_id = %(company)s AND (%(invoice)s::uuid IS NULL OR r.invoice_id = %(invoice)s)
     ORDER BY r.at DESC, i.number LIMIT %(limit)s OFFSET %(offset)s
    """
NOTICES = """
    SELECT f.id, f.client_id, coalesce(c.name, '') AS client, f.invoices, f.due_cents, f.made_on, f.pay_by, f.sha256,
           f.posted_on, f.reference
      FROM read.formal_notices f
      LEFT JOIN read.clients c ON c.company_id = f.company_id AND c.id = f.client_id
     WHERE f.company_id = %(company)s AND (%(id)s::uuid IS NULL OR f.id = %(id)s)
       AND (%(invoice)s::uuid IS NULL OR %(invoice)s = ANY (f.invoices))
     ORDER BY f.made_on DESC, f.id
    """


def policy(tx: Tx) -> Policy:
    """What the company has chosen, else what counts without a choice."""
    found = tx.value("SELECT policy FROM read.reminder_policy WHERE company_id = %(company)s")
    return msgspec.convert(found, Policy) if found else Policy()


def unpaid(tx: Tx, today: date, *, client_id: UUID | None = None, limit: int | None = None) -> list[OpenRow]:
    """Every invoice with something outstanding, or the first ones; the longest due first."""
    return tx.rows(OpenRow, OPEN, today=today, id=None, client=client_id, limit=limit)


def one(tx: Tx, invoice_id: UUID, today: date) -> OpenRow | None:
    return tx.row(OpenRow, OPEN, today=today, id=invoice_id, client=None, limit=None)


def sent(tx: Tx, *, invoice_id: UUID | None = None, limit: int | None = None, offset: int = 0) -> list[SentRow]:
    """Reminders that left, the newest first."""
    return tx.rows(SentRow, SENT, invoice=invoice_id, limit=limit, offset=offset)


def count_sent(tx: Tx) -> int:
    found: int = tx.value("SELECT count(*) FROM read.reminders WHERE company_id = %(company)s")
    return found


def last(tx: Tx, invoices: list[UUID]) -> dict[UUID, LastRow]:
    """The last reminder of each of these invoices that had one."""
    rows = tx.rows(
        LastRow,
        """
        SELECT DISTINCT ON (invoice_id) invoice_id, level AS rank, at,
               count(*) OVER (PARTITION BY invoice_id) AS sent
          FROM read.reminders WHERE company_id = %(company)s AND invoice_id = ANY (%(invoices)s)
         ORDER BY invoice_id, at DESC
        """,
        invoices=invoices,
    )
    return {row.invoice_id: row for row in rows}


def notices(tx: Tx, *, invoice_id: UUID | None = None, id: UUID | None = None) -> list[NoticeRow]:
    """Formal notices, the newest first."""
    return tx.rows(NoticeRow, NOTICES, invoice=invoice_id, id=id)
