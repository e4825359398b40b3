"""The picture that an identity prints, of today's or as it stands in a document."""

from domain.company import Company, Identity
from projections import persons, streams
from projections.tx import Tx


def today(tx: Tx) -> bytes:
    """The company's own; empty when it has none."""
    return of(tx, streams.load(tx, Company, tx.company).identity)


def of(tx: Tx, identity: Identity) -> bytes:
    """PNG; empty when there is none, or no more."""
    digest = persons.opened(tx, identity).logo
    if not digest:
        return b""
    sql = "SELECT bytes FROM ledger.blob WHERE company_id = %(company)s AND sha256 = %(sha256)s"
    return bytes(tx.value(sql, sha256=bytes.fromhex(digest)) or b"")
