"""The logo of the company: sent from the settings, kept as a blob, printed on the documents that come after."""

from hashlib import sha256
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from documents import picture
from ledger.commands.companies import changing_logo
from projections import logos
from web import settings
from web.books import do, read
from web.errors import again

bp = Blueprint("logo", __name__, url_prefix="/reglages/logo")


@bp.get("")
def show() -> Response:
    with read() as tx:
        found = logos.today(tx)
    if not found:
        abort(404)
    return Response(found, mimetype="image/png")


@bp.post("")
@again(settings.page)
def change() -> AnyResponse:
    keep(request.files.get("logo"))
    flash("Logo enregistré : il vaut pour les prochains documents.")
    return redirect(url_for("settings.index"), 303)


def keep(file: FileStorage | None) -> None:
    """Errors: `NotALogo`."""
    _record(picture.logo(file.read(picture.LARGEST_BYTES + 1) if file else b""))


@bp.post("/retirer")
def remove() -> AnyResponse:
    _record(b"")
    flash("Logo retiré des prochains documents.")
    return redirect(url_for("settings.index"), 303)


def _record(content: bytes) -> Any:
    return do(changing_logo(content), sha256=sha256(content).hexdigest())
