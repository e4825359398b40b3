"""Lists of invoices: what screens ask of `read.invoices`."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from projections.listing import LIMIT, Filter, Total
from projections.tx import Row, Tx


class InvoiceRow(Row, frozen=True):
    """An invoice or credit note.

    `status`: `draft` `discarded`; `issued` `partly_paid` `late`; `paid` `credited` `written_off`; a credit note is
    `credit_open` while something of it is left, then `credit_used`. `due_on`: the first instalment not covered.
    `net_cents` and `gross_cents` None: a draft that cannot be priced yet. `left_cents`: of a credit note.
    `saved_at`: its last own entry. `copied_from`: the document it was copied from, and `replaces` if corrected.
    """

    id: UUID
    status: str
    kind: str
    number: str
    client_id: UUID
    client: str
    subject: str
    issued_on: date | None
    due_on: date | None
    days_late: int
    net_cents: int | None
    gross_cents: int | None
    outstanding_cents: int
    credited_cents: int
    lost_cents: int
    left_cents: int
    credits: UUID | None
    quote_id: UUID | None
    copied_from: UUID | None
    replaces: bool
    saved_at: datetime
    version: int


SORTS = {
    "number": "ORDER BY number = '', number, saved_at, id",
    "-number": "ORDER BY number = '' DESC, number DESC, saved_at DESC, id",
    "client": "ORDER BY client_sort, number DESC, id",
    "-client": "ORDER BY client_sort DESC, number DESC, id",
    "issued_on": "ORDER BY issued_on NULLS LAST, number, id",
    "-issued_on": "ORDER BY issued_on DESC NULLS FIRST, number DESC, id",
    "due_on": "ORDER BY due_on NULLS LAST, number, id",
    "-due_on": "ORDER BY due_on DESC NULLS LAST, number DESC, id",
    "gross": "ORDER BY gross_cents NULLS FIRST, id",
    "-gross": "ORDER BY gross_cents DESC NULLS LAST, id",
    "outstanding": "ORDER BY outstanding_cents, number, id",
    "-outstanding": "ORDER BY outstanding_cents DESC, number, id",
    "saved_at": "ORDER BY saved_at, id",
    "-saved_at": "ORDER BY saved_at DESC, id",
}
ROWS = """
    SELECT id, status, kind, number, client_id, client, subject, issued_on, due_on,
           CASE WHEN status = 'late' THEN %(today)s - due_on ELSE 0 END AS days_late, net_cents, gross_cents,
           outstanding_cents, credited_cents, lost_cents, left_cents, credits, quote_id, copied_from, replaces,
           saved_at, version
    """
TOTALS = """
    SELECT status, count(*) AS count, coalesce(sum(net_cents), 0)::bigint AS net_cents,
           coalesce(sum(gross_cents), 0)::bigint AS gross_cents, sum(outstanding_cents)::bigint AS outstanding_cents,
           sum(apart_cents)::bigint AS apart_cents
    """
FOUND = """
      FROM (
        SELECT i.*, coalesce(c.name, '') AS client, coalesce(c.sort, '') AS client_sort,
               CASE WHEN i.state <> 'issued' THEN i.state
                    WHEN i.kind = 'credit_note' AND i.left_cents > 0 THEN 'credit_open'
                    WHEN i.kind = 'credit_note' THEN 'credit_used'
                    WHEN i.outstanding_cents > 0 AND i.due_on < %(today)s THEN 'late'
                    WHEN i.outstanding_cents > 0 AND i.settled_cents > 0 THEN 'partly_paid'
                    WHEN i.outstanding_cents > 0 THEN 'issued'
                    WHEN i.lost_cents > 0 THEN 'written_off'
                    WHEN i.credited_cents >= i.gross_cents AND i.credited_cents > 0 THEN 'credited'
                    ELSE 'paid' END AS status
          FROM read.invoices i
          LEFT JOIN read.clients c ON c.company_id = i.company_id AND c.id = i.client_id
         WHERE i.company_id = %(company)s
           AND (%(kinds)s::text[] = '{}' OR i.kind = ANY (%(kinds)s))
           AND (%(client_id)s::uuid IS NULL OR i.client_id IN (SELECT id FROM read.clients
                 WHERE company_id = %(company)s AND %(client_id)s IN (id, survivor_id)))
           AND (%(first_on)s::date IS NULL OR i.issued_on >= %(first_on)s)
           AND (%(last_on)s::date IS NULL OR i.issued_on <= %(last_on)s)
           AND (%(from_cents)s::bigint IS NULL OR abs(i.gross_cents) >= %(from_cents)s)
           AND (%(to_cents)s::bigint IS NULL OR abs(i.gross_cents) <= %(to_cents)s)
           AND (%(late_from)s::integer IS NULL
                OR i.outstanding_cents > 0 AND %(today)s - i.due_on BETWEEN %(late_from)s AND %(late_to)s)
           AND (%(words)s::text[] = '{}' OR i.search || ' ' || coalesce(c.search, '') LIKE ALL (%(words)s)
                OR %(amount)s::bigint IN (abs(i.gross_cents), abs(i.net_cents), i.outstanding_cents))
        ) i
     WHERE CASE %(statuses)s::text[] WHEN '{}' THEN status <> 'discarded' OR %(all)s
                                     ELSE status = ANY (%(statuses)s) END
    """
BY_STATUS = " GROUP BY status ORDER BY status"
TO_COLLECT = " AND outstanding_cents > 0 ORDER BY due_on, number LIMIT %(limit)s"
OF_IDS = " AND id = ANY (%(ids)s) ORDER BY number = '', number, saved_at"


def page(
    tx: Tx, filter: Filter, today: date, *, sort: str = "-number", limit: int | None = 50, offset: int = 0
) -> list[InvoiceRow]:
    """Invoices found; `limit` None = all of them. Sorts: the keys of `SORTS`."""
    sql = ROWS + FOUND + SORTS[sort] + LIMIT
    return tx.rows(InvoiceRow, sql, **_params(filter, today), limit=limit, offset=offset)


def totals(tx: Tx, filter: Filter, today: date) -> list[Total]:
    """One row for each status that the filter finds, whatever the statuses it names: tabs, and the line of totals."""
    return tx.rows(Total, TOTALS + FOUND + BY_STATUS, **_params(filter, today) | {"statuses": [], "all": True})


def one(tx: Tx, id: UUID, today: date) -> InvoiceRow | None:
    return next(iter(_of_ids(tx, [id], today)), None)


def by_number(tx: Tx, number: str) -> UUID | None:
    """The invoice with this number, as printed."""
    found: UUID | None = tx.value(
        "SELECT id FROM read.invoices WHERE company_id = %(company)s AND number = %(number)s AND number <> ''",
        number=number,
    )
    return found


def to_collect(tx: Tx, today: date, *, client_id: UUID | None = None, limit: int | None = 20) -> list[InvoiceRow]:
    """Invoices with something outstanding, the longest due first."""
    params = _params(Filter(client_id=client_id), today)
    return tx.rows(InvoiceRow, ROWS + FOUND + TO_COLLECT, **params, limit=limit)


def credit_notes_of(tx: Tx, invoice_id: UUID, today: date) -> list[InvoiceRow]:
    """Credit notes of an invoice, drafts included, discarded ones not."""
    ids = tx.values(
        """
        SELECT id FROM read.invoices
         WHERE company_id = %(company)s AND credits = %(invoice_id)s AND state <> 'discarded'
        """,
        invoice_id=invoice_id,
    )
    return _of_ids(tx, ids, today)


def replacing(tx: Tx, invoice_id: UUID, today: date) -> list[InvoiceRow]:
    """Documents drafted in the place of an invoice that was corrected, drafts included, discarded ones not."""
    ids = tx.values(
        """
        SELECT id FROM read.invoices
         WHERE company_id = %(company)s AND copied_from = %(invoice_id)s AND replaces AND state <> 'discarded'
        """,
        invoice_id=invoice_id,
    )
    return _of_ids(tx, ids, today)


def of_quote(tx: Tx, quote_id: UUID, today: date) -> list[InvoiceRow]:
    """Invoices drawn from a quote, drafts included, discarded ones not."""
    ids = tx.values(
        """
        SELECT id FROM read.invoices
         WHERE company_id = %(company)s AND quote_id = %(quote_id)s AND state <> 'discarded'
        """,
        quote_id=quote_id,
    )
    return _of_ids(tx, ids, today)


def _of_ids(tx: Tx, ids: list[UUID], today: date) -> list[InvoiceRow]:
    return (
        tx.rows(InvoiceRow, ROWS + FOUND + OF_IDS, **_params(Filter(), today) | {"all": True}, ids=ids) if ids else []
    )


def _params(filter: Filter, today: date) -> dict[str, Any]:
    return filter.params() | {"today": today, "all": False}
