"""Recurring invoices. Their plan stands here as the ledger has it, sealed texts sealed; amounts are counted later."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from domain.recurring import Plan, Recurring
from domain.recurring_content import content_of
from projections import drafts, words
from projections.persons import opened_content
from projections.projection import Projection
from projections.tx import Row, Tx

projection = Projection(
    "recurring",
    1,
    """
    CREATE TABLE read.recurring (
        company_id  uuid NOT NULL,
        id          uuid NOT NULL,
        client_id   uuid NOT NULL,
        plan        text NOT NULL,                        -- JSON
        next_rank   integer NOT NULL DEFAULT 1,
        paused      boolean NOT NULL DEFAULT false,
        ended       boolean NOT NULL DEFAULT false,
        made        integer NOT NULL DEFAULT 0,           -- invoices
        copied_from uuid,
        PRIMARY KEY (company_id, id)
    );
    CREATE INDEX ON read.recurring (company_id, client_id);
    CREATE TABLE read.recurring_invoices (
        company_id   uuid NOT NULL,
        recurring_id uuid NOT NULL,
        due_on       date NOT NULL,
        invoice_id   uuid NOT NULL,
        PRIMARY KEY (company_id, recurring_id, due_on)
    );
    CREATE INDEX ON read.recurring_invoices (company_id, invoice_id);
    """,
)


class Stored(Row, frozen=True):
    id: UUID
    client_id: UUID
    client: str
    plan: str
    next_rank: int
    paused: bool
    ended: bool
    made: int
    untaxed: bool


class RecurringRow(msgspec.Struct, frozen=True):
    """A recurrence; `state` as in the domain. `net_cents`, `gross_cents`: of its next invoice (None: cannot be priced);
    `yearly_cents`: net, at that price, over twelve months while it is active.
    """

    id: UUID
    client_id: UUID
    client: str
    subject: str
    state: str
    plan: Plan
    next_on: date | None
    made: int
    net_cents: int | None
    gross_cents: int | None
    yearly_cents: int


class MadeRow(Row, frozen=True):
    """An invoice that a recurrence made; `number` empty for a draft."""

    invoice_id: UUID
    due_on: date
    issued_on: date | None
    state: str
    number: str
    gross_cents: int | None


class Refusal(Row, frozen=True):
    """A date whose invoice waits for a person: a draft that was not issued, or not even a draft (no `invoice_id`)."""

    recurring_id: UUID
    client: str
    due_on: date
    invoice_id: UUID | None
    told: str


FOUND = """
    SELECT r.id, r.client_id, coalesce(c.name, '') AS client, r.plan, r.next_rank, r.paused, r.ended, r.made,
           coalesce(s.untaxed, false) AS untaxed
      FROM read.recurring r
      LEFT JOIN read.clients c ON c.company_id = r.company_id AND c.id = r.client_id
      LEFT JOIN read.invoices_seller s ON s.company_id = r.company_id
     WHERE r.company_id = %(company)s
       AND (%(id)s::uuid IS NULL OR r.id = %(id)s)
       AND (%(client_id)s::uuid IS NULL OR r.client_id = %(client_id)s)
       AND (%(words)s::text[] = '{}' OR c.search LIKE ALL (%(words)s))
     ORDER BY c.sort, r.id
    """


def every(tx: Tx, q: str = "", client_id: UUID | None = None) -> list[RecurringRow]:
    """The next one due first, then those that rest, by client."""
    rows = _rows(tx, words=words.patterns(q), client_id=client_id, id=None)
    return sorted(rows, key=lambda row: (row.state != "active", row.next_on or date.max))


def one(tx: Tx, id: UUID) -> RecurringRow | None:
    return next(iter(_rows(tx, words=[], client_id=None, id=id)), None)


def due(tx: Tx, today: date) -> list[RecurringRow]:
    """Those with a date that has come, the oldest first."""
    return [row for row in every(tx) if row.state == "active" and row.next_on and row.next_on <= today]


def made_by(tx: Tx, recurring_id: UUID) -> list[MadeRow]:
    """The newest first."""
    return tx.rows(
        MadeRow,
        """
        SELECT m.invoice_id, m.due_on, i.issued_on, i.state, i.number, i.gross_cents
          FROM read.recurring_invoices m
          JOIN read.invoices i ON i.company_id = m.company_id AND i.id = m.invoice_id
         WHERE m.company_id = %(company)s AND m.recurring_id = %(id)s
         ORDER BY m.due_on DESC
        """,
        id=recurring_id,
    )


def maker_of(tx: Tx, invoice_id: UUID) -> UUID | None:
    """The recurrence that made an invoice."""
    found: UUID | None = tx.value(
        "SELECT recurring_id FROM read.recurring_invoices WHERE company_id = %(company)s AND invoice_id = %(id)s",
        id=invoice_id,
    )
    return found


def refusals(tx: Tx, recurring_id: UUID | None = None) -> list[Refusal]:
    """What still waits: drafts not issued nor given up since, dates still to come of which there is no draft."""
    return tx.rows(
        Refusal,
        """
        SELECT f.recurring_id, coalesce(c.name, '') AS client, f.due_on, f.invoice_id, f.told
          FROM jobs.recurring_refusal f
          JOIN read.recurring r ON r.company_id = f.company_id AND r.id = f.recurring_id
          LEFT JOIN read.clients c ON c.company_id = r.company_id AND c.id = r.client_id
          LEFT JOIN read.invoices i ON i.company_id = f.company_id AND i.id = f.invoice_id
         WHERE f.company_id = %(company)s AND (%(id)s::uuid IS NULL OR f.recurring_id = %(id)s)
           AND (i.state = 'draft' OR f.invoice_id IS NULL AND NOT r.ended AND NOT r.paused)
         ORDER BY f.due_on, c.sort
        """,
        id=recurring_id,
    )


@projection.on(Recurring.Created)
def _(tx: Tx, event: Recurring.Created) -> None:
    tx.execute(
        """
        INSERT INTO read.recurring (company_id, id, client_id, plan, copied_from)
        VALUES (%(company)s, %(stream)s, %(client_id)s, %(plan)s, %(copied_from)s)
        """,
        copied_from=event.copied_from,
        **_plan(event.plan),
    )


@projection.on(Recurring.Revised)
def _(tx: Tx, event: Recurring.Revised) -> None:
    tx.execute(
        """
        UPDATE read.recurring SET client_id = %(client_id)s, plan = %(plan)s, next_rank = %(next_rank)s
         WHERE company_id = %(company)s AND id = %(stream)s
        """,
        next_rank=event.next_rank,
        **_plan(event.plan),
    )


@projection.on(Recurring.Paused)
def _(tx: Tx, event: Recurring.Paused) -> None:
    tx.execute("UPDATE read.recurring SET paused = true WHERE company_id = %(company)s AND id = %(stream)s")


@projection.on(Recurring.Resumed)
def _(tx: Tx, event: Recurring.Resumed) -> None:
    tx.execute(
        """
        UPDATE read.recurring SET paused = false, next_rank = %(next_rank)s
         WHERE company_id = %(company)s AND id = %(stream)s
        """,
        next_rank=event.next_rank,
    )


@projection.on(Recurring.Ended)
def _(tx: Tx, event: Recurring.Ended) -> None:
    tx.execute("UPDATE read.recurring SET ended = true WHERE company_id = %(company)s AND id = %(stream)s")


@projection.on(Recurring.Invoiced)
def _(tx: Tx, event: Recurring.Invoiced) -> None:
    tx.execute(
        """
        WITH made AS (
            INSERT INTO read.recurring_invoices (company_id, recurring_id, due_on, invoice_id)
            VALUES (%(company)s, %(stream)s, %(due_on)s, %(invoice_id)s))
        UPDATE read.recurring SET next_rank = %(next_rank)s, made = made + 1
         WHERE company_id = %(company)s AND id = %(stream)s
        """,
        due_on=event.due_on,
        invoice_id=event.invoice_id,
        next_rank=event.next_rank,
    )


def _plan(plan: Plan) -> dict[str, Any]:
    return {"client_id": plan.content.client_id, "plan": msgspec.json.encode(plan).decode()}


def _rows(tx: Tx, **params: Any) -> list[RecurringRow]:
    stored = tx.rows(Stored, FOUND, **params)
    tx.open_seals(row.plan for row in stored)
    return [_told(tx, row) for row in stored]


def _told(tx: Tx, row: Stored) -> RecurringRow:
    plan = msgspec.json.decode(row.plan, type=Plan)
    next_on = None if row.ended else plan.schedule.date_of(row.next_rank)
    state = "ended" if row.ended else "finished" if next_on is None else "paused" if row.paused else "active"
    on = next_on or plan.schedule.first_on
    sums = drafts.totals(content_of(plan, on), on)
    net, gross = (sums["untaxed_cents"],) * 2 if row.untaxed else (sums["net_cents"], sums["gross_cents"])
    return RecurringRow(
        id=row.id, client_id=row.client_id, client=row.client, state=state, plan=plan, next_on=next_on, made=row.made,
        subject=str(opened_content(tx, plan.content).subject), net_cents=net, gross_cents=gross,
        yearly_cents=net * 12 // plan.schedule.every_months if net and state == "active" else 0,
    )  # fmt: skip
