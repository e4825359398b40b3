"""Money that came in or went out, and what was put from one document on another; what each settles."""

from datetime import date
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from domain.account import allocations_of
from domain.debt import Debt
from domain.invoice import Invoice
from domain.payment import Payment, Refund, Source
from domain.transfer import Transfer
from projections import streams
from projections.persons import opened_text, seal_of
from projections.projection import Projection
from projections.tx import Row, Tx

projection = Projection(
    "payments",
    2,
    """
    CREATE TABLE read.payments (
        company_id     uuid NOT NULL,
        id             uuid NOT NULL,
        kind           text NOT NULL,                     -- payment, refund, allocation
        client_id      uuid NOT NULL,
        method         text NOT NULL,
        happened_on    date NOT NULL,
        amount_cents   bigint NOT NULL,                   -- above 0; a refund goes out
        left_cents     bigint NOT NULL,                   -- of an over-payment: neither refunded nor put on an invoice
        reference      text NOT NULL,
        reference_seal text NOT NULL,
        reversed_on    date,
        cause          text NOT NULL DEFAULT '',
        pos            bigint NOT NULL,
        search         text NOT NULL GENERATED ALWAYS AS (read.plain(reference)) STORED,
        PRIMARY KEY (company_id, id)
    );
    CREATE INDEX ON read.payments (company_id, client_id);
    CREATE INDEX ON read.payments (company_id, happened_on DESC, pos DESC);
    CREATE TABLE read.settlements (
        company_id    uuid NOT NULL,
        invoice_id    uuid NOT NULL,
        pos           bigint NOT NULL,
        rank          integer NOT NULL,
        source_id     uuid NOT NULL,
        source        text NOT NULL,                      -- payment, credit_note, allocation, debt
        happened_on   date NOT NULL,
        settled_cents bigint NOT NULL,
        cash_cents    bigint NOT NULL,
        undone        boolean NOT NULL DEFAULT false,
        PRIMARY KEY (company_id, invoice_id, pos, rank)
    );
    CREATE INDEX ON read.settlements (company_id, source_id);
    """,
)


class PaymentRow(Row, frozen=True):
    """`kind`: `payment`, `refund`, `allocation` of what was left; in lists also `reversal`. `status`: `recorded`,
    `unallocated` (something of an over-payment is left), `reversed`, `reversal`. `numbers`: of the documents it
    settles. `pos`: of its entry.
    """

    id: UUID
    kind: str
    status: str
    client_id: UUID
    client: str
    method: str
    on: date
    amount_cents: int
    left_cents: int
    reference: str
    numbers: list[str]
    reversed_on: date | None
    cause: str
    pos: int


class Settlement(Row, frozen=True):
    """What one document takes off an invoice. `source`: `payment`, `credit_note`, `allocation` or `debt`;
    `cash_cents` of `settled_cents` is money; `undone`: bounced or reversed later; `number`: of the invoice.
    """

    pos: int
    source: str
    source_id: UUID
    invoice_id: UUID
    number: str
    on: date
    method: str
    settled_cents: int
    cash_cents: int
    undone: bool


def settlements_of(tx: Tx, source_id: UUID) -> list[Settlement]:
    """What a payment, an allocation or a credit note settles, by invoice."""
    return tx.rows(Settlement, SETTLEMENTS + "AND s.source_id = %(id)s ORDER BY number, s.pos, s.rank", id=source_id)


def settlements_on(tx: Tx, invoice_id: UUID) -> list[Settlement]:
    """What settles an invoice, in the order of the ledger."""
    return tx.rows(Settlement, SETTLEMENTS + "AND s.invoice_id = %(id)s ORDER BY s.pos, s.rank", id=invoice_id)


def sources_of(tx: Tx, row: PaymentRow) -> tuple[Source, ...]:
    """What a refund or an allocation drew on: what was left of payments and credit notes, each with its cents."""
    if row.kind == "refund":
        return streams.load(tx, Refund, row.id).recorded.sources
    if row.kind == "allocation":
        return (replace(streams.load(tx, Transfer, row.id).recorded.source, amount_cents=row.amount_cents),)
    return ()


SETTLEMENTS = """
    SELECT s.pos, s.source, s.source_id, s.invoice_id, coalesce(i.number, '') AS number, s.happened_on AS on,
           coalesce(p.method, '') AS method, s.settled_cents, s.cash_cents, s.undone
      FROM read.settlements s
      LEFT JOIN read.invoices i ON i.company_id = s.company_id AND i.id = s.invoice_id
      LEFT JOIN read.payments p ON p.company_id = s.company_id AND p.id = s.source_id
     WHERE s.company_id = %(company)s
    """


