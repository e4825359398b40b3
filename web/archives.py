"""Archives: asked for by period, made by the worker, downloaded, put away by their owner, who says where."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, current_app, flash, make_response, redirect, request, send_file, url_for
from werkzeug.wrappers import Response

from audit.archive.fec import Year
from audit.archive.make import fits
from ledger.commands.archives import keep_archive
from projections import archives, closings, companies
from projections.tx import Tx
from web import archive_rows, forms
from web.books import company, do, read
from web.days import today, zone
from web.errors import again
from web.jobs.places import archive_file
from web.letterhead import named
from web.pages import show

SOON = timedelta(days=60)  # before the end of a seal's certificate: a provider takes some weeks

bp = Blueprint("archives", __name__, url_prefix="/archives")


def page(values: Any = None, errors: Any = None, problem: str = "") -> str:
    with read() as tx:
        first, last = _proposed(tx)
        return show(
            "archives/index.html", made=archives.every(tx), waiting=archive_rows.under_way(tx), zone=zone(tx),
            values=values or {"first": first.isoformat(), "last": last.isoformat()}, errors=errors or {},
            problem=problem, here=_here(archives.every(tx)), seal=archives.seal(tx), soon=today(tx) + SOON,
        )  # fmt: skip


@bp.get("/")
def index() -> str:
    return page()


@bp.post("/")
@again(page)
def ask() -> Response:
    fields = forms.Fields(request.form)
    first, last = fields.need("first", forms.date), fields.need("last", forms.date)
    if not fields.errors:
        with read() as tx:
            years, day = archives.fiscal_years(tx), today(tx)
        if not fits(first, last, [Year(year.first, year.last) for year in years]):
            fields.errors["last"] = "Une archive tient un exercice au plus, et ne finit pas avant son début."
        elif last > day:
            fields.errors["last"] = "Ce jour n’est pas encore venu."
    fields.check()
    archive_id = forms.uuid(request.form["command_id"])
    with current_app.extensions["pool"].connection() as conn:
        archive_rows.ask(conn, company(), archive_id, first, last)
    return redirect(url_for(".show_", archive_id=archive_id), 303)


@bp.get("/<uuid:archive_id>")
def show_(archive_id: UUID) -> Response:
    """The progress of an archive, then the archive."""
    with read() as tx:
        found, made, here = archive_rows.one(tx, archive_id), archives.one(tx, archive_id), zone(tx)
        name = file_name(tx, made) if made else ""
    if found is None and made is None:
        abort(404)
    running = made is None and found is not None and found.running
    answer = make_response(
        show(
            "archives/archive.html", "progress", archive=made, job=found, running=running, zone=here, name=name,
            there=archive_file(current_app.extensions["settings"], company(), archive_id).exists(),
        )
    )  # fmt: skip
    if "HX-Request" in request.headers and not running:
        answer.headers["HX-Refresh"] = "true"
    return answer


@bp.get("/<uuid:archive_id>.asice")
def download(archive_id: UUID) -> Response:
    path = archive_file(current_app.extensions["settings"], company(), archive_id)
    with read() as tx:
        made = archives.one(tx, archive_id)
        if made is None or not path.exists():
            abort(404)
        name = file_name(tx, made)
    return send_file(path, "application/vnd.etsi.asic-e+zip", as_attachment=True, download_name=name, etag=made.sha256)


@bp.post("/<uuid:archive_id>/annuler")
def cancel(archive_id: UUID) -> Response:
    with read() as tx:
        if archive_rows.one(tx, archive_id) is None:
            abort(404)
    with current_app.extensions["pool"].connection() as conn:
        archive_rows.cancel(conn, company(), archive_id)
    flash("L’archive n’est plus produite : rien n’en reste.")
    return redirect(url_for(".index"), 303)


@bp.post("/<uuid:archive_id>/conserver")
def keep(archive_id: UUID) -> Response:
    with read() as tx:
        if archives.one(tx, archive_id) is None:
            abort(404)
    fields = forms.Fields(request.form)
    where = fields.need("where", forms.text)
    fields.check()
    do(keep_archive, archive_id=archive_id, where=where)
    flash("C’est inscrit au registre : vous saurez où la retrouver.")
    return redirect(url_for(".show_", archive_id=archive_id), 303)


def file_name(tx: Tx, made: archives.ArchiveMade) -> str:
    """`archive-732829320-2026-01-01-2026-12-31.asice`."""
    found = companies.current(tx)
    name = f"archive-{(found and found.siren) or str(tx.company)[:8]}-{made.first_on}-{made.last_on}.asice"
    return named(name, ("FACTICE",) if found and found.training else ())


def _proposed(tx: Tx) -> tuple[date, date]:
    """The last closed year that no archive holds whole, else what came after the last archive, up to yesterday; today
    where nothing is over yet.
    """
    day, whole = today(tx), [made for made in archives.every(tx) if not made.provisional]
    last, years = max((made.last_on for made in whole), default=None), closings.between(tx, "year", date.min, date.max)
    if years and (last is None or last < years[-1].to_on):
        return years[-1].from_on, years[-1].to_on
    first = last + timedelta(days=1) if last else max(date(day.year, 1, 1), archives.first_day(tx))
    return min(first, day), max(first, day - timedelta(days=1)) if first < day else day


def _here(made: list[archives.ArchiveMade]) -> set[UUID]:
    """Those whose file is still on this machine."""
    settings = current_app.extensions["settings"]
    return {one.id for one in made if archive_file(settings, company(), one.id).exists()}
