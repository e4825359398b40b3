"""What the editor asks while somebody types: totals, lines, recipients, memory of keystrokes, preview."""

from collections.abc import Mapping
from typing import Literal, get_args
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from documents.from_domain import draft_paper
from documents.words import price
from domain.client import Client
from domain.company import Company
from domain.content import Kind
from projections import streams
from web import choices, documents, editor_lines, editor_page, editor_scratch, editor_totals, forms
from web.appearance import same_site
from web.books import read as reading
from web.days import today, zone
from web.editor import base_version, document_id, read
from web.filters import clock
from web.pages import show

KIND = f"<any(quote, recurring, {', '.join(get_args(Kind))}):kind>"

bp = Blueprint("editor", __name__, url_prefix="/saisie")
bp.add_app_template_global(price, "unit_price")


@bp.post(f"/{KIND}/totaux")
def totals(kind: str) -> str:
    """The amounts of what is typed."""
    with reading() as tx:
        counted = editor_totals.totals(tx, kind, read(request.form), today(tx), _known())
    rows = editor_lines.ranks(request.form)
    return show("editor/totals.html", kind=kind, totals=counted, rows=rows, values=request.form, choices=choices)


@bp.post(f"/{KIND}/lignes")
def lines(kind: str) -> tuple[str, dict[str, str]]:
    """The lines after a button of theirs; the totals are asked again."""
    with reading() as tx:
        company = streams.load(tx, Company, tx.company)
        after = editor_page.changed(tx, company, request.form, request.form.get("action", ""))
        facts = editor_page.facts(tx, kind, company, editor_page.completed(tx, company, after), _known())
    return show("editor/lines.html", errors={}, **facts), {"HX-Trigger": "saisie"}


@bp.post(f"/{KIND}/articles")
def articles(kind: str) -> str:
    """Products that a person looks for."""
    with reading() as tx:
        company = streams.load(tx, Company, tx.company)
        found = editor_page.found(tx, company, request.form)
        return show("editor/articles.html", kind=kind, values=request.form, articles=found)


@bp.post(f"/{KIND}/client")
def client(kind: str) -> str:
    """What depends on the client who was just chosen."""
    client_id = request.form.get("client_id", "")
    with reading() as tx:
        recipients = editor_page.recipients(tx, client_id)
        place = editor_page.usual_place(tx, editor_page.profile_of(tx, client_id))
    return show("editor/client.html", values=request.form, recipients=recipients, usual_place=place)


@bp.post(f"/{KIND}/brouillon")
def keep(kind: str) -> str:
    """Keeps the keystrokes, out of the ledger."""
    kept_at = editor_scratch.keep(kind, document_id(), request.form, base_version())
    with reading() as tx:
        return f"Enregistré à {clock(kept_at, zone(tx))}"


@bp.post("/ecarter")
def forget() -> AnyResponse:
    """Throws kept keystrokes away."""
    editor_scratch.forget(forms.uuid(request.form["document_id"]))
    flash("La saisie mise de côté est écartée.")
    return redirect(same_site(request.form.get("next", "/")), 303)


@bp.post(f"/{KIND}/apercu.pdf")
def preview(kind: str) -> Response:
    """The PDF of what is typed, saved or not."""
    content = read(request.form).checked()
    sold: Literal["quote"] | Kind = editor_totals.sold_as(kind) if kind != "quote" else "quote"
    with reading() as tx:
        company, buyer = streams.load(tx, Company, tx.company), streams.load(tx, Client, content.client_id)
        paper = draft_paper(
            sold, content, company, buyer, issued_on=today(tx), training=company.mode == "training", opening=tx.opened
        )
    return documents.preview(paper)


@bp.app_template_global()
def bad_at(errors: Mapping[str, str], name: str) -> Markup:
    """What marks a cell of the editor that was refused, and ties its message to it."""
    return Markup(' aria-invalid="true" aria-describedby="{}-erreur"').format(name) if errors.get(name) else Markup()


def _known() -> UUID | None:
    """The document that is edited; None for a new one."""
    known = request.form.get("document_id")
    return forms.uuid(known) if known else None
