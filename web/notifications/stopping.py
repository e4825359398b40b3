"""The link in each mail that ends mails of its kind: a page with a button, since scanners of mails follow links too.

The address holds who and what, and an HMAC under a key of the installation: it needs no sign-in, and nobody guesses it.
"""

import hmac
from uuid import UUID

from flask import Blueprint, abort, current_app, render_template

from ledger.settings import Settings
from web.notifications import rows
from web.notifications.kinds import ALL

bp = Blueprint("stopping", __name__, url_prefix="/avis/arret")


def path(settings: Settings, user_id: UUID, kind: str) -> str:
    return f"/avis/arret/{user_id}/{kind}/{_mark(settings, user_id, kind)}"


def address(settings: Settings, user_id: UUID, kind: str) -> str:
    """Whole; empty when the address of this installation is not known."""
    return settings.public_url.rstrip("/") + path(settings, user_id, kind) if settings.public_url else ""


@bp.get("/<uuid:user_id>/<kind>/<mark>")
def ask(user_id: UUID, kind: str, mark: str) -> str:
    _check(user_id, kind, mark)
    return render_template("notifications/stop.html", label=ALL[kind].label, done=False)


@bp.post("/<uuid:user_id>/<kind>/<mark>")
def stop(user_id: UUID, kind: str, mark: str) -> str:
    _check(user_id, kind, mark)
    chosen = rows.choices(user_id)
    shown = chosen[kind][0] if kind in chosen else ALL[kind].shown
    rows.choose(user_id, {kind: (shown, False)})
    return render_template("notifications/stop.html", label=ALL[kind].label, done=True)


def _check(user_id: UUID, kind: str, mark: str) -> None:
    """404 for an address that was altered."""
    good = _mark(current_app.extensions["settings"], user_id, kind)
    if kind not in ALL or not hmac.compare_digest(mark, good):
        abort(404)


def _mark(settings: Settings, user_id: UUID, kind: str) -> str:
    return hmac.digest(settings.secret("stop mails"), f"{user_id} {kind}".encode(), "sha256").hex()[:32]
