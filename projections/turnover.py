"""Turnover by day: what was invoiced, what was received, the VAT that fell due; asked by month or between two days."""

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
    2,
    """
    CREATE TABLE read.turnover (
        company_id     uuid NOT NULL,
        day            date NOT NULL,
        net_cents      bigint NOT NULL,
        gross_cents    bigint NOT NULL,
        received_cents bigint NOT NULL,
        vat_due_cents  bigint NOT NULL,
        PRIMARY KEY (company_id, day)
    );
    CREATE TABLE read.tax_due (                           -- VAT that fell due, by the entry that made it due
        company_id  uuid NOT NULL,
        pos         bigint NOT NULL,
        rank        integer NOT NULL,
        type        text NOT NULL,
        stream      uuid NOT NULL,
        day         date NOT NULL,
        territory   text NOT NULL,
        rate_bp     integer NOT NULL,
        category    text NOT NULL,
        base_cents  bigint NOT NULL,
        vat_cents   bigint NOT NULL,
        PRIMARY KEY (company_id, pos, rank)
    );
    CREATE INDEX ON read.tax_due (company_id, day);
    """,
)


class Sums(Row, frozen=True):
    """What some days came to.

    `net_cents` and `gross_cents` by the date of issue: credit notes deducted, penalties and disbursements apart (§ Two
    closings of `events.md`). `received_cents`: payments less reversals and refunds, by the date the money moved.
    `vat_due_cents`: by the date it falls due; may be below 0.
    """

    net_cents: int
    gross_cents: int
    received_cents: int
    vat_due_cents: int


class Month(Row, frozen=True):
    """A calendar month, named by its first day; amounts as in `Sums`."""

    month: date
    net_cents: int
    gross_cents: int
    received_cents: int
    vat_due_cents: int


SUMS = """
           coalesce(sum(net_cents), 0)::bigint AS net_cents, coalesce(sum(gross_cents), 0)::bigint AS gross_cents,
           coalesce(sum(received_cents), 0)::bigint AS received_cents,
           coalesce(sum(vat_due_cents), 0)::bigint AS vat_due_cents
    """
BETWEEN = " FROM read.turnover WHERE company_id = %(company)s AND day BETWEEN %(first)s AND %(last)s"
BY_MONTH = """
      FROM generate_series(%(first)s::timestamp, %(last)s, '1 month') AS m (month)
      LEFT JOIN read.turnover t
             ON t.company_id = %(company)s AND t.day >= m.month AND t.day < m.month + interval '1 month'
     GROUP BY m.month ORDER BY m.month
    """


def between(tx: Tx, first: date, last: date) -> Sums:
    """The days from `first` to `last`, both included."""
    return tx.rows(Sums, "SELECT" + SUMS + BETWEEN, first=first, last=last)[0]


def months(tx: Tx, first: date, last: date) -> list[Month]:
    """Every month from that of `first` to that of `last`, those without anything too."""
    sql = "SELECT m.month::date AS month," + SUMS + BY_MONTH
    return tx.rows(Month, sql, first=first.replace(day=1), last=last.replace(day=1))


def month(tx: Tx, day: date) -> Month:
    """The month of a day."""
    return months(tx, day, day)[0]


TAX_DUE = """
    INSERT INTO read.tax_due
    SELECT %(company)s, r.* FROM unnest(%(pos)b::bigint[], %(rank)b::integer[], %(type)b::text[], %(stream)b::uuid[],
        %(day)b::date[], %(territory)b::text[], %(rate_bp)b::integer[], %(category)b::text[], %(base_cents)b::bigint[],
        %(vat_cents)b::bigint[]) AS r
    """


@projection.after_all
def _(tx: Tx) -> None:
    tx.write(TAX_DUE)


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
    """Adds these amounts of some days, and the VAT that falls due by the event, to those days."""
    for rank, due in enumerate(event.tax_due):
        tx.gather(
            TAX_DUE, pos=tx.line.pos, rank=rank, type=tx.line.type, stream=event.originator_id, day=due.on,
            territory=due.territory, rate_bp=due.rate_bp, category=due.category, base_cents=due.base_cents,
            vat_cents=due.vat_cents,
        )  # fmt: skip
    days: dict[date, Counter[str]] = defaultdict(Counter)
    for on, some in (*amounts.items(), *((due.on, Counter(vat_due=due.vat_cents)) for due in event.tax_due)):
        days[on].update(some)
    for day, total in days.items():
        tx.execute(
            """
            INSERT INTO read.turnover AS t
            VALUES (%(company)s, %(day)s, %(net)s, %(gross)s, %(received)s, %(vat_due)s)
            ON CONFLICT (company_id, day) DO UPDATE
               SET net_cents = t.net_cents + excluded.net_cents, gross_cents = t.gross_cents + excluded.gross_cents,
                   received_cents = t.received_cents + excluded.received_cents,
                   vat_due_cents = t.vat_due_cents + excluded.vat_due_cents
            """,
            day=day,
            net=total["net"],
            gross=total["gross"],
            received=total["received"],
            vat_due=total["vat_due"],
        )
