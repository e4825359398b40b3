"""The file of an issued document on screen: on its way, there, or why not; downloads and numbered copies.

The frozen file is the original. Its issuer looks at it and downloads it as often as she likes: that hands nothing out.
What goes to the client a second time is a « duplicata », numbered, with an entry (DGFiP, guide of July 2026: a resend
says « duplicata »); it leaves by a button of its own, which asks why.
"""

from datetime import datetime
from typing import Any, NamedTuple, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, current_app, flash, redirect, request, url_for
from psycopg.types.json import Jsonb
from werkzeug.wrappers import Response as AnyResponse

from documents import frozen as papers
from domain.document import Document, document_stream
from ledger.commands.documents import copy_document
from projections import files, streams
from projections.files import Copy, File
from projections.tx import Row, Tx
from web import forms
from web.books import company, do, read
from web.days import zone
from web.pages import show
from web.sentences import KINDS

REASONS = {  # of `domain.document.CopyReason`
    "lost": "Le client a perdu l’original",
    "accounts": "Pour la comptabilité du client",
    "sent_again": "Envoyé de nouveau",
    "other": "Autre motif",
    "unpaid": "Facture demeurée impayée",  # made on the page of the debt, which knows the sums
}
ASKED = {reason: label for reason, label in REASONS.items() if reason != "unpaid"}
PROBLEMS = {  # of `web.rendering`
    "rules": "Le fichier n’est pas fait : la facture électronique ne respecte pas une règle officielle.",
    "xml": "Le fichier n’est pas fait : un texte contient un caractère que la facture électronique ne peut pas porter.",
    "characters": "Le fichier n’est pas fait : un texte contient des caractères qui ne peuvent pas être imprimés.",
    "too_long": "Le fichier n’est pas fait : le document a trop de lignes pour être imprimé.",
    "failed": "Le fichier n’est pas encore fait : une panne l’a empêché. Probant recommence de lui-même.",
}

bp = Blueprint("files", __name__, url_prefix="/documents")


class Problem(Row, frozen=True):
    """Why there is no file yet: `problem` is a key of `PROBLEMS`."""

    problem: str
    told: list[dict[str, Any]]
    failed_at: datetime

    @property
    def sentence(self) -> str:
        return PROBLEMS[self.problem]


class Paperwork(NamedTuple):
    """What the page of a document says of its file: `file` is None for a draft."""

    file: File | None
    problem: Problem | None
    copies: list[Copy]

    @classmethod
    def load(cls, tx: Tx, document_id: UUID) -> Self:
        file = files.one(tx, document_id)
        problem = None if file is None or file.sha256 else tx.row(Problem, PROBLEM, id=document_id)
        return cls(file, problem, files.copies(tx, document_id))

    @property
    def frozen(self) -> bool:
        return bool(self.file and self.file.sha256)


PROBLEM = """
    SELECT problem, told, failed_at FROM jobs.rendering WHERE company_id = %(company)s AND document_id = %(id)s
    """


def pdf(document_id: UUID) -> AnyResponse | None:
    """The frozen file, byte for byte; None while there is none, or when its term is over."""
    with read() as tx:
        file = files.frozen(tx, document_id)
        content = files.content(tx, file) if file else None
    if file is None or content is None:
        return None
    answer = _pdf(content, file_name(file))
    answer.set_etag(file.sha256)
    return answer.make_conditional(request)


def file_name(file: File) -> str:
    """`Facture F2026-0042.pdf`."""
    name = f"{KINDS.get(file.kind, 'Devis')} {file.number}".replace("/", "-")
    return f"{name} v{file.revision}.pdf" if file.revision > 1 else f"{name}.pdf"


@bp.get("/<uuid:document_id>")
def place(document_id: UUID) -> AnyResponse:
    """The page of the document."""
    with read() as tx:
        file = files.one(tx, document_id) or abort(404)
    return redirect(page_of(file), 303)


@bp.get("/<uuid:document_id>/fichier")
def state(document_id: UUID) -> str:
    """The block of the page that says where the file is, asked for again until it is there."""
    with read() as tx:
        work, here = Paperwork.load(tx, document_id), zone(tx)
    if work.file is None:
        abort(404)
    return show("files/panel.html", work=work, zone=here, reasons=REASONS)


@bp.post("/<uuid:document_id>/refaire")
def ask_again(document_id: UUID) -> AnyResponse:
    """Another try, at once. Nothing is recorded: the file will be."""
    with read() as tx:
        file = files.one(tx, document_id) or abort(404)
    with current_app.extensions["pool"].connection() as conn:
        ids = [Jsonb({"document_id": str(document_id)})]
        conn.execute("SELECT jobs.defer(%s, '{render_document}', %s, current_date)", (company(), ids))
    flash("Nouvel essai demandé.")
    return redirect(page_of(file), 303)


@bp.post("/<uuid:document_id>/duplicata")
def copy(document_id: UUID) -> AnyResponse:
    fields = forms.Fields(request.form)
    reason = fields.need("copy_reason", forms.one_of(ASKED))
    fields.check()
    with read() as tx:
        file = files.one(tx, document_id) or abort(404)
    number = do(copy_document, document_id=document_id, reason=reason)
    flash(f"Duplicata n° {number} inscrit au registre : téléchargez-le et remettez-le.")
    return redirect(page_of(file), 303)


@bp.get("/<uuid:document_id>/duplicata/<int:number>.pdf")
def duplicate(document_id: UUID, number: int) -> Response:
    """A copy that was recorded, always the same: the original with its mark."""
    with read() as tx:
        file, here = files.frozen(tx, document_id), zone(tx)
        copied = next((each for each in files.copies(tx, document_id) if each.copy == number), None)
        content = files.content(tx, file) if file else None
        unpaid = streams.load(tx, Document, document_stream(document_id)).unpaid.get(number) if content else None
    if file is None or copied is None or content is None:
        abort(404)
    on = copied.at.astimezone(ZoneInfo(here)).date()
    name = f"{file_name(file).removesuffix('.pdf')}, duplicata {number}.pdf"
    return _pdf(papers.duplicate(content, number, on, unpaid), name)


def page_of(file: File) -> str:
    if file.kind == "quote":
        return url_for("quotes.show", quote_id=file.document_id)
    return url_for("invoices.show", invoice_id=file.document_id)


def _pdf(content: bytes, name: str) -> Response:
    answer = Response(content, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "inline", filename=name)
    return answer
