"""« Is it alive? », for a supervisor: the process answers and the database too."""

from typing import Any

from flask import Blueprint, current_app

bp = Blueprint("health", __name__)


@bp.get("/sante")
def show() -> tuple[dict[str, Any], int]:
    with current_app.extensions["pool"].connection(timeout=5) as conn:
        conn.execute("SELECT 1")
    return {"status": "ok"}, 200
