"""Links to the client's page of a document: opened, revoked. Rows beside the ledger, not entries: what the client
decides there is an entry of its own.
"""

from uuid import UUID

from domain.account import NotIssued
from domain.errors import NotFound
from domain.invoice import Invoice
from domain.quote import Quote, QuoteState
from ledger.entry import Entry


def open_link(entry: Entry, *, link_id: UUID, document_id: UUID, token_hash: str, days: int) -> None:
    """A link that lasts so many days; `token_hash` in hex. A quote's shows the offer of today, no later revision.

    Errors: `NotFound`, `NotIssued`, `QuoteState`.
    """
    kind, revision, client_id = _subject(entry, document_id)
    entry.beside(
        """
        INSERT INTO accounts.links (company_id, id, token_hash, kind, document_id, revision, client_id, created_by,
                                    expires_at)
        VALUES (%(company)s, %(id)s, decode(%(hash)s, 'hex'), %(kind)s, %(document)s, %(revision)s, %(client)s,
                %(actor)s, now() + make_interval(days => %(days)s))
        """,
        id=link_id, hash=token_hash, kind=kind, document=document_id, revision=revision, client=client_id,
        actor=entry.actor, days=days,
    )  # fmt: skip


def revoke_link(entry: Entry, *, link_id: UUID) -> None:
    """It answers no more, at once. Errors: `NotFound`."""
    if not entry.rows("SELECT 1 FROM accounts.links WHERE company_id = %s AND id = %s", link_id):
        raise NotFound("link", link_id)
    entry.beside(
        """
        UPDATE accounts.links SET revoked_at = now()
         WHERE company_id = %(company)s AND id = %(id)s AND revoked_at IS NULL
        """,
        id=link_id,
    )


def _subject(entry: Entry, document_id: UUID) -> tuple[str, int, UUID]:
    """What a link is to: its kind, its revision, its client."""
    try:
        quote = entry.get(Quote, document_id)
    except NotFound:
        invoice = entry.get(Invoice, document_id)
        if invoice.issued is None:
            raise NotIssued(document_id) from None
        return "invoice", 1, invoice.content.client_id
    if quote.sent is None or quote.state in ("draft", "discarded"):
        raise QuoteState(quote.number, quote.state)
    return "quote", quote.sent.revision, quote.content.client_id
