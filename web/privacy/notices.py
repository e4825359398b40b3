"""What everybody may read of this installation: legal notice, privacy, hosting and processors, cookies."""

from typing import Any, NamedTuple

from flask import Blueprint, current_app

from ledger.version import VERSION
from web.pages import show
from web.privacy.hosting import hosting_of, reached

bp = Blueprint("legal", __name__)


class Cookie(NamedTuple):
    """A cookie that this program sets; there is no other, and a test looks."""

    name: str
    purpose: str
    lasts: str


def cookies() -> list[Cookie]:
    session = current_app.config["SESSION_COOKIE_NAME"]
    return [
        Cookie(session, "vous reconnaître d’une page à l’autre, protéger les formulaires", "la session du navigateur"),
        Cookie("theme", "retenir l’apparence choisie : claire, sombre", "un an, si vous en choisissez une"),
    ]


@bp.get("/mentions-legales")
def notice() -> str:
    return _page("notice")


@bp.get("/confidentialite")
def privacy() -> str:
    return _page("privacy")


@bp.get("/hebergement")
def hosting() -> str:
    return _page("hosting", reached=reached(current_app.extensions["settings"]))


@bp.get("/cookies", endpoint="cookies")
def cookie_page() -> str:
    return _page("cookies", cookies=cookies())


def _page(name: str, **facts: Any) -> str:
    told = hosting_of(current_app.extensions["settings"])
    return show(f"privacy/{name}.html", told=told, version=VERSION, **facts)
