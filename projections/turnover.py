"""Turnover by calendar month: what was invoiced, what was received, the VAT that fell due."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from domain.debt import Debt
from domain.invoice import Invoice
from domain.payment import Payment, Refund
from domain.transfer import Transfer
from projections.projection import Projection
from projections.tx import Row, Tx

projection = Projection(
    "turnover",
    1,
    """
    CREATE TABLE read.turnover (
        company_id     uuid NOT NULL,
        month          date NOT NULL,                     -- its first day
        net_cents      bigint NOT NULL,
        gross_cents    bigint NOT NULL,
        received_cents bigint NOT NULL,
        vat_due_cents  bigint NOT NULL,
        PRIMARY KEY (company_id, month)
    );
    """,
)


class Month(Row, frozen=True):
    """A calendar month, named by its first day.

    `net_cents` and `gross_cents` by the date of issue: credit notes deducted, penalties and disbursements apart (§ Two
    closings of `events.md`). `received_cents`: payments less reversals and refunds, by the date the money moved.
    `vat_due_cents`: by the date it falls due; may be below 0.
    """

    month: date
    net_cents: int
    gross_cents: int
    received_cents: int
    vat_due_cents: int


def months(tx: Tx, first: date, last: date) -> list[Month]:
    """Every month from that of `first` to that of `last`, those without anything too."""
    return tx.rows(
        Month,
        """
        SELECT m.month::date AS month, coalesce(net_cents, 0) AS net_cents, coalesce(gross_cents, 0) AS gross_cents,
               coalesce(received_cents, 0) AS received_cents, coalesce(vat_due_cents, 0) AS vat_due_cents
          FROM generate_series(%(first)s::timestamp, %(last)s, '1 month') AS m (month)
          LEFT JOIN read.turnover t ON t.company_id = %(company)s AND t.month = m.month::date
         ORDER BY m.month
        """,
        first=first.replace(day=1),
        last=last.replace(day=1),
    )


def month(tx: Tx, day: date) -> Month:
    """The month of a day."""
    return months(tx, day, day)[0]


@projection.on(Invoice.Issued)
def _(tx: Tx, event: Invoice.Issued) -> None:
    apart = event.disbursements_cents
    invoiced = Counter(net=event.net_cents - apart, gross=event.gross_cents - apart)
    _add(tx, event, {} if event.kind == "debit_note" else {event.issued_on: invoiced})


@projection.on(Payment.Created)
def _(tx: Tx, event: Payment.Created) -> None:
    _add(tx, event, {event.received_on: Counter(received=event.amount_cents)})


@projection.on(Payment.Reversed)
def _(tx: Tx, event: Payment.Reversed) -> None:
    _add(tx, event, {event.reversed_on: Counter(received=-event.amount_cents)})


@projection.on(Refund.Created)
def _(tx: Tx, event: Refund.Created) -> None:
    _add(tx, event, {event.paid_on: Counter(received=-event.amount_cents)})


@projection.on(Transfer.Created, Transfer.Reversed, Debt.Created, Debt.WrittenOff, Debt.Recovered)
def _(tx: Tx, event: Any) -> None:
    _add(tx, event, {})


def _add(tx: Tx, event: Any, amounts: Mapping[date, Counter[str]]) -> None:
    """Adds these amounts of some days, and the VAT that falls due by the event, to their months."""
    months: dict[date, Counter[str]] = defaultdict(Counter)
    for on, some in (*amounts.items(), *((due.on, Counter(vat_due=due.vat_cents)) for due in event.tax_due)):
        months[on.replace(day=1)].update(some)
    for first, total in months.items():
        tx.execute(
            """
            INSERT INTO read.turnover AS t
            VALUES (%(company)s, %(month)s, %(net)s, %(gross)s, %(received)s, %(vat_due)s)
            ON CONFLICT (company_id, month) DO UPDATE
               SET net_cents = t.net_cents + excluded.net_cents, gross_cents = t.gross_cents + excluded.gross_cents,
                   received_cents = t.received_cents + excluded.received_cents,
                   vat_due_cents = t.vat_due_cents + excluded.vat_due_cents
            """,
            month=first,
            net=total["net"],
            gross=total["gross"],
            received=total["received"],
            vat_due=total["vat_due"],
        )
