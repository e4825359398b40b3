"""« Registres »: what the operator does with personal data, its own (RGPD art. 30, 1) and for companies (30, 2)."""

from flask import Blueprint

from web.pages import show
from web.privacy.processing import register_of
from web.privacy.processings import FOR_OTHERS, OWN, SECURITY

bp = Blueprint("registers", __name__, url_prefix="/registres")


@bp.get("/")
def index() -> str:
    return show(
        "operator/registers.html", own=register_of(OWN), for_others=register_of(FOR_OTHERS), security=SECURITY
    )  # fmt: skip
