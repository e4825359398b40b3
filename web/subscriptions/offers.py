"""« Nos offres » and the general terms: what anybody may read before opening an account."""

from flask import Blueprint, abort, current_app, render_template
from jinja2 import TemplateNotFound

from web.subscriptions import plans

bp = Blueprint("plans", __name__)


@bp.get("/nos-offres")
def index() -> str:
    return render_template("plans/index.html", plans=plans.OFFERED.values(), opened=sign_up_open())


@bp.get("/conditions-generales")
@bp.get("/conditions-generales/<version>")
def terms(version: str = plans.TERMS) -> str:
    """The newest terms, or those of a version that somebody accepted."""
    try:
        return render_template(
            f"plans/terms/{version}.html", version=version, current=plans.TERMS, from_on=plans.NEWEST.from_on
        )
    except TemplateNotFound:
        abort(404)


def sign_up_open() -> bool:
    """Whether this installation takes new accounts by its pages."""
    return bool(current_app.extensions["settings"].sign_up == "open")
