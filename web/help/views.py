"""« Aide »: its contents, its pages, its search; readable without an account."""

from typing import Any

from flask import Blueprint, Flask, abort, request, url_for
from flask_security import current_user

from web.help import pages, screens
from web.help.search import search
from web.lists import Listing
from web.pages import show

bp = Blueprint("help", __name__, url_prefix="/aide")


def init(app: Flask) -> None:
    """`help_address()`: the page of the help that goes with the screen that is shown."""
    app.jinja_env.globals.update(help_address=address_here)


@bp.get("/")
def index() -> str:
    listing = Listing()
    contents = [(title, [pages.page(name) for name in names]) for title, names in pages.GROUPS]
    return shown("help/index.html", listing=listing, contents=contents, found=search(listing.q))


@bp.get("/<name>")
def page(name: str) -> str:
    if name not in pages.NAMES:
        abort(404)
    found = pages.page(name)
    return shown("help/page.html", page=found, text=pages.printed(found, address), groups=pages.GROUPS, title=_title)


def address(href: str) -> str:
    """`screen:clients.index`, `aide:clients#archiver`; anything else is left as it is."""
    kind, _, what = href.partition(":")
    if kind == "screen":
        return url_for(what)
    name, _, anchor = what.partition("#")
    return url_for("help.page", name=name, _anchor=anchor or None) if kind == "aide" else href


def address_here() -> str:
    """The page that goes with the screen; the contents for a screen that has none."""
    name, _, anchor = screens.page_of(request.endpoint or "").partition("#")
    return url_for("help.page", name=name, _anchor=anchor or None) if name else url_for("help.index")


def shown(template: str, **shown: Any) -> str:
    layout = "base.html" if current_user.is_authenticated else "help/outside.html"
    return show(template, layout=layout, **shown)


def _title(name: str) -> str:
    return pages.page(name).title
