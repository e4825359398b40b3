"""Invoices of every kind, drafts and credit notes included, and what is left of each: the table and its handlers.

What screens ask of it is in `invoice_lists.py` and `receivables.py`.
"""

from typing import Any
from uuid import UUID

from domain.account import allocations_of
from domain.company import Company
from domain.debt import Debt
from domain.invoice import Invoice
from domain.lines import Allocation
from domain.payment import Payment, Refund
from domain.transfer import Transfer
from projections.drafts import totals as draft_totals
from projections.invoice_writes import FORGOTTEN, INSTALMENTS, ISSUED, SETTLED, TAKEN
from projections.persons import opened_text, seal_of
from projections.projection import Projection
from projections.tx import Tx

projection = Projection(
    "invoices",
    4,
    """
    CREATE TABLE read.invoices (
        company_id     uuid NOT NULL,
        id             uuid NOT NULL,
        kind           text NOT NULL,
        state          text NOT NULL,                     -- draft, discarded, issued
        number         text NOT NULL DEFAULT '',
        client_id      uuid NOT NULL,
        subject        text NOT NULL,
        subject_seal   text NOT NULL,
        credits        uuid,                              -- the invoice that this credit note corrects
        quote_id       uuid,
        copied_from    uuid,
        replaces       boolean NOT NULL DEFAULT false,    -- `copied_from`, which a credit note takes back
        issued_on      date,
        due_on         date,                              -- of the first instalment that is not covered
        net_cents      bigint,                            -- null: a draft that cannot be priced
        gross_cents    bigint,
        apart_cents    bigint NOT NULL DEFAULT 0,         -- of `gross_cents`: penalties and disbursements, no turnover
        payable_cents  bigint NOT NULL DEFAULT 0,
        settled_cents  bigint NOT NULL DEFAULT 0,         -- what left the debt: the next three, and discounts
        cash_cents     bigint NOT NULL DEFAULT 0,
        credited_cents bigint NOT NULL DEFAULT 0,         -- by credit notes on this invoice, also beyond the debt
        lost_cents     bigint NOT NULL DEFAULT 0,
        left_cents     bigint NOT NULL DEFAULT 0,         -- of a credit note: to refund, or to put on another invoice
        saved_at       timestamptz NOT NULL,
        version        bigint NOT NULL,
        outstanding_cents bigint NOT NULL GENERATED ALWAYS AS
            (CASE WHEN kind = 'credit_note' THEN 0 ELSE payable_cents - settled_cents END) STORED,
        search         text NOT NULL GENERATED ALWAYS AS (read.plain(number || ' ' || subject)) STORED,
        PRIMARY KEY (company_id, id)
    );
    CREATE INDEX ON read.invoices (company_id, client_id) WHERE state = 'issued';
    CREATE INDEX ON read.invoices (company_id, number) WHERE number <> '';
    CREATE INDEX ON read.invoices (company_id, due_on) WHERE outstanding_cents > 0;
    CREATE INDEX ON read.invoices (company_id) WHERE state = 'draft';
    CREATE INDEX ON read.invoices (company_id) WHERE left_cents > 0;
    CREATE INDEX ON read.invoices (company_id, quote_id) WHERE quote_id IS NOT NULL;
    CREATE INDEX ON read.invoices (company_id, credits) WHERE credits IS NOT NULL;
    CREATE INDEX ON read.invoices (company_id, copied_from) WHERE copied_from IS NOT NULL;
    CREATE TABLE read.instalments (                       -- an amount settled covers the first ones first
        company_id uuid NOT NULL,
        invoice_id uuid NOT NULL,
        to_cents   bigint NOT NULL,                       -- this instalment and those before it
        cents      bigint NOT NULL,
        due_on     date NOT NULL,
        rank       integer NOT NULL,
        PRIMARY KEY (company_id, invoice_id, rank)
    );
    CREATE TABLE read.invoices_seller (                   -- what drafts are priced by
        company_id uuid PRIMARY KEY,
        untaxed    boolean NOT NULL
    );
    """,
)


@projection.on(Invoice.Created, outdone_by=[Invoice.Issued])
def _(tx: Tx, event: Invoice.Created) -> None:
    tx.execute(
        """
        INSERT INTO read.invoices (company_id, id, kind, state, client_id, subject, subject_seal, credits, quote_id,
                                   copied_from, replaces, net_cents, gross_cents, saved_at, version)
        SELECT %(company)s, %(stream)s, %(kind)s, 'draft', %(client_id)s, %(subject)s, %(seal)s, %(credits)s,
               %(quote_id)s, %(copied_from)s, %(replaces)s,
               CASE WHEN s.untaxed THEN %(untaxed_cents)s::bigint ELSE %(net_cents)s END,
               CASE WHEN s.untaxed THEN %(untaxed_cents)s::bigint ELSE %(gross_cents)s END, %(at)s, %(version)s
          FROM (VALUES (%(company)s)) AS own (company_id) LEFT JOIN read.invoices_seller s USING (company_id)
        """,
        kind=event.kind,
        credits=event.credits,
        copied_from=event.copied_from,
        replaces=event.replaces,
        **_content(tx, event),
    )


