"""What entries are about, as people call it: the documents, clients, articles, payments of a page by one query."""

from collections.abc import Iterable
from uuid import UUID

from projections.tx import Row, Tx


class Subject(Row, frozen=True):
    """`family`: `invoice` `quote` `client` `product` `payment` `recurring` `notice`, or `gone` when it was removed.
    `kind` of a document or a payment. `title`: number (empty: a draft), name or label. `client`: whose it is.
    """

    id: UUID
    family: str
    kind: str
    title: str
    client: str


OWNED = """
    SELECT o.id, o.family, o.kind, o.title, coalesce(c.name, '') AS client
      FROM (SELECT id, 'invoice' AS family, kind, number AS title, client_id FROM read.invoices
             WHERE company_id = %(company)s AND id = ANY (%(ids)s)
            UNION ALL
            SELECT id, 'quote', 'quote', number, client_id FROM read.quotes
             WHERE company_id = %(company)s AND id = ANY (%(ids)s)
            UNION ALL
            SELECT id, 'payment', kind, '', client_id FROM read.payments
             WHERE company_id = %(company)s AND id = ANY (%(ids)s)
            UNION ALL
            SELECT id, 'recurring', '', '', client_id FROM read.recurring
             WHERE company_id = %(company)s AND id = ANY (%(ids)s)
            UNION ALL
            SELECT id, 'notice', '', '', client_id FROM read.formal_notices
             WHERE company_id = %(company)s AND id = ANY (%(ids)s)) o
      LEFT JOIN read.clients c ON c.company_id = %(company)s AND c.id = o.client_id
    """
OTHERS = """
     UNION ALL
    SELECT id, 'client', kind, name, name FROM read.clients
     WHERE company_id = %(company)s AND id = ANY (%(ids)s)
     UNION ALL
    SELECT id, 'product', '', split_part(label, chr(10), 1), '' FROM read.products
     WHERE company_id = %(company)s AND id = ANY (%(ids)s)
     UNION ALL
    SELECT stream_id, 'gone', '', coalesce(line::jsonb #>> '{data,article,label}', line::jsonb #>> '{data,code}'), ''
      FROM ledger.entry e
     WHERE company_id = %(company)s AND stream_id = ANY (%(ids)s) AND version = 1
       AND type IN ('client.created', 'product.created')
       AND NOT EXISTS (SELECT FROM read.clients WHERE company_id = e.company_id AND id = e.stream_id)
       AND NOT EXISTS (SELECT FROM read.products WHERE company_id = e.company_id AND id = e.stream_id)
    """


def named(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Subject]:
    """Those of these streams that have a name, by their id."""
    asked = list(set(ids))
    return {row.id: row for row in tx.rows(Subject, OWNED + OTHERS, ids=asked)} if asked else {}
