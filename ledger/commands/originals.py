"""Which mail takes the original of a document: one, the first that may leave; every other a numbered « duplicata »."""

from typing import Final
from uuid import UUID

from domain.document import Document, document_stream
from domain.errors import NotFound
from ledger.commands.documents import copy_document
from ledger.entry import Entry

HANDED_OUT = ("waiting", "held", "sending", "uncertain", "sent", "bounced")  # the document left, or may leave
ORIGINALS: Final = """
    SELECT FROM jobs.mail
     WHERE company_id = %s AND document_id = %s AND id <> %s AND kind <> 'reminder' AND copy = 0 AND state = ANY (%s)
    """


def copy_of(entry: Entry, invoice_id: UUID, sending_id: UUID) -> int:
    """The number of the « duplicata » that leaves when the document was handed out before, or may yet be; 0 the first
    time.
    """
    others = entry.rows(ORIGINALS, invoice_id, sending_id, list(HANDED_OUT))
    if not others and not _sendings(entry, invoice_id):
        return 0
    return copy_document(entry, document_id=invoice_id, reason="sent_again")


def copied_again(entry: Entry, sending_id: UUID) -> None:
    """A refused mail with the original leaves as a « duplicata » when the original was entrusted to another since."""
    mine = entry.rows(
        "SELECT document_id FROM jobs.mail WHERE company_id = %s AND id = %s AND attached AND copy = 0"
        " AND kind NOT IN ('quote', 'reminder')",
        sending_id,
    )
    if mine and entry.rows(ORIGINALS, mine[0][0], sending_id, list(HANDED_OUT)):
        entry.fetch(mine[0][0], document_stream(mine[0][0]))
        entry.beside(
            "UPDATE jobs.mail SET copy = %(copy)s WHERE company_id = %(company)s AND id = %(id)s",
            id=sending_id,
            copy=copy_document(entry, document_id=mine[0][0], reason="sent_again"),
        )


def _sendings(entry: Entry, invoice_id: UUID) -> int:
    try:
        return entry.get(Document, document_stream(invoice_id)).sendings
    except NotFound:
        return 0
