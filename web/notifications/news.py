"""What happened in a company that somebody may want to know: entries after a position, and states that came about.

Whatever is found twice has the same key twice; only the first is told.
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow, class_row

FAILED = ("uncertain", "refused", "bounced")
RECENT = timedelta(days=7)  # what came about longer ago is no news
JUST_DUE = timedelta(days=3)


class News(NamedTuple):
    """`about`: the thing that it opens; `pos`: its entry, 0 without one; `by`: who did it, who need not be told;
    `only`: the one user whom it concerns, None: all.
    """

    kind: str
    key: str
    about: UUID
    pos: int
    at: datetime
    by: str = ""
    only: UUID | None = None


class EntryRow(NamedTuple):
    """An entry of a type that is told; `invoice_id`: of a recurrence; `found`: defects of a verification."""

    pos: int
    stream: UUID
    type: str
    by: str
    at: datetime
    invoice_id: UUID | None
    found: int


KINDS = {
    "quote.accepted": "quote_accepted",
    "quote.declined": "quote_declined",
    "payment.recorded": "payment",
    "recurring.invoiced": "recurring",
    "chain.verified": "verification",
}
ENTRIES = """
    SELECT pos, stream_id, type, line::jsonb ->> 'by', recorded_at, (line::jsonb #>> '{data,invoice_id}')::uuid,
           coalesce((line::jsonb #>> '{data,findings}')::integer, 0)
      FROM ledger.entry
     WHERE company_id = %(company)s AND pos > %(after)s AND pos <= %(to)s AND type = ANY (%(types)s)
     ORDER BY pos
    """
STATES = """
    SELECT 'mail_failed' AS kind, 'mail ' || id || ' ' || state AS key, id AS about, settled_at AS at
      FROM jobs.mail
     WHERE company_id = %(company)s AND state = ANY (%(failed)s) AND settled_at > %(since)s
     UNION ALL
    SELECT 'render_refused', 'file ' || document_id || ' ' || problem, document_id, failed_at
      FROM jobs.rendering
     WHERE company_id = %(company)s AND problem <> 'failed' AND failed_at > %(since)s
     UNION ALL
    SELECT 'recurring_failed', 'recurring ' || recurring_id || ' ' || due_on, recurring_id, refused_at
      FROM jobs.recurring_refusal
     WHERE company_id = %(company)s AND refused_at > %(since)s
     UNION ALL
    SELECT 'overdue', 'overdue ' || id || ' ' || due_on, id, %(now)s
      FROM read.invoices
     WHERE company_id = %(company)s AND outstanding_cents > 0 AND due_on < %(today)s AND due_on >= %(just_due)s
    """
ANSWERS = """
    SELECT 'ticket' AS kind, 'ticket ' || m.id AS key, t.id AS about, 0 AS pos, m.at, '' AS by, t.user_id AS only
      FROM support.message m JOIN support.ticket t ON t.id = m.ticket_id
     WHERE t.company_id = %(company)s AND t.user_id IS NOT NULL AND m.side = 'operator' AND m.at > %(since)s
    """


def of_entries(conn: Connection[TupleRow], company_id: UUID, after: int, to: int) -> list[News]:
    """What the entries after a position up to another say."""
    facts = {"company": company_id, "after": after, "to": to, "types": list(KINDS)}
    rows = [EntryRow._make(row) for row in conn.execute(ENTRIES, facts)]
    return [_news(row) for row in rows if row.type != "chain.verified" or row.found]


def of_states(conn: Connection[TupleRow], company_id: UUID, now: datetime, today: date) -> list[News]:
    """What has come about lately without an entry that says so."""
    facts = {
        "company": company_id, "failed": list(FAILED), "since": now - RECENT, "now": now, "today": today,
        "just_due": today - JUST_DUE,
    }  # fmt: skip
    states = [News(kind, key, about, 0, at) for kind, key, about, at in conn.execute(STATES, facts)]
    answers = conn.cursor(row_factory=class_row(News)).execute(ANSWERS, facts).fetchall()
    return [*states, *answers]


def _news(row: EntryRow) -> News:
    about = row.invoice_id if row.type == "recurring.invoiced" and row.invoice_id else row.stream
    return News(KINDS[row.type], f"entry {row.pos}", about, row.pos, row.at, row.by)
