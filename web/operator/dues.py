"""What the operator sees of subscriptions: offer, end, mandate, invoices that are not paid."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import current_app
from psycopg.rows import class_row

from projections.tx import Row
from web.books import read
from web.support.people import Connection

STANDINGS = """
    SELECT c.company_id, s.id, p.plan, p.to_on, s.ends_on, s.payment, s.mandate, s.mandate_on, s.unpaid,
           coalesce(u.username, '') AS username, coalesce(u.email, '') AS email,
           (SELECT coalesce(array_agg(document_id ORDER BY from_on), '{}') FROM accounts.subscription_periods
             WHERE subscription_id = s.id AND document_id IS NOT NULL) AS documents
      FROM accounts.companies c
      JOIN accounts.subscriptions s ON s.id = c.subscription_id
      LEFT JOIN accounts.users u ON u.id = s.user_id
     CROSS JOIN LATERAL (SELECT plan, to_on FROM accounts.subscription_periods WHERE subscription_id = s.id
                          ORDER BY from_on DESC, to_on DESC LIMIT 1) p
     WHERE c.company_id = ANY (%s)
    """
UNPAID = """
    SELECT id, number, issued_on, due_on, outstanding_cents
      FROM read.invoices
     WHERE company_id = %(company)s AND id = ANY (%(documents)s) AND outstanding_cents > 0
     ORDER BY issued_on, number
    """


class Standing(Row, frozen=True):
    """A company's subscription (`id`) and who decides on it; `documents`: its invoices, in the operator's own books."""

    company_id: UUID
    id: UUID
    plan: str
    to_on: date
    ends_on: date | None
    payment: str
    mandate: str
    mandate_on: date | None
    unpaid: bool
    username: str
    email: str
    documents: list[UUID]


class Unpaid(Row, frozen=True):
    """An invoice of a subscription of which something is due."""

    id: UUID
    number: str
    issued_on: date
    due_on: date
    outstanding_cents: int


def standings(conn: Connection, companies: Sequence[UUID]) -> dict[UUID, Standing]:
    """By company; those that the operator opened by hand have none."""
    with conn.cursor(row_factory=class_row(Standing)) as cursor:
        return {one.company_id: one for one in cursor.execute(STANDINGS, [list(companies)]).fetchall()}


def unpaid(found: Sequence[Standing]) -> dict[UUID, list[Unpaid]]:
    """By subscription, the oldest first: as the operator's own company has them. Empty when no company invoices."""
    operator: UUID | None = current_app.extensions["settings"].operator_company
    if operator is None:
        return {}
    with read(operator) as tx:
        every = tx.rows(Unpaid, UNPAID, documents=[document for one in found for document in one.documents])
    by_id: dict[UUID, Any] = {one.id: one for one in every}
    return {one.id: [by_id[document] for document in one.documents if document in by_id] for one in found}
