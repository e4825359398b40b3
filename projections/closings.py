"""Closings, and what each day came to: the calendar of the year, and the totals of any period."""

from datetime import date
from typing import Any
from uuid import UUID

from domain.closing import Closing
from domain.invoice import Invoice
from domain.payment import Payment, Refund
from domain.period_totals import Totals
from projections.projection import Projection
from projections.tx import Row, Tx

projection = Projection(
    "closings",
    1,
    """
    CREATE TABLE read.closings (
        company_id  uuid NOT NULL,
        id          uuid NOT NULL,
        pos         bigint NOT NULL,
        period      text NOT NULL,
        from_on     date NOT NULL,
        to_on       date NOT NULL,
        documents   integer NOT NULL,
        net_cents   bigint NOT NULL,
        gross_cents bigint NOT NULL,
        paid_cents  bigint NOT NULL,
        perpetual_cents          bigint NOT NULL,
        perpetual_absolute_cents bigint NOT NULL,
        perpetual_paid_cents     bigint NOT NULL,
        PRIMARY KEY (company_id, period, from_on)
    );
    CREATE TABLE read.fiscal_days (
        company_id  uuid NOT NULL,
        day         date NOT NULL,
        documents   integer NOT NULL,
        net_cents   bigint NOT NULL,
        gross_cents bigint NOT NULL,
        payments    integer NOT NULL,
        received_cents bigint NOT NULL,
        reversed_cents bigint NOT NULL,
        refunded_cents bigint NOT NULL,
        PRIMARY KEY (company_id, day)
    );
    """,
)


class ClosingRow(Row, frozen=True):
    """A closing; `paid_cents` = payments less reversals and refunds; `perpetual_*` since the ledger began."""

    id: UUID
    pos: int
    period: str
    from_on: date
    to_on: date
    documents: int
    net_cents: int
    gross_cents: int
    paid_cents: int
    perpetual_cents: int
    perpetual_absolute_cents: int
    perpetual_paid_cents: int


class Day(Row, frozen=True):
    """What was recorded on a day; `closing_id` once it is closed."""

    day: date
    documents: int
    gross_cents: int
    payments: int
    paid_cents: int
    closing_id: UUID | None


class Turnover(Row, frozen=True):
    """What was recorded from a day to another: documents less credit notes, payments by what became of them."""

    documents: int
    net_cents: int
    gross_cents: int
    payments: int
    received_cents: int
    reversed_cents: int
    refunded_cents: int

    @property
    def paid_cents(self) -> int:
        return self.received_cents - self.reversed_cents - self.refunded_cents


def between(tx: Tx, period: str, first: date, last: date) -> list[ClosingRow]:
    """Closings of a kind that end in these days, oldest first."""
    return tx.rows(
        ClosingRow,
        CLOSINGS + "AND period = %(period)s AND to_on BETWEEN %(first)s AND %(last)s ORDER BY from_on",
        period=period,
        first=first,
        last=last,
    )


def months_of(tx: Tx, size: int) -> list[date]:
    """First days of the months that the checkpoint of that size is the first to cover the closing of."""
    return tx.values(
        """
        SELECT from_on FROM read.closings
         WHERE company_id = %(company)s AND period = 'month' AND pos <= %(size)s
           AND pos > coalesce((SELECT max(size) FROM ledger.checkpoint
                                WHERE company_id = %(company)s AND size < %(size)s), 0)
         ORDER BY from_on
        """,
        size=size,
    )


def newest(tx: Tx) -> ClosingRow | None:
    """The closing that counts furthest: its perpetual totals are the latest."""
    return tx.row(ClosingRow, CLOSINGS + "ORDER BY to_on DESC, pos DESC LIMIT 1")