@projection.on(Invoice.Revised, outdone_by=[Invoice.Revised, Invoice.Issued])
def _(tx: Tx, event: Invoice.Revised) -> None:
    tx.execute(
        """
        UPDATE read.invoices i
           SET client_id = %(client_id)s, subject = %(subject)s, subject_seal = %(seal)s, quote_id = %(quote_id)s,
               net_cents = CASE WHEN s.untaxed THEN %(untaxed_cents)s::bigint ELSE %(net_cents)s END,
               gross_cents = CASE WHEN s.untaxed THEN %(untaxed_cents)s::bigint ELSE %(gross_cents)s END,
               saved_at = %(at)s, version = %(version)s
          FROM (VALUES (%(company)s)) AS own (company_id) LEFT JOIN read.invoices_seller s USING (company_id)
         WHERE i.company_id = %(company)s AND i.id = %(stream)s
        """,
        **_content(tx, event),
    )


@projection.on(Invoice.Discarded)
def _(tx: Tx, event: Invoice.Discarded) -> None:
    tx.execute(
        """
        UPDATE read.invoices SET state = 'discarded', saved_at = %(at)s, version = %(version)s
         WHERE company_id = %(company)s AND id = %(stream)s
        """
    )


@projection.on(Invoice.Issued)
def _(tx: Tx, event: Invoice.Issued) -> None:
    asks = event.kind != "credit_note"
    tx.gather(
        ISSUED,
        id=event.originator_id,
        kind=event.kind,
        number=event.number,
        client_id=event.client_id,
        subject=opened_text(tx, event.subject),
        seal=seal_of(event.subject),
        credits=event.refers_to[0].invoice_id if event.refers_to else None,
        quote_id=event.refs.quote_id,
        issued_on=event.issued_on,
        due_on=min(i.due_on for i in event.instalments) if asks and event.payable_cents > 0 else None,
        net_cents=event.net_cents,
        gross_cents=event.gross_cents,
        apart_cents=event.gross_cents if event.kind == "debit_note" else event.disbursements_cents,
        payable_cents=event.payable_cents + event.prepaid_cents,  # what was paid before settles it like the rest
        left_cents=0 if asks else -event.gross_cents - sum(a.settled_cents for a in event.allocations),
        saved_at=tx.line.at,
        version=event.originator_version,
    )
    if asks:
        _gather_instalments(tx, event)
    _settle(tx, event)


@projection.on(Payment.Created, Payment.Reversed, Debt.WrittenOff, Debt.Recovered)
def _(tx: Tx, event: Any) -> None:
    _settle(tx, event)


@projection.on(Transfer.Created, Transfer.Reversed)
def _(tx: Tx, event: Transfer.Created | Transfer.Reversed) -> None:
    _settle(tx, event)
    _take(tx, event.source.id, sum(allocation.settled_cents for allocation in event.allocations))


@projection.on(Refund.Created)
def _(tx: Tx, event: Refund.Created) -> None:
    for source in event.sources:
        _take(tx, source.id, source.amount_cents)


@projection.after_all
def _(tx: Tx) -> None:
    """Documents issued come first; what is taken from them adds up, in any order."""
    for sql in (ISSUED, INSTALMENTS, SETTLED, TAKEN, FORGOTTEN):
        tx.write(sql)


@projection.on(Company.Configured)
def _(tx: Tx, event: Company.Configured) -> None:
    tx.execute(
        """
        INSERT INTO read.invoices_seller VALUES (%(company)s, %(untaxed)s)
        ON CONFLICT (company_id) DO UPDATE SET untaxed = excluded.untaxed
        """,
        untaxed=event.configuration.vat_regime == "franchise",
    )


@projection.on("subject.erased")
def _(tx: Tx, facts: dict[str, Any]) -> None:
    tx.gather(FORGOTTEN, client_id=facts["subject_id"], at=tx.line.at)


def _content(tx: Tx, event: Invoice.Created | Invoice.Revised) -> dict[str, Any]:
    content = event.content
    return {
        "client_id": content.client_id,
        "subject": opened_text(tx, content.subject),
        "seal": seal_of(content.subject),
        "quote_id": content.refs.quote_id,
        **draft_totals(content, tx.line.at.date()),
    }


def _gather_instalments(tx: Tx, event: Invoice.Issued) -> None:
    to_cents = event.prepaid_cents
    for rank, instalment in enumerate(sorted(event.instalments, key=lambda i: i.due_on)):
        to_cents += instalment.amount_cents
        tx.gather(
            INSTALMENTS,
            invoice_id=event.originator_id,
            rank=rank,
            due_on=instalment.due_on,
            cents=instalment.amount_cents,
            to_cents=to_cents,
        )


def _settle(tx: Tx, event: Any) -> None:
    """What an event takes off the debts of invoices (or, negative, puts back)."""
    for allocation in allocations_of(event):
        tx.gather(
            SETTLED,
            invoice_id=allocation.invoice_id,
            settled=allocation.settled_cents,
            cash=allocation.cash_cents,
            credited=_adjusted(allocation, "credit"),
            lost=_adjusted(allocation, "loss"),
        )


def _take(tx: Tx, credit_note_id: UUID, cents: int) -> None:
    """Takes from what is left of a credit note; an over-payment is none of these rows."""
    tx.gather(TAKEN, id=credit_note_id, cents=cents)


def _adjusted(allocation: Allocation, kind: str) -> int:
    return sum(adjustment.amount_cents for adjustment in allocation.adjustments if adjustment.kind == kind)
