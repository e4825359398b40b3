"""« Preuve »: the fingerprint of a document, recomputed in the browser, and where the ledger's last checkpoint has it.

By a link: the line itself, the hash before it, the way to the root. By a fingerprint alone, as on paper: only that it
is there. For a hash is no secret: the proof of the next entry, a checkpoint, an archive tell it, and the line of an
invoice is its client's alone.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, render_template, request
from psycopg import Connection
from psycopg.rows import TupleRow

from audit.proof import ENTRY, Proof, prove
from ledger import chain, checkpoints
from ledger.succession import key_of
from web import forms
from web.public.door import Link, address, by_link, unindexed
from web.public.page import bp

ISSUES = """
    SELECT pos FROM ledger.entry
     WHERE company_id = %s AND stream_id = %s AND type IN ('invoice.issued', 'quote.sent') ORDER BY version
    """
PRINTED = """
    SELECT pos FROM ledger.entry
     WHERE company_id = %s AND substring(hash FROM 1 FOR 16) = decode(%s, 'hex') AND encode(hash, 'hex') LIKE %s
       AND type IN ('invoice.issued', 'quote.sent')
    """
FINGERPRINT = re.compile(r"[0-9a-f]{32}([0-9a-f]{32})?")  # what is printed as text, or all of it

by_fingerprint = Blueprint("fingerprints", __name__, url_prefix="/preuve")
unindexed(by_fingerprint)


class Evidence(NamedTuple):
    """An entry as it stands; `proof` when a checkpoint counts it; `key`, of that time, verifies the checkpoint."""

    ledger: UUID
    pos: int
    line: str
    previous: str
    proof: Proof | None
    key: str

    @property
    def hash(self) -> str:
        return chain.link(self.previous, self.line)

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(json.loads(self.line)["at"])

    @property
    def stood_at(self) -> datetime | None:
        """Of the checkpoint."""
        return datetime.fromisoformat(self.proof.checkpoint.at) if self.proof else None

    @property
    def path(self) -> list[str]:
        return [each.hex() for each in self.proof.path] if self.proof else []

    @property
    def note(self) -> str:
        return self.proof.note.bytes.decode() if self.proof else ""


@bp.get("/<token>/preuve")
@by_link
def proof(link: Link) -> str:
    return render_template("public/proof.html", evidence=of_link(link), address=address, discloses=True)


@bp.get("/<token>/preuve/preuve.txt")
@by_link
def proof_file(link: Link) -> Response:
    """The proof as C2SP tlog-proof, which `probant proof` and others check."""
    found = of_link(link)
    return _file(found.proof.bytes if found.proof else abort(404), f"preuve-{found.pos}.txt")


@bp.get("/<token>/preuve/ecriture.txt")
@by_link
def proof_entry(link: Link) -> Response:
    """The bytes whose SHA-256 is the fingerprint."""
    found = of_link(link)
    return _file(f"{found.previous}\n{found.line}\n".encode(), f"ecriture-{found.pos}.txt")


@by_fingerprint.get("/<uuid:ledger_id>")
def ask(ledger_id: UUID) -> str:
    with _ledger(ledger_id):
        return render_template("public/fingerprint.html", typed="", error="")


@by_fingerprint.post("/<uuid:ledger_id>")
def look(ledger_id: UUID) -> str | tuple[str, int]:
    with _ledger(ledger_id) as conn:
        typed = request.form.get("fingerprint", "").translate(forms.GAPS).lower()
        if not FINGERPRINT.fullmatch(typed):
            error = "Une empreinte a 32 ou 64 caractères, de 0 à 9 et de a à f."
            return render_template("public/fingerprint.html", typed=typed, error=error), 422
        row = conn.execute(PRINTED, (ledger_id, typed[:32], f"{typed}%")).fetchone()
        if row is None:
            error = "Aucun document de ce registre n’a cette empreinte. Vérifiez-la caractère par caractère."
            return render_template("public/fingerprint.html", typed=typed, error=error), 404
        evidence = _evidence(conn, ledger_id, row[0])
    return render_template("public/proof.html", evidence=evidence, discloses=False)


def of_link(link: Link) -> Evidence:
    with _ledger(link.company_id) as conn:
        issues = conn.execute(ISSUES, (link.company_id, link.document_id)).fetchall()
        return _evidence(conn, link.company_id, issues[link.revision - 1][0])


@contextmanager
def _ledger(ledger_id: UUID) -> Iterator[Connection[TupleRow]]:
    """A connection that sees this ledger; 404 when there is none."""
    with current_app.extensions["pool"].connection() as conn, conn.transaction():
        checkpoints.see(conn, ledger_id)
        if conn.execute("SELECT 1 FROM ledger.head WHERE company_id = %s", [ledger_id]).fetchone() is None:
            abort(404)
        yield conn


def _evidence(conn: Connection[TupleRow], ledger_id: UUID, pos: int) -> Evidence:
    note = checkpoints.covering(conn, ledger_id, pos)
    line, before = conn.execute(ENTRY, {"company": ledger_id, "pos": pos}).fetchone() or ("", None)
    proof = prove(conn, ledger_id, pos, note) if note else None
    key = key_of(conn, ledger_id, proof.checkpoint) if proof else ""
    return Evidence(ledger_id, pos, line, before or chain.genesis(str(ledger_id)), proof, key)


def _file(content: bytes, name: str) -> Response:
    answer = Response(content, mimetype="text/plain")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