def days(tx: Tx, first: date, last: date) -> list[Day]:
    """The days on which something fiscal was recorded."""
    return tx.rows(
        Day,
        """
        SELECT d.day, d.documents, d.gross_cents, d.payments, c.id AS closing_id,
               d.received_cents - d.reversed_cents - d.refunded_cents AS paid_cents
          FROM read.fiscal_days d
          LEFT JOIN read.closings c ON c.company_id = d.company_id AND c.period = 'day' AND c.from_on = d.day
         WHERE d.company_id = %(company)s AND d.day BETWEEN %(first)s AND %(last)s
         ORDER BY d.day
        """,
        first=first,
        last=last,
    )


def span(tx: Tx) -> tuple[date, date] | None:
    """The first and the last day on which something was recorded."""
    first = tx.value("SELECT min(day) FROM read.fiscal_days WHERE company_id = %(company)s")
    last = tx.value("SELECT max(day) FROM read.fiscal_days WHERE company_id = %(company)s")
    return (first, last) if first else None


def turnover(tx: Tx, first: date, last: date) -> Turnover:
    """What was recorded in these days, both included: what a tax inspector asks for (BOFiP, since 2021-05-19)."""
    found = tx.row(
        Turnover,
        """
        SELECT coalesce(sum(documents), 0)::int AS documents, coalesce(sum(net_cents), 0)::bigint AS net_cents,
               coalesce(sum(gross_cents), 0)::bigint AS gross_cents, coalesce(sum(payments), 0)::int AS payments,
               coalesce(sum(received_cents), 0)::bigint AS received_cents,
               coalesce(sum(reversed_cents), 0)::bigint AS reversed_cents,
               coalesce(sum(refunded_cents), 0)::bigint AS refunded_cents
          FROM read.fiscal_days
         WHERE company_id = %(company)s AND day BETWEEN %(first)s AND %(last)s
        """,
        first=first,
        last=last,
    )
    return found or Turnover(0, 0, 0, 0, 0, 0, 0)


CLOSINGS = """
    SELECT id, pos, period, from_on, to_on, documents, net_cents, gross_cents, paid_cents, perpetual_cents,
           perpetual_absolute_cents, perpetual_paid_cents
      FROM read.closings
     WHERE company_id = %(company)s
    """


@projection.on(Closing.Created)
def _(tx: Tx, event: Closing.Created) -> None:
    tx.execute(
        """
        INSERT INTO read.closings
        VALUES (%(company)s, %(id)s, %(pos)s, %(period)s, %(from_on)s, %(to_on)s, %(documents)s, %(net)s, %(gross)s,
                %(paid)s, %(perpetual)s, %(absolute)s, %(perpetual_paid)s)
        """,
        id=event.originator_id,
        period=event.period,
        from_on=event.from_,
        to_on=event.to,
        documents=event.documents.count,
        net=event.documents.net_cents,
        gross=event.documents.gross_cents,
        paid=event.payments.net_cents,
        perpetual=event.perpetual_documents_cents,
        absolute=event.perpetual_documents_absolute_cents,
        perpetual_paid=event.perpetual_payments_cents,
    )


@projection.on(Invoice.Issued, Payment.Created, Payment.Reversed, Refund.Created)
def _(tx: Tx, event: Any) -> None:
    totals = Totals.of([event])
    documents, payments = totals.documents_fact(), totals.payments_fact()
    tx.execute(
        """
        INSERT INTO read.fiscal_days AS d
        VALUES (%(company)s, %(day)s, %(documents)s, %(net)s, %(gross)s, %(payments)s, %(received)s, %(reversed)s,
                %(refunded)s)
        ON CONFLICT (company_id, day) DO UPDATE
           SET documents = d.documents + excluded.documents, net_cents = d.net_cents + excluded.net_cents,
               gross_cents = d.gross_cents + excluded.gross_cents, payments = d.payments + excluded.payments,
               received_cents = d.received_cents + excluded.received_cents,
               reversed_cents = d.reversed_cents + excluded.reversed_cents,
               refunded_cents = d.refunded_cents + excluded.refunded_cents
        """,
        day=event.day,
        documents=documents.count,
        net=documents.net_cents,
        gross=documents.gross_cents,
        payments=payments.count,
        received=payments.received_cents,
        reversed=payments.reversed_cents,
        refunded=payments.refunded_cents,
    )
