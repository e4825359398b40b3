"""Light, dark or as the system: one choice, kept in a cookie, that works without script."""

from urllib.parse import urlsplit

from flask import Blueprint, current_app, redirect, request
from werkzeug.wrappers import Response

from web import forms

THEMES = {"": "Comme le système", "light": "Clair", "dark": "Sombre"}
ONE_YEAR = 365 * 24 * 3600

bp = Blueprint("appearance", __name__)


@bp.post("/apparence")
def choose() -> Response:
    answer = redirect(same_site(request.form.get("next", "/")), 303)
    theme = forms.one_of(THEMES)(request.form.get("theme", ""))
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    answer.set_cookie("theme", theme, max_age=ONE_YEAR, secure=secure, httponly=True, samesite="Lax")
    return answer


def theme() -> str:
    """`light`, `dark`, or `""` for the system's choice."""
    kept = request.cookies.get("theme", "")
    return kept if kept in THEMES else ""


def same_site(address: str) -> str:
    """A path of ours, or the first page: never another site's address."""
    parts = urlsplit(address)
    inside = not parts.scheme and not parts.netloc and address.startswith("/") and "\\" not in address
    return address if inside and not address.startswith("//") else "/"
