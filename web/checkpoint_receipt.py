"""One page to hand over: a checkpoint in print, and as a QR code."""

from datetime import datetime

from documents.page import document
from documents.pdf import print_page
from ledger.checkpoint import Checkpoint
from ledger.note import Note
from projections.tx import Tx
from web.days import zone
from web.filters import moment, plural
from web.letterhead import letterhead, named

KEY = """
    SELECT line::json #>> '{data,signer}' FROM ledger.entry
     WHERE company_id = %(company)s AND pos <= %(size)s AND (pos = 1 OR type = 'signer.declared')
     ORDER BY pos DESC LIMIT 1
    """  # the key of the time of the checkpoint


def receipt(tx: Tx, note: Note) -> tuple[str, bytes]:
    """The name of the file, and the PDF."""
    point = Checkpoint.read(note.text)
    at = datetime.fromisoformat(point.at)
    seller, stamps = letterhead(tx)
    printed = document(
        "receipt.html.j2", seller, "Reçu de point de contrôle", stamps=stamps, point=point,
        entries=plural(point.size, "écriture"), note=note.bytes.decode(), key=tx.value(KEY, size=point.size) or "",
        made=moment(at, zone(tx)),
    )  # fmt: skip
    return named(f"recu-{point.size}.pdf", stamps), print_page(printed, at.date())
