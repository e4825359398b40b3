"""An import as a person goes through it: a file, what its columns are, what its lines would become, then it is made."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, current_app, flash, make_response, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from projections.tx import Tx
from web import forms
from web.books import company, read
from web.days import zone
from web.errors import again
from web.exports import csv_file
from web.filters import plural
from web.imports import columns, reading, rows
from web.imports.rows import Import
from web.lists import Listing
from web.pages import show
from web.subscriptions import standing

KIND = "<any(clients, catalogue):kind>"
KINDS = {"clients": "clients", "catalogue": "products"}
FOLDERS = {kind: folder for folder, kind in KINDS.items()}
WORDS = {"clients": ("client", "clients"), "products": ("article", "articles")}
SAMPLES = 3  # lines shown beside the columns
NAME = "import"  # of the command that each line is, for the plan's limits
RUNNING = ("judging", "running", "undoing")

bp = Blueprint("imports", __name__)
bp.add_app_template_global(lambda kind: FOLDERS[kind], "import_folder")


def form(kind: str, values: Any = None, errors: Any = None, problem: str = "") -> str:
    with read() as tx:
        return show(
            "imports/new.html", kind=KINDS[kind], folder=kind, words=WORDS[KINDS[kind]], errors=errors or {},
            problem=problem, fields=columns.labels(KINDS[kind]), before=rows.every(tx, KINDS[kind]), zone=zone(tx),
        )  # fmt: skip


@bp.get(f"/{KIND}/importer")
def new(kind: str) -> str:
    return form(kind)


@bp.post(f"/{KIND}/importer")
@again(form)
def send(kind: str) -> Response:
    file = request.files.get("file")
    try:
        sheet = reading.sheet(file.read(reading.LARGEST_BYTES + 1) if file else b"")
    except forms.Unreadable as unreadable:
        raise forms.Invalid({"file": str(unreadable)}) from None
    import_id, what = forms.uuid(request.form["command_id"]), KINDS[kind]
    with _connection() as conn:
        standing.check(conn, company(), import_id, NAME)
        rows.add(
            conn, company(), import_id, current_user.id, what, forms.file_name(file.filename if file else ""),
            sheet.heads, columns.guessed(what, sheet.heads), sheet.rows,
        )  # fmt: skip
    return redirect(url_for(".show_", import_id=import_id), 303)


@bp.get("/imports/<uuid:import_id>")
def show_(import_id: UUID) -> Response:
    return make_response(page(import_id))


def page(import_id: UUID, values: Any = None, errors: Any = None, problem: str = "") -> Any:
    """The columns and lines of a file; while the worker is at it, how far it is."""
    listing = Listing(filters=("lignes",))
    with read() as tx:
        found = found_of(tx, import_id)
        counts = counted(tx, found)
        verdict = listing["lignes"] if listing["lignes"] in ("good", "duplicate", "bad") else ""
        answer = make_response(show(
            "imports/page.html", "progress", found=found, counts=counts, listing=listing, verdict=verdict,
            total=counts.get(verdict, found.lines), running=found.state in RUNNING, words=WORDS[found.kind],
            fields=columns.labels(found.kind), needed=columns.NEEDED[found.kind], errors=errors or {}, problem=problem,
            samples=rows.lines(tx, import_id, "", SAMPLES), zone=zone(tx),
            lines=[] if found.state in RUNNING else rows.lines(tx, import_id, verdict, listing.size, listing.offset),
        ))  # fmt: skip
    if "HX-Request" in request.headers and found.state not in RUNNING:
        answer.headers["HX-Refresh"] = "true"
    return answer


@bp.post("/imports/<uuid:import_id>/colonnes")
@again(page)
def choose(import_id: UUID) -> Response:
    found = _own(import_id)
    known = columns.labels(found.kind)
    chosen = [request.form.get(f"column.{rank}", "") for rank in range(len(found.columns))]
    chosen = [field if field in known else "" for field in chosen]
    twice = next((field for field in chosen if field and chosen.count(field) > 1), "")
    if twice:
        raise forms.Invalid({f"column.{chosen.index(twice)}": f"Deux colonnes sont « {known[twice]} »."})
    with _connection() as conn:
        rows.choose(conn, company(), import_id, chosen)
    return redirect(url_for(".show_", import_id=import_id), 303)


@bp.post("/imports/<uuid:import_id>/importer")
def run(import_id: UUID) -> Response:
    _own(import_id)
    return _go(import_id, "shown", "running", doubles=bool(request.form.get("doubles")))


@bp.post("/imports/<uuid:import_id>/defaire")
def undo(import_id: UUID) -> Response:
    found = _own(import_id)
    return _go(import_id, "done", "undoing", doubles=found.doubles)


@bp.post("/imports/<uuid:import_id>/ecarter")
def drop(import_id: UUID) -> Response:
    found = _own(import_id)
    with _connection() as conn:
        rows.drop(conn, company(), import_id)
    flash("Fichier écarté : rien n’en a été importé.")
    return redirect(url_for(".new", kind=FOLDERS[found.kind]), 303)


@bp.get("/imports/<uuid:import_id>/a-corriger.csv")
def rest(import_id: UUID) -> Response:
    """The lines that were not made, as they were sent, with what is in the way: to be corrected and sent again."""
    with read() as tx:
        found, lines = found_of(tx, import_id), rows.refused(tx, import_id)
    return csv_file("a-corriger", (*found.columns, "Problème"), ((*line.cells, line.told) for line in lines))


def counted(tx: Tx, found: Import) -> dict[str, int]:
    """Lines by verdict and by result; `waiting`: those that the worker has still before it, `over`: behind it."""
    counts: dict[str, int] = dict.fromkeys(("good", "duplicate", "bad", "made", "refused", "archived", "kept"), 0)
    undone = judged = done = 0
    for tally in rows.tallies(tx, found.id):
        judged += tally.count if tally.verdict else 0
        done += tally.count if tally.result else 0
        undone += tally.count if tally.result in ("archived", "kept") else 0
        for key in filter(None, (tally.verdict, tally.result)):
            counts[key] += tally.count
    wanted = counts["good"] + (counts["duplicate"] if found.doubles else 0)
    counts["over"] = {"judging": judged, "running": done, "undoing": undone}.get(found.state, 0)
    counts["aim"] = {"judging": found.lines, "running": wanted, "undoing": undone + counts["made"]}.get(found.state, 0)
    return counts


def found_of(tx: Tx, import_id: UUID) -> Import:
    found = rows.one(tx, import_id)
    return found or abort(404)


def _own(import_id: UUID) -> Import:
    with read() as tx:
        return found_of(tx, import_id)


def _go(import_id: UUID, before: str, after: str, *, doubles: bool) -> Response:
    with _connection() as conn:
        standing.check(conn, company(), import_id, NAME)
        rows.go(conn, company(), import_id, current_user.id, before, after, doubles=doubles)
    return redirect(url_for(".show_", import_id=import_id), 303)


def _connection() -> Any:
    return current_app.extensions["pool"].connection()


@bp.app_template_global("import_counted")
def said(count: int, words: tuple[str, str]) -> str:
    return plural(count, *words)
