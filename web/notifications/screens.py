"""Behind the bell: what is new, and which of it a person wants to be told, where."""

from typing import NamedTuple

from flask import Blueprint, flash, g, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from domain.errors import NotFound
from web.books import company, read, role
from web.days import zone
from web.lists import Listing
from web.notifications import rows
from web.notifications.kinds import ALL, BY_MAIL_ONLY, KINDS, Kind
from web.notifications.rows import Notification
from web.notifications.said import Said, said
from web.pages import show

bp = Blueprint("notifications", __name__, url_prefix="/notifications")


class Line(NamedTuple):
    """A notification and its sentence."""

    row: Notification
    said: Said
    kind: Kind


@bp.get("/")
def index() -> str:
    listing = Listing()
    with read() as tx:
        found = rows.page(tx, current_user.id, listing.size, listing.offset)
        lines = [Line(row, said(tx, row.kind, row.about), KINDS[row.kind]) for row in found]
        total, unread = rows.count(tx, current_user.id), rows.count(tx, current_user.id, unread=True)
        here = zone(tx)
    return show("notifications/index.html", listing=listing, lines=lines, total=total, unread=unread, zone=here)


@bp.post("/lu")
def read_all() -> Response:
    rows.read(company(), current_user.id)
    return redirect(url_for(".index"), 303)


@bp.post("/ouvrir")
def open_one() -> Response:
    """On to what it is about; it has been looked at. Errors: `NotFound`."""
    key = request.form.get("key", "")
    with read() as tx:
        row = rows.one(tx, current_user.id, key)
        if row is None:
            raise NotFound("notification", company())
        path = said(tx, row.kind, row.about).path
    rows.read(company(), current_user.id, key)
    return redirect(path, 303)


@bp.get("/reglages")
def settings() -> str:
    chosen = rows.choices(current_user.id)
    mine = {name: kind for name, kind in ALL.items() if role() in kind.roles}
    ways = {name: chosen.get(name, (kind.shown, kind.mailed)) for name, kind in mine.items()}
    return show("notifications/settings.html", kinds=mine, ways=ways, mail_only=set(BY_MAIL_ONLY))


@bp.post("/reglages")
def choose() -> Response:
    mine = (name for name, kind in ALL.items() if role() in kind.roles)
    rows.choose(
        current_user.id,
        {name: (f"shown.{name}" in request.form, f"mailed.{name}" in request.form) for name in mine},
    )
    flash("Notifications réglées.")
    return redirect(url_for(".settings"), 303)


@bp.app_template_global("unread_news")
def unread() -> int:
    """How much is new in the company that is open, for the bell."""
    if not g.get("membership"):
        return 0
    with read() as tx:
        return rows.count(tx, current_user.id, unread=True)
