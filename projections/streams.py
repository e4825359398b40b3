"""Things in full, from the lines of the ledger: what the editor, the document page and the paper need.

Each loads what opens the seals of its lines: `tx.opened(digest)` answers from then on, None for what was erased.
"""

from typing import Any, TypeVar
from uuid import UUID

from domain.account import receivable as receivable_of
from domain.aggregate import Aggregate
from domain.errors import NotFound
from domain.invoice import Invoice
from domain.settlement import Receivable
from projections.tx import Tx

A = TypeVar("A", bound=Aggregate)


def load(tx: Tx, kind: type[A], id: UUID) -> A:
    """The aggregate as the ledger has it. Errors: `NotFound` when there is none, or it is of another kind."""
    found: Aggregate | None = None
    for event in _events(tx, STREAM, id):
        found = event.mutate(found)
    if not isinstance(found, kind):
        raise NotFound(kind.TOPIC, id)
    return found


def mentions(tx: Tx, id: UUID) -> list[Any]:
    """Events of other streams that settle, credit, refund or continue a document, in the order of the ledger."""
    return _events(tx, MENTIONS, id)


def receivable(tx: Tx, invoice: Invoice) -> Receivable:
    """What an issued invoice still has to bring, part by part. Errors: `NotIssued`."""
    return receivable_of(invoice, mentions(tx, invoice.id))


def hash_of(tx: Tx, id: UUID, type: str) -> str:
    """The hash, in hex, of the last entry of that type in a stream: the fingerprint that its paper prints. Empty when
    there is none.
    """
    found = tx.value(
        """
        SELECT encode(hash, 'hex')
          FROM ledger.entry
         WHERE company_id = %(company)s AND stream_id = %(id)s AND type = %(type)s
         ORDER BY version DESC
         LIMIT 1
        """,
        id=id,
        type=type,
    )
    return found or ""


STREAM = """
    SELECT line FROM ledger.entry WHERE company_id = %(company)s AND stream_id = %(id)s ORDER BY version
    """
MENTIONS = """
    SELECT e.line
      FROM ledger.mention m
      JOIN ledger.entry e ON e.company_id = m.company_id AND e.pos = m.pos
     WHERE m.company_id = %(company)s AND m.subject_id = %(id)s
     ORDER BY m.pos
    """


def _events(tx: Tx, sql: str, id: UUID) -> list[Any]:
    lines = tx.values(sql, id=id)
    tx.open_seals(lines)
    return [tx.mapper.decode(line) for line in lines]
