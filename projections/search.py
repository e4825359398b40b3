"""The search of the top bar: clients, documents by number or words, amounts."""

from uuid import UUID

from projections import words
from projections.tx import Row, Tx


class Hit(Row, frozen=True):
    """Something found. `kind`: `client` `quote` `invoice` `payment` `product`; `title`: its name or number (empty for a
    draft); `detail`: the client, or the code of a client; `status`: the stored state of a document.
    """

    kind: str
    id: UUID
    title: str
    detail: str
    cents: int | None
    status: str


def find(tx: Tx, q: str, limit: int = 8) -> list[Hit]:
    """At most `limit` of each kind; nothing for an empty search."""
    if not words.patterns(q):
        return []
    return tx.rows(Hit, FIND, words=words.patterns(q), amount=words.amount(q), limit=limit)


FIND = """
    (SELECT 'client' AS kind, id, name AS title, code AS detail, NULL::bigint AS cents,
            CASE WHEN archived THEN 'archived' ELSE '' END AS status
       FROM read.clients
      WHERE company_id = %(company)s AND search LIKE ALL (%(words)s)
      ORDER BY archived, sort, id LIMIT %(limit)s)
    UNION ALL
    (SELECT 'invoice', i.id, i.number, coalesce(c.name, ''), i.gross_cents, i.state
       FROM read.invoices i
       LEFT JOIN read.clients c ON c.company_id = i.company_id AND c.id = i.client_id
      WHERE i.company_id = %(company)s AND i.state <> 'discarded'
        AND (i.search || ' ' || coalesce(c.search, '') LIKE ALL (%(words)s)
             OR %(amount)s::bigint IN (abs(i.gross_cents), abs(i.net_cents), i.outstanding_cents))
      ORDER BY i.saved_at DESC, i.id LIMIT %(limit)s)
    UNION ALL
    (SELECT 'quote', q.id, q.number, coalesce(c.name, ''), q.gross_cents, q.state
       FROM read.quotes q
       LEFT JOIN read.clients c ON c.company_id = q.company_id AND c.id = q.client_id
      WHERE q.company_id = %(company)s AND q.state <> 'discarded'
        AND (q.search || ' ' || coalesce(c.search, '') LIKE ALL (%(words)s)
             OR %(amount)s::bigint IN (q.gross_cents, q.net_cents))
      ORDER BY q.saved_at DESC, q.id LIMIT %(limit)s)
    UNION ALL
    (SELECT 'payment', p.id, p.reference, coalesce(c.name, ''), p.amount_cents,
            CASE WHEN p.reversed_on IS NULL THEN 'recorded' ELSE 'reversed' END
       FROM read.payments p
       LEFT JOIN read.clients c ON c.company_id = p.company_id AND c.id = p.client_id
      WHERE p.company_id = %(company)s AND p.kind <> 'allocation'
        AND (p.search LIKE ALL (%(words)s) OR %(amount)s::bigint IN (p.amount_cents, p.left_cents))
      ORDER BY p.happened_on DESC, p.pos DESC LIMIT %(limit)s)
    UNION ALL
    (SELECT 'product', id, label, reference, NULL, CASE WHEN archived THEN 'archived' ELSE '' END
       FROM read.products
      WHERE company_id = %(company)s AND search LIKE ALL (%(words)s)
      ORDER BY archived, sort, id LIMIT %(limit)s)
    """
