"""The audit trail of a document: which others belong to the same business, and what money moved on them.

Source: CGI art. 289, VII, 1°; BOI-TVA-DECLA-30-20-30-20 §§ 50 to 150.
"""

from uuid import UUID

from projections.tx import Tx

MOST = 200  # documents of one trail

DOCUMENTS = """
    WITH RECURSIVE linked (id) AS (
        SELECT %(id)s::uuid
         UNION
        SELECT beside.id
          FROM linked l
          JOIN LATERAL (
                SELECT unnest(ARRAY[quote_id, credits,
                                    CASE WHEN replaces OR kind = 'debit_note' THEN copied_from END]) AS id
                  FROM read.invoices WHERE company_id = %(company)s AND id = l.id
                 UNION ALL
                SELECT id FROM read.invoices WHERE company_id = %(company)s AND quote_id = l.id AND state <> 'discarded'
                 UNION ALL
                SELECT id FROM read.invoices WHERE company_id = %(company)s AND credits = l.id AND state <> 'discarded'
                 UNION ALL
                SELECT id FROM read.invoices
                 WHERE company_id = %(company)s AND copied_from = l.id AND (replaces OR kind = 'debit_note')
                   AND state <> 'discarded'
               ) beside ON beside.id IS NOT NULL
    )
    SELECT id FROM linked LIMIT %(most)s
    """
MONEY = """
    SELECT DISTINCT e.stream_id
      FROM ledger.mention m
      JOIN ledger.entry e ON e.company_id = m.company_id AND e.pos = m.pos
     WHERE m.company_id = %(company)s AND m.subject_id = ANY (%(ids)s) AND e.type <> 'invoice.issued'
    """
SOURCES = """
    SELECT DISTINCT m.subject_id
      FROM ledger.entry e
      JOIN ledger.mention m ON m.company_id = e.company_id AND m.pos = e.pos
      JOIN read.payments p ON p.company_id = m.company_id AND p.id = m.subject_id
     WHERE e.company_id = %(company)s AND e.stream_id = ANY (%(ids)s)
       AND e.type IN ('allocation.recorded', 'refund.recorded')
    """


def documents(tx: Tx, id: UUID) -> list[UUID]:
    """The quote, invoices, credit and debit notes of one business, the one asked for among them."""
    return tx.values(DOCUMENTS, id=id, most=MOST)


def money(tx: Tx, ids: list[UUID]) -> list[UUID]:
    """Payments, refunds, allocations, losses that moved these documents, with the payments that they drew on."""
    moved = tx.values(MONEY, ids=ids)
    return list(dict.fromkeys([*moved, *tx.values(SOURCES, ids=moved)]))
