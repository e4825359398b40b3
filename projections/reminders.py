"""Reminders: what was chosen, what was sent, what is stopped. What screens ask of it is in `reminder_lists.py`."""

from typing import Any

import msgspec

from domain.debt import Debt
from domain.formal_notice import FormalNotice
from domain.invoice import Invoice
from domain.reminder import Reminder, Suspension
from domain.reminder_policy import LEVELS, ReminderPolicy
from projections.persons import opened_text, seal_of
from projections.projection import Projection
from projections.tx import Tx

projection = Projection(
    "reminders",
    1,
    """
    CREATE TABLE read.reminder_policy (
        company_id uuid PRIMARY KEY,
        policy     jsonb NOT NULL
    );
    CREATE TABLE read.reminders (                         -- an invoice in a mail
        company_id     uuid NOT NULL,
        sending_id     uuid NOT NULL,
        invoice_id     uuid NOT NULL,
        level          integer NOT NULL,                  -- rank of the step, from 0
        due_on         date NOT NULL,
        due_cents      bigint NOT NULL,
        interest_cents bigint NOT NULL,
        fee_cents      bigint NOT NULL,
        at             timestamptz NOT NULL,
        notice_id      uuid,
        PRIMARY KEY (company_id, invoice_id, sending_id)
    );
    CREATE INDEX ON read.reminders (company_id, at DESC);
    CREATE TABLE read.suspensions (
        company_id uuid NOT NULL,
        invoice_id uuid NOT NULL,
        cause      text NOT NULL,
        until_on   date,
        note       text NOT NULL,
        note_seal  text NOT NULL,
        at         timestamptz NOT NULL,
        PRIMARY KEY (company_id, invoice_id)
    );
    CREATE TABLE read.doubtful (
        company_id uuid NOT NULL,
        invoice_id uuid NOT NULL,
        PRIMARY KEY (company_id, invoice_id)
    );
    CREATE TABLE read.retentions (
        company_id uuid NOT NULL,
        invoice_id uuid NOT NULL,
        due_on     date NOT NULL,
        PRIMARY KEY (company_id, invoice_id)
    );
    CREATE TABLE read.formal_notices (
        company_id uuid NOT NULL,
        id         uuid NOT NULL,
        client_id  uuid NOT NULL,
        invoices   uuid[] NOT NULL,
        due_cents  bigint NOT NULL,
        made_on    date NOT NULL,
        pay_by     date NOT NULL,
        sha256     text NOT NULL,
        posted_on  date,
        reference  text NOT NULL DEFAULT '',
        PRIMARY KEY (company_id, id)
    );
    """,
)


@projection.on(ReminderPolicy.Created, ReminderPolicy.Changed)
def _(tx: Tx, event: ReminderPolicy.Created | ReminderPolicy.Changed) -> None:
    tx.execute(
        """
        INSERT INTO read.reminder_policy VALUES (%(company)s, %(policy)s)
        ON CONFLICT (company_id) DO UPDATE SET policy = excluded.policy
        """,
        policy=msgspec.json.encode(event.policy).decode(),
    )


@projection.on(Reminder.Created)
def _(tx: Tx, event: Reminder.Created) -> None:
    for one in event.reminded:
        tx.execute(
            """
            INSERT INTO read.reminders VALUES (%(company)s, %(stream)s, %(invoice)s, %(level)s, %(due_on)s,
                                               %(due_cents)s, %(interest_cents)s, %(fee_cents)s, %(at)s, %(notice)s)
            """,
            invoice=one.invoice_id,
            level=LEVELS.index(one.level),
            due_on=one.due_on,
            due_cents=one.due_cents,
            interest_cents=one.interest_cents,
            fee_cents=one.fee_cents,
            notice=event.notice_id,
        )


@projection.on(Suspension.Created, Suspension.Again)
def _(tx: Tx, event: Suspension.Created | Suspension.Again) -> None:
    tx.execute(
        """
        INSERT INTO read.suspensions
        VALUES (%(company)s, %(invoice)s, %(cause)s, %(until_on)s, %(note)s, %(seal)s, %(at)s)
        ON CONFLICT (company_id, invoice_id) DO UPDATE
           SET cause = excluded.cause, until_on = excluded.until_on, note = excluded.note,
               note_seal = excluded.note_seal, at = excluded.at
        """,
        invoice=event.invoice_id,
        cause=event.cause,
        until_on=event.until_on,
        note=opened_text(tx, event.note),
        seal=seal_of(event.note),
    )


@projection.on(Suspension.Resumed)
def _(tx: Tx, event: Suspension.Resumed) -> None:
    tx.execute(
        "DELETE FROM read.suspensions WHERE company_id = %(company)s AND invoice_id = %(invoice)s",
        invoice=event.invoice_id,
    )


@projection.on(Debt.Created)
def _(tx: Tx, event: Debt.Created) -> None:
    tx.execute(
        "INSERT INTO read.doubtful VALUES (%(company)s, %(invoice)s) ON CONFLICT DO NOTHING", invoice=event.invoice_id
    )


@projection.on(Invoice.Issued)
def _(tx: Tx, event: Invoice.Issued) -> None:
    for instalment in event.instalments:
        if instalment.kind == "retention":
            tx.execute("INSERT INTO read.retentions VALUES (%(company)s, %(stream)s, %(on)s)", on=instalment.due_on)


@projection.on(FormalNotice.Created)
def _(tx: Tx, event: FormalNotice.Created) -> None:
    tx.execute(
        """
        INSERT INTO read.formal_notices
        VALUES (%(company)s, %(stream)s, %(client)s, %(invoices)s, %(cents)s, %(made_on)s, %(pay_by)s, %(sha256)s)
        """,
        client=event.client_id,
        invoices=[one.invoice_id for one in event.reminded],
        cents=sum(one.due_cents for one in event.reminded),
        made_on=event.made_on,
        pay_by=event.pay_by,
        sha256=event.sha256,
    )


@projection.on(FormalNotice.Posted)
def _(tx: Tx, event: FormalNotice.Posted) -> None:
    tx.execute(
        """
        UPDATE read.formal_notices SET posted_on = %(on)s, reference = %(reference)s
         WHERE company_id = %(company)s AND id = %(stream)s
        """,
        on=event.posted_on,
        reference=event.reference,
    )


@projection.on("subject.erased")
def _(tx: Tx, facts: dict[str, Any]) -> None:
    tx.execute(
        "UPDATE read.suspensions SET note = '' WHERE company_id = %(company)s AND note_seal = ANY (%(digests)s)",
        digests=facts["digests"],
    )
