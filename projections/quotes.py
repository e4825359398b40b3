"""Quotes, from the first draft to the last invoice drawn from them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.company import Company
from domain.quote import Quote
from projections.drafts import totals as draft_totals
from projections.listing import LIMIT, Filter, Total
from projections.persons import opened_text, seal_of
from projections.projection import Projection
from projections.tx import Row, Tx

projection = Projection(
    "quotes",
    1,
    """
    CREATE TABLE read.quotes (
        company_id   uuid NOT NULL,
        id           uuid NOT NULL,
        state        text NOT NULL,
        number       text NOT NULL DEFAULT '',            -- of a quote that was sent once
        client_id    uuid NOT NULL,
        subject      text NOT NULL,
        subject_seal text NOT NULL,
        sent_on      date,
        valid_until  date,
        net_cents    bigint,                              -- null: a draft that cannot be priced
        gross_cents  bigint,
        saved_at     timestamptz NOT NULL,
        version      bigint NOT NULL,
        search       text NOT NULL GENERATED ALWAYS AS (read.plain(number || ' ' || subject)) STORED,
        PRIMARY KEY (company_id, id)
    );
    CREATE TABLE read.quotes_seller (                     -- what drafts are priced by
        company_id uuid PRIMARY KEY,
        untaxed    boolean NOT NULL
    );
    """,
)


class QuoteRow(Row, frozen=True):
    """A quote. `status`: `draft` `sent` `accepted` `declined` `expired` `discarded` `invoiced`; `net_cents` and
    `gross_cents` None: a draft that cannot be priced yet; `saved_at`: its last entry; `invoiced_cents`: what was issued
    on it, deposits in and credit notes off.
    """

    id: UUID
    status: str
    number: str
    client_id: UUID
    client: str
    subject: str
    sent_on: date | None
    valid_until: date | None
    net_cents: int | None
    gross_cents: int | None
    saved_at: datetime
    version: int
    invoiced_cents: int

    @property
    def left_cents(self) -> int:
        """What is left to invoice of an accepted quote; nothing of others."""
        return (self.gross_cents or 0) - self.invoiced_cents if self.status in ("accepted", "invoiced") else 0


SORTS = {
    "number": "ORDER BY number, saved_at, id",
    "-number": "ORDER BY number = '' DESC, number DESC, saved_at DESC, id",
    "client": "ORDER BY client_sort, saved_at DESC, id",
    "-client": "ORDER BY client_sort DESC, saved_at DESC, id",
    "sent_on": "ORDER BY sent_on NULLS LAST, number, id",
    "-sent_on": "ORDER BY sent_on DESC NULLS FIRST, number DESC, id",
    "valid_until": "ORDER BY valid_until NULLS LAST, number, id",
    "-valid_until": "ORDER BY valid_until DESC NULLS LAST, number DESC, id",
    "gross": "ORDER BY gross_cents NULLS FIRST, id",
    "-gross": "ORDER BY gross_cents DESC NULLS LAST, id",
    "saved_at": "ORDER BY saved_at, id",
    "-saved_at": "ORDER BY saved_at DESC, id",
}
ROWS = """
    SELECT id, status, number, client_id, client, subject, sent_on, valid_until, net_cents, gross_cents, saved_at,
           version, coalesce((SELECT sum(i.gross_cents) FROM read.invoices i
                               WHERE i.company_id = %(company)s AND i.quote_id = q.id AND i.state = 'issued'),
                             0)::bigint AS invoiced_cents
    """
TOTALS = """
    SELECT status, count(*) AS count, coalesce(sum(net_cents), 0)::bigint AS net_cents,
           coalesce(sum(gross_cents), 0)::bigint AS gross_cents, 0::bigint AS outstanding_cents
    """
FOUND = """
      FROM (
        SELECT q.*, coalesce(c.name, '') AS client, coalesce(c.sort, '') AS client_sort,
               q.search || ' ' || coalesce(c.search, '') AS text,
               CASE WHEN q.state = 'sent' AND q.valid_until < %(today)s THEN 'expired' ELSE q.state END AS status
          FROM read.quotes q
          LEFT JOIN read.clients c ON c.company_id = q.company_id AND c.id = q.client_id
         WHERE q.company_id = %(company)s
           AND (%(id)s::uuid IS NULL OR q.id = %(id)s)
           AND (%(client_id)s::uuid IS NULL OR q.client_id IN (SELECT id FROM read.clients
                 WHERE company_id = %(company)s AND %(client_id)s IN (id, survivor_id)))
           AND (%(first_on)s::date IS NULL OR q.sent_on >= %(first_on)s)
           AND (%(last_on)s::date IS NULL OR q.sent_on <= %(last_on)s)
           AND (%(from_cents)s::bigint IS NULL OR q.gross_cents >= %(from_cents)s)
           AND (%(to_cents)s::bigint IS NULL OR q.gross_cents <= %(to_cents)s)
        ) q
     WHERE (text LIKE ALL (%(words)s) OR gross_cents = %(amount)s OR net_cents = %(amount)s)
       AND CASE %(statuses)s::text[] WHEN '{}' THEN status <> 'discarded' OR %(all)s
                                     ELSE status = ANY (%(statuses)s) END
    """
BY_STATUS = " GROUP BY status ORDER BY status"


def page(
    tx: Tx, filter: Filter, today: date, *, sort: str = "-saved_at", limit: int | None = 50, offset: int = 0
) -> list[QuoteRow]:
    """Quotes found; `limit` None = all of them. Sorts: the keys of `SORTS`. A filter's `kinds` have no meaning here."""
    sql = ROWS + FOUND + SORTS[sort] + LIMIT
    return tx.rows(QuoteRow, sql, **_params(filter, today), limit=limit, offset=offset)


