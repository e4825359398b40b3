"""The list of payments: what screens ask of `read.payments`.

A payment that was undone stands there twice: on its day, and as a `reversal` on the day that it was undone, below
zero: so the list of a month adds up to what that month brought.
"""

from typing import Any
from uuid import UUID

from projections.listing import LIMIT, Filter, Total
from projections.payments import PaymentRow
from projections.tx import Tx

SORTS = {
    "on": "ORDER BY happened_on, pos",
    "-on": "ORDER BY happened_on DESC, pos DESC",
    "client": "ORDER BY client_sort, pos",
    "-client": "ORDER BY client_sort DESC, pos DESC",
    "amount": "ORDER BY amount_cents, pos",
    "-amount": "ORDER BY amount_cents DESC, pos DESC",
}
ROWS = """
    SELECT id, kind, status, client_id, client, method, happened_on AS on, amount_cents, left_cents, reference,
           ARRAY(SELECT i.number FROM read.settlements s
                   JOIN read.invoices i ON i.company_id = s.company_id AND i.id = s.invoice_id
                  WHERE s.company_id = %(company)s AND s.source_id = p.id ORDER BY i.number) AS numbers,
           reversed_on, cause, pos
    """
TOTALS = """
    SELECT status, count(*) AS count, 0::bigint AS net_cents,
           sum(amount_cents * CASE kind WHEN 'payment' THEN 1 WHEN 'allocation' THEN 0 ELSE -1 END)::bigint
               AS gross_cents, sum(left_cents)::bigint AS outstanding_cents
    """
FOUND = """
      FROM (
        SELECT p.*, coalesce(c.name, '') AS client, coalesce(c.sort, '') AS client_sort,
               CASE WHEN p.kind = 'reversal' THEN 'reversal'
                    WHEN p.reversed_on IS NOT NULL THEN 'reversed'
                    WHEN p.left_cents > 0 THEN 'unallocated'
                    ELSE 'recorded' END AS status
          FROM (SELECT * FROM read.payments WHERE company_id = %(company)s
                UNION ALL
                SELECT (jsonb_populate_record(r, jsonb_build_object('kind', 'reversal', 'happened_on', reversed_on))).*
                  FROM read.payments r
                 WHERE company_id = %(company)s AND kind = 'payment' AND reversed_on IS NOT NULL) p
          LEFT JOIN read.clients c ON c.company_id = p.company_id AND c.id = p.client_id
         WHERE p.company_id = %(company)s
           AND (%(id)s::uuid IS NULL OR p.id = %(id)s)
           AND CASE %(kinds)s::text[] WHEN '{}' THEN p.kind <> 'reversal' ELSE p.kind = ANY (%(kinds)s) END
           AND (%(methods)s::text[] = '{}' OR p.method = ANY (%(methods)s))
           AND (%(client_id)s::uuid IS NULL OR p.client_id IN (SELECT id FROM read.clients
                 WHERE company_id = %(company)s AND %(client_id)s IN (id, survivor_id)))
           AND (%(first_on)s::date IS NULL OR p.happened_on >= %(first_on)s)
           AND (%(last_on)s::date IS NULL OR p.happened_on <= %(last_on)s)
           AND (%(from_cents)s::bigint IS NULL OR p.amount_cents >= %(from_cents)s)
           AND (%(to_cents)s::bigint IS NULL OR p.amount_cents <= %(to_cents)s)
           AND (%(words)s::text[] = '{}' OR p.search || ' ' || coalesce(c.search, '') LIKE ALL (%(words)s)
                OR %(amount)s::bigint IN (p.amount_cents, p.left_cents)
                OR p.id IN (SELECT s.source_id FROM read.settlements s
                              JOIN read.invoices i ON i.company_id = s.company_id AND i.id = s.invoice_id
                             WHERE s.company_id = %(company)s AND i.company_id = %(company)s AND i.number = %(number)s))
        ) p
     WHERE (%(statuses)s::text[] = '{}' OR status = ANY (%(statuses)s))
    """
BY_STATUS = " GROUP BY status ORDER BY status"


def page(
    tx: Tx,
    filter: Filter,
    *,
    methods: tuple[str, ...] = (),
    sort: str = "-on",
    limit: int | None = 50,
    offset: int = 0,
) -> list[PaymentRow]:
    """Payments, refunds, allocations found, reversals where `kinds` names them; `limit` None = all. Sorts: `SORTS`."""
    sql = ROWS + FOUND + SORTS[sort] + LIMIT
    return tx.rows(PaymentRow, sql, **_params(filter, methods), limit=limit, offset=offset)


def totals(tx: Tx, filter: Filter, *, methods: tuple[str, ...] = ()) -> list[Total]:
    """One row for each status found: `gross_cents` = received less refunded and undone, `outstanding_cents` = left of
    over-payments.
    """
    return tx.rows(Total, TOTALS + FOUND + BY_STATUS, **_params(filter, methods) | {"statuses": []})


def one(tx: Tx, id: UUID) -> PaymentRow | None:
    return tx.row(PaymentRow, ROWS + FOUND, **_params(Filter(), ()) | {"id": id})


def _params(filter: Filter, methods: tuple[str, ...]) -> dict[str, Any]:
    return filter.params() | {"id": None, "methods": list(methods), "number": filter.q.strip().upper()}
