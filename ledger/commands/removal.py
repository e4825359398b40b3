"""Clients and articles that nothing needs: removed, so that no list shows them; in the ledger they stay."""

from uuid import UUID

from domain.client import Client, ClientUsed
from domain.privacy import Privacy
from domain.product import Product
from ledger.commands.privacy import SUBJECTS
from ledger.entry import Entry

NAMED = r"""
    SELECT FROM ledger.entry e
     WHERE e.company_id = %s AND e.stream_id <> %s AND strpos(e.line, %s) > 0
       AND e.type ~ '^((quote|invoice|payment|refund|allocation|debt|recurring|reminder|document)\.|client\.merged$)'
     LIMIT 1
    """  # a draft that was discarded too: it may be taken up again


def remove_client(entry: Entry, *, client_id: UUID, erasure_id: UUID) -> None:
    """Its personal data and its contacts' are erased at once. Errors: `ClientUsed` when a document names it."""
    client = entry.get(Client, client_id)
    if entry.rows(NAMED, client_id, str(client_id)):
        raise ClientUsed(client_id)
    client.remove()
    entry.save(client)
    subjects = tuple(subject for (subject,) in entry.rows(SUBJECTS, client_id))
    if subjects:
        entry.save(Privacy.erase(erasure_id, client_id=client_id, subjects=subjects, ground="needless"))
        entry.defer("erase_person", erasure_id=erasure_id)


def remove_product(entry: Entry, *, product_id: UUID) -> None:
    product = entry.get(Product, product_id)
    product.remove()
    entry.save(product)