@projection.on(Payment.Created)
def _(tx: Tx, event: Payment.Created) -> None:
    _write(
        tx,
        event,
        "payment",
        event.received_on,
        method=event.method,
        cents=event.amount_cents,
        left=event.unallocated_cents,
    )
    _settle(tx, event, "payment", event.received_on)


@projection.on(Refund.Created)
def _(tx: Tx, event: Refund.Created) -> None:
    _write(tx, event, "refund", event.paid_on, method=event.method, cents=event.amount_cents)
    for source in event.sources:
        _take(tx, source.id, source.amount_cents)


@projection.on(Transfer.Created)
def _(tx: Tx, event: Transfer.Created) -> None:
    cents = sum(allocation.settled_cents for allocation in event.allocations)
    _write(tx, event, "allocation", event.allocated_on, method="", cents=cents)
    _settle(tx, event, "allocation", event.allocated_on)
    _take(tx, event.source.id, cents)


@projection.on(Payment.Reversed)
def _(tx: Tx, event: Payment.Reversed) -> None:
    _undo(tx, event.reversed_on, event.cause)


@projection.on(Transfer.Reversed)
def _(tx: Tx, event: Transfer.Reversed) -> None:
    _undo(tx, event.day, "")
    _take(tx, event.source.id, sum(allocation.settled_cents for allocation in event.allocations))


@projection.on(Invoice.Issued)
def _(tx: Tx, event: Invoice.Issued) -> None:
    _settle(tx, event, "credit_note", event.issued_on)


@projection.on(Debt.WrittenOff, Debt.Recovered)
def _(tx: Tx, event: Debt.WrittenOff | Debt.Recovered) -> None:
    _settle(tx, event, "debt", event.on)


@projection.on("subject.erased")
def _(tx: Tx, facts: dict[str, Any]) -> None:
    """Also what the law keeps sealed: lists and searches show it no more."""
    tx.execute(
        """
        UPDATE read.payments SET reference = ''
         WHERE company_id = %(company)s AND client_id = %(subject)s AND reference_seal <> ''
        """,
        subject=facts["subject_id"],
    )


def _write(tx: Tx, event: Any, kind: str, on: date, *, method: str, cents: int, left: int = 0) -> None:
    reference = getattr(event, "reference", "")
    tx.execute(
        """
        INSERT INTO read.payments (company_id, id, kind, client_id, method, happened_on, amount_cents, left_cents,
                                   reference, reference_seal, pos)
        VALUES (%(company)s, %(stream)s, %(kind)s, %(client_id)s, %(method)s, %(on)s, %(cents)s, %(left)s,
                %(reference)s, %(seal)s, %(pos)s)
        """,
        kind=kind,
        client_id=event.client_id,
        method=method,
        on=on,
        cents=cents,
        left=left,
        reference=opened_text(tx, reference),
        seal=seal_of(reference),
    )


def _settle(tx: Tx, event: Any, source: str, on: date) -> None:
    for rank, allocation in enumerate(allocations_of(event)):
        tx.execute(
            """
            INSERT INTO read.settlements (company_id, invoice_id, pos, rank, source_id, source, happened_on,
                                          settled_cents, cash_cents)
            VALUES (%(company)s, %(invoice_id)s, %(pos)s, %(rank)s, %(stream)s, %(source)s, %(on)s,
                    %(settled)s, %(cash)s)
            """,
            rank=rank,
            invoice_id=allocation.invoice_id,
            source=source,
            on=on,
            settled=allocation.settled_cents,
            cash=allocation.cash_cents,
        )


def _take(tx: Tx, payment_id: UUID, cents: int) -> None:
    """Takes from what is left of an over-payment; a credit note is none of these rows."""
    tx.execute(
        "UPDATE read.payments SET left_cents = left_cents - %(cents)s WHERE company_id = %(company)s AND id = %(id)s",
        id=payment_id,
        cents=cents,
    )


def _undo(tx: Tx, on: date, cause: str) -> None:
    tx.execute(
        """
        UPDATE read.payments SET reversed_on = %(on)s, cause = %(cause)s, left_cents = 0
         WHERE company_id = %(company)s AND id = %(stream)s
        """,
        on=on,
        cause=cause,
    )
    tx.execute("UPDATE read.settlements SET undone = true WHERE company_id = %(company)s AND source_id = %(stream)s")