def totals(tx: Tx, filter: Filter, today: date) -> list[Total]:
    """One row for each status that the filter finds, whatever the statuses it names: tabs, and the line of totals."""
    return tx.rows(Total, TOTALS + FOUND + BY_STATUS, **_params(filter, today) | {"statuses": [], "all": True})


def one(tx: Tx, id: UUID, today: date) -> QuoteRow | None:
    return tx.row(QuoteRow, ROWS + FOUND, **_params(Filter(), today) | {"id": id, "all": True})


def over(tx: Tx, today: date) -> list[UUID]:
    """Quotes that still stand as sent though their last day is over."""
    return tx.values(
        """
        SELECT id FROM read.quotes
         WHERE company_id = %(company)s AND state = 'sent' AND valid_until < %(today)s ORDER BY valid_until, id
        """,
        today=today,
    )


@projection.on(Quote.Created, Quote.Revised)
def _(tx: Tx, event: Quote.Created | Quote.Revised) -> None:
    content = event.content
    tx.execute(
        """
        INSERT INTO read.quotes (company_id, id, state, client_id, subject, subject_seal, net_cents, gross_cents,
                                 saved_at, version)
        SELECT %(company)s, %(stream)s, 'draft', %(client_id)s, %(subject)s, %(seal)s,
               CASE WHEN s.untaxed THEN %(untaxed_cents)s::bigint ELSE %(net_cents)s END,
               CASE WHEN s.untaxed THEN %(untaxed_cents)s::bigint ELSE %(gross_cents)s END, %(at)s, %(version)s
          FROM (VALUES (%(company)s)) AS own (company_id) LEFT JOIN read.quotes_seller s USING (company_id)
        ON CONFLICT (company_id, id) DO UPDATE
           SET state = 'draft', client_id = excluded.client_id, subject = excluded.subject,
               subject_seal = excluded.subject_seal, net_cents = excluded.net_cents, gross_cents = excluded.gross_cents,
               saved_at = excluded.saved_at, version = excluded.version
        """,
        client_id=content.client_id,
        subject=opened_text(tx, content.subject),
        seal=seal_of(content.subject),
        **draft_totals(content, tx.line.at.date()),
    )


@projection.on(Quote.Sent)
def _(tx: Tx, event: Quote.Sent) -> None:
    tx.execute(
        """
        UPDATE read.quotes
           SET state = 'sent', number = %(number)s, sent_on = %(sent_on)s, valid_until = %(valid_until)s,
               client_id = %(client_id)s, subject = %(subject)s, subject_seal = %(seal)s, net_cents = %(net_cents)s,
               gross_cents = %(gross_cents)s, saved_at = %(at)s, version = %(version)s
         WHERE company_id = %(company)s AND id = %(stream)s
        """,
        number=event.number,
        sent_on=event.sent_on,
        valid_until=event.valid_until,
        client_id=event.client_id,
        subject=opened_text(tx, event.subject),
        seal=seal_of(event.subject),
        net_cents=event.net_cents,
        gross_cents=event.gross_cents,
    )


STATES: dict[type, str] = {
    Quote.Accepted: "accepted",
    Quote.Declined: "declined",
    Quote.Expired: "expired",
    Quote.Discarded: "discarded",
}


@projection.on(*STATES)
def _(tx: Tx, event: Any) -> None:
    tx.execute(
        """
        UPDATE read.quotes SET state = %(state)s, saved_at = %(at)s, version = %(version)s
         WHERE company_id = %(company)s AND id = %(stream)s
        """,
        state=STATES[type(event)],
    )


@projection.on(Quote.Invoiced)
def _(tx: Tx, event: Quote.Invoiced) -> None:
    tx.execute(
        """
        UPDATE read.quotes
           SET state = CASE WHEN %(complete)s THEN 'invoiced' ELSE state END, saved_at = %(at)s, version = %(version)s
         WHERE company_id = %(company)s AND id = %(stream)s
        """,
        complete=event.complete,
    )


@projection.on(Quote.Released)
def _(tx: Tx, event: Quote.Released) -> None:
    tx.execute(
        """
        UPDATE read.quotes SET state = 'accepted', saved_at = %(at)s, version = %(version)s
         WHERE company_id = %(company)s AND id = %(stream)s
        """
    )


@projection.on(Company.Configured)
def _(tx: Tx, event: Company.Configured) -> None:
    tx.execute(
        """
        INSERT INTO read.quotes_seller VALUES (%(company)s, %(untaxed)s)
        ON CONFLICT (company_id) DO UPDATE SET untaxed = excluded.untaxed
        """,
        untaxed=event.configuration.vat_regime == "franchise",
    )


@projection.on("subject.erased")
def _(tx: Tx, facts: dict[str, Any]) -> None:
    tx.execute(
        "UPDATE read.quotes SET subject = '' WHERE company_id = %(company)s AND subject_seal = ANY (%(digests)s)",
        digests=facts["digests"],
    )


def _params(filter: Filter, today: date) -> dict[str, Any]:
    return filter.params() | {"today": today, "id": None, "all": False}
