"""Sessions of the person on her devices: ended from here, at once."""

from flask import Blueprint
from flask_security import current_user
from werkzeug.wrappers import Response

from web.account.page import done
from web.accounts import sessions, told
from web.accounts.store import pool

bp = Blueprint("devices", __name__, url_prefix="/sessions")


@bp.post("/autres/fermer")
def close_others() -> Response:
    with pool().connection() as conn, conn.transaction():
        ended = sessions.close_others(conn, current_user.id)
        if ended:
            told.mail(conn, current_user.email, told.SESSIONS)
    return _ended(ended)


@bp.post("/<session_id>/fermer")
def close(session_id: str) -> Response:
    with pool().connection() as conn:
        ended = sessions.close(conn, current_user.id, session_id)
    return _ended(ended)


def _ended(ended: int) -> Response:
    if not ended:
        return done("Il n’y avait rien à fermer.")
    told.note(pool(), current_user.id, told.SESSIONS)
    return done("Session fermée : l’appareil devra se connecter de nouveau." if ended == 1 else "Sessions fermées.")
