"""What clients owe: outstanding, overdue, aged, per client. Asked of the invoices' and the payments' tables."""

from datetime import date
from uuid import UUID

import msgspec

from projections.tx import Row, Tx


class Sum(Row, frozen=True):
    """Some documents, and cents."""

    count: int
    cents: int


class Overdue(Row, frozen=True):
    """What is past its due date: invoices, cents, days since the oldest due date."""

    count: int
    cents: int
    oldest_days: int


class Aged(Row, frozen=True):
    """Receivables by age: the part of each instalment that is not covered, by days since its due date."""

    not_due: Sum
    d1_30: Sum
    d31_60: Sum
    d61_90: Sum
    d91: Sum


class Balance(Row, frozen=True):
    """A client's account, with those merged into it. `invoiced_cents` with VAT, credit notes deducted; `credit_cents`:
    over-payments and credit notes not used yet.
    """

    invoiced_cents: int
    received_cents: int
    outstanding_cents: int
    overdue_cents: int
    credit_cents: int


class Credit(Row, frozen=True):
    """Money of a client that waits to be refunded or allocated; `kind`: `payment` or `credit_note`."""

    kind: str
    id: UUID
    number: str
    on: date
    left_cents: int


UNCOVERED = """
    WITH uncovered AS (
        SELECT i.id, n.due_on, least(n.cents, n.to_cents - i.settled_cents) AS cents
          FROM read.invoices i
          JOIN read.instalments n ON n.company_id = i.company_id AND n.invoice_id = i.id
         WHERE i.company_id = %(company)s AND i.outstanding_cents > 0 AND n.to_cents > i.settled_cents
           AND (%(client_id)s::uuid IS NULL OR i.client_id IN (SELECT id FROM read.clients
                 WHERE company_id = %(company)s AND %(client_id)s IN (id, survivor_id))))
    """
AGES = """
    SELECT age, count(DISTINCT id) AS count, sum(cents)::bigint AS cents
      FROM (SELECT width_bucket(%(today)s - due_on, ARRAY[1, 31, 61, 91]) AS age, id, cents FROM uncovered) AS aged
     GROUP BY age
    """
LATE = """
    SELECT count(DISTINCT id) AS count, coalesce(sum(cents), 0)::bigint AS cents,
           coalesce(%(today)s - min(due_on), 0) AS oldest_days
      FROM uncovered
     WHERE due_on < %(today)s
    """


class Age(Row, frozen=True):
    """0 = not due, 1 = up to 30 days, … 4 = more than 90."""

    age: int
    count: int
    cents: int


def outstanding(tx: Tx) -> Sum:
    """All that clients owe on issued invoices."""
    return tx.rows(
        Sum,
        """
        SELECT count(*) AS count, coalesce(sum(outstanding_cents), 0)::bigint AS cents
          FROM read.invoices
         WHERE company_id = %(company)s AND outstanding_cents > 0
        """,
    )[0]


def overdue(tx: Tx, today: date, *, client_id: UUID | None = None) -> Overdue:
    return tx.rows(Overdue, UNCOVERED + LATE, today=today, client_id=client_id)[0]


def aged(tx: Tx, today: date, *, client_id: UUID | None = None) -> Aged:
    found = {
        row.age: Sum(row.count, row.cents) for row in tx.rows(Age, UNCOVERED + AGES, today=today, client_id=client_id)
    }
    return Aged(*(found.get(age, Sum(0, 0)) for age in range(5)))


def balance(tx: Tx, client_id: UUID, today: date) -> Balance:
    row = tx.rows(
        Balance,
        """
        WITH own AS (SELECT id FROM read.clients
                      WHERE company_id = %(company)s AND %(client_id)s IN (id, survivor_id))
        SELECT coalesce(sum(i.gross_cents), 0)::bigint AS invoiced_cents,
               (SELECT coalesce(sum(CASE kind WHEN 'refund' THEN -amount_cents ELSE amount_cents END), 0)::bigint
                  FROM read.payments p
                 WHERE p.company_id = %(company)s AND p.client_id IN (SELECT id FROM own) AND p.kind <> 'allocation'
                   AND p.reversed_on IS NULL) AS received_cents,
               coalesce(sum(i.outstanding_cents), 0)::bigint AS outstanding_cents,
               0::bigint AS overdue_cents,
               0::bigint AS credit_cents
          FROM read.invoices i
         WHERE i.company_id = %(company)s AND i.client_id IN (SELECT id FROM own) AND i.state = 'issued'
        """,
        client_id=client_id,
    )[0]
    return msgspec.structs.replace(
        row,
        overdue_cents=overdue(tx, today, client_id=client_id).cents,
        credit_cents=sum(credit.left_cents for one in family(tx, client_id) for credit in credits_of(tx, one)),
    )


def family(tx: Tx, client_id: UUID) -> list[UUID]:
    """The client and those merged into it: an amount of one is settled by a payment of the same one only."""
    found: list[UUID] = tx.values(
        "SELECT id FROM read.clients WHERE company_id = %(company)s AND %(client_id)s IN (id, survivor_id)",
        client_id=client_id,
    )
    return found


def credits_of(tx: Tx, client_id: UUID) -> list[Credit]:
    """What is left of the client's over-payments and credit notes, the oldest first."""
    return tx.rows(
        Credit,
        """
        SELECT 'payment' AS kind, id, reference AS number, happened_on AS on, left_cents
          FROM read.payments
         WHERE company_id = %(company)s AND client_id = %(client_id)s AND kind = 'payment' AND left_cents > 0
         UNION ALL
        SELECT 'credit_note', id, number, issued_on, left_cents
          FROM read.invoices
         WHERE company_id = %(company)s AND client_id = %(client_id)s AND state = 'issued' AND left_cents > 0
         ORDER BY 4, 3
        """,
        client_id=client_id,
    )
