"""The editor of quotes and invoices: one form, with totals, catalogue, memory and preview beside it.

What a blueprint of documents uses, `kind` being `quote` or a kind of invoice:

    @bp.get("/devis/nouveau")
    def new(): return new_form({})

    def new_form(values, errors=None, problem=""):
        return editor.page("quote", values, errors, problem, action=url_for(".create"))

    @bp.post("/devis/nouveau")
    @again(new_form)
    def create():
        if answer := editor.pressed("quote"):                  # a button that saves nothing, without script
            return answer
        content = editor.read(request.form).checked()          # Invalid: the form again, as typed
        quote_id = editor.document_id()
        do(quotes.draft_quote, quote_id=quote_id, content=content)
        editor.saved(quote_id)                                 # forgets the keystrokes kept meanwhile

    def edit_form(quote_id, values, errors=None, problem=""):  # `document` brings what is saved, and shows a conflict
        return editor.page("quote", values, errors, problem, action=…, document=(Quote, quote_id))

`request.form.get("suite")` is set by the green button: save, then go on to send or issue. `editor.base_version()` is
what `revise_…` asks for. Routes for htmx are in `editor_side.py`.
"""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID, uuid4

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from domain.company import Company
from domain.invoice import Invoice
from domain.quote import Quote
from domain.recurring import Recurring
from projections import persons, streams
from projections.tx import Tx
from web import editor_conflict, editor_fields, editor_page, editor_scratch, forms
from web.books import new_id
from web.books import read as reading
from web.editor_fields import Draft
from web.pages import show

Document = Invoice | Quote | Recurring


def read(form: Mapping[str, str]) -> Draft:
    """The content that the form says; `.checked()` gives it or raises `forms.Invalid`."""
    return editor_fields.read(form)


def document_id() -> UUID:
    """The id of the document that the posted form edits, or makes."""
    known = request.form.get("document_id")
    return forms.uuid(known) if known else new_id("document")


def base_version() -> int:
    """The version of the document that was on the person's screen; 0 for a new one."""
    return int(request.form.get("base_version") or 0)


def begun(tx: Tx) -> dict[str, str]:
    """What a new document begins with: the company's habits."""
    return editor_page.begun(streams.load(tx, Company, tx.company))


def saved(document: UUID) -> None:
    """The form is in the ledger: what was kept of its keystrokes goes."""
    editor_scratch.forget(document)


def page(
    kind: str, values: Mapping[str, str], errors: Any = None, problem: str = "", *, action: str,
    document: tuple[type[Document], UUID] | None = None, begun: Mapping[str, str] | None = None,
    beside: Callable[[Any], Mapping[str, str]] | None = None,
) -> str:  # fmt: skip
    """The editor. `values` empty = the keystrokes asked back, or what is saved, or what a new document begins with:
    `begun`, else nothing but the company's habits. `beside` gives the fields of a saved document beyond its content.
    """
    with reading() as tx:
        company = streams.load(tx, Company, tx.company)
        found = streams.load(tx, *document) if document else None
        kept = editor_fields.values(persons.opened_content(tx, found.content)) if found else {}
        kept |= dict(beside(found)) if found and beside else {}
        typed = dict(values.items()) or _asked_back(kind, found)
        shown = editor_page.completed(
            tx, company, (typed or kept or dict(begun or {}) or editor_page.begun(company)) | _chosen()
        )
        others = _others(tx, found, kept, typed)
        return show(
            "editor/page.html", errors=errors or {}, problem=problem, action=action, document=found, others=others,
            scratch=None if typed else _scratch(tx, kind, found), command_id=_command_id(typed, found, others),
            version=found.version if found else 0,
            **editor_page.facts(tx, kind, company, shown, found.id if found else None),
        )  # fmt: skip


def pressed(kind: str, document: tuple[type[Document], UUID] | None = None) -> Response | str | None:
    """The answer to a button that saves nothing: a line more, the catalogue, a new client; None when it was none."""
    action = request.form.get("action", "")
    if action == "nouveau-client":
        editor_scratch.keep(kind, document_id(), request.form, base_version())
        return redirect(url_for("clients.new", retour=f"{request.path}?reprise={document_id()}"), 303)
    if not action:
        return None
    with reading() as tx:
        company = streams.load(tx, Company, tx.company)
        shown = editor_page.completed(tx, company, editor_page.changed(tx, company, request.form, action))
        found = streams.load(tx, *document) if document else None
        return show(
            "editor/page.html", errors={}, problem="", action=request.path, document=found, others=None, scratch=None,
            command_id=request.form["command_id"], version=base_version(),
            **editor_page.facts(tx, kind, company, shown, found.id if found else None),
        )  # fmt: skip


def _chosen() -> dict[str, str]:
    """The client that the address brings: from its card, or just created."""
    return {"client_id": request.args["client"]} if request.args.get("client") else {}


def _scratch(tx: Tx, kind: str, document: Document | None) -> editor_scratch.Kept | None:
    """Keystrokes that say something else than what is saved: the last ones may arrive after the save itself."""
    if document is None:
        return editor_scratch.unsaved(kind)
    kept = editor_scratch.of(document.id)
    saved = persons.opened_content(tx, document.content)
    return kept if kept and editor_fields.read(kept.fields).content != saved else None


def _asked_back(kind: str, document: Document | None) -> dict[str, str]:
    """The keystrokes that the person takes up again; nothing when she does not ask."""
    if "reprise" not in request.args:
        return {}
    kept = editor_scratch.of(document.id if document else forms.uuid(request.args["reprise"]))
    return kept.fields if kept else {}


def _others(
    tx: Tx, document: Document | None, kept: Mapping[str, str], typed: Mapping[str, str]
) -> editor_conflict.Others | None:
    if document is None or not typed or typed.get("base_version") == str(document.version):
        return None
    return editor_conflict.of(tx, document.id, kept, typed)


def _command_id(typed: Mapping[str, str], document: Document | None, others: object) -> str:
    """The form's own, so that it counts once; a new one when it has to be sent again over what another saved."""
    known = "" if others or (document and request.method == "GET") else typed.get("command_id", "")
    return known or str(uuid4())
