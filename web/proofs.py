"""« Preuve »: what leaves the machine. The signed checkpoints, a receipt to hand over, the proof of one entry."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, Response, abort, current_app

from audit.proof import prove
from ledger import checkpoints
from ledger.checkpoint import Checkpoint
from ledger.checkpoints import Conn
from ledger.note import Note
from ledger.succession import named
from projections import checkpoints as rows
from web import checkpoint_receipt
from web.books import company, read
from web.days import zone
from web.pages import show

LAST = 30  # checkpoints on the page

bp = Blueprint("proofs", __name__, url_prefix="/registre")


@bp.get("/preuve")
def index() -> str:
    with read() as tx:
        found, here = rows.newest(tx, LAST), zone(tx)
    point = Checkpoint.read(Note.read(found[0].note.encode()).text) if found else None
    with _ledger() as conn:
        keys = named(conn, company())
    return show("proofs/index.html", checkpoints=found, point=point, zone=here, keys=keys)


@bp.get("/preuve/<int:size>.txt")
def note(size: int) -> Response:
    """The signed note, with the lines of its witnesses."""
    return _file(_note(size).bytes, "text/plain; charset=utf-8", f"point-de-controle-{size}.txt")


@bp.get("/preuve/<int:size>.tst")
def token(size: int) -> Response:
    """The time-stamp of the note as it was signed (RFC 3161)."""
    with read() as tx:
        found = rows.token(tx, size)
    if found is None:
        abort(404)
    return _file(found, "application/vnd.etsi.timestamp-token", f"point-de-controle-{size}.tst")


@bp.get("/preuve/<int:size>.pdf")
def receipt(size: int) -> Response:
    """One page to hand over: the checkpoint in print, and as a QR code."""
    found = _note(size)
    with read() as tx:
        name, content = checkpoint_receipt.receipt(tx, found)
    return _file(content, "application/pdf", name)


@bp.get("/<int:pos>/preuve")
def inclusion(pos: int) -> Response:
    """The proof that an entry is in the ledger, under the newest checkpoint."""
    with _ledger() as conn:
        found = checkpoints.covering(conn, company(), pos)
        if found is None or pos < 1:
            abort(404)
        content = prove(conn, company(), pos, found).bytes
    return _file(content, "text/plain; charset=utf-8", f"preuve-{pos}.tlog-proof")


def _note(size: int) -> Note:
    with _ledger() as conn:
        found = checkpoints.note(conn, company(), size)
    if found is None:
        abort(404)
    return found


@contextmanager
def _ledger() -> Iterator[Conn]:
    """The ledger itself, of the company that is open."""
    with current_app.extensions["pool"].connection() as conn, conn.transaction():
        checkpoints.see(conn, company())
        yield conn


def _file(content: bytes, media_type: str, name: str) -> Response:
    answer = Response(content, content_type=media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
