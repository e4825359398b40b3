"""What the house tells: announcements, until each person has read them, and « Nouveautés »."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, Flask, abort, g, redirect, request
from flask_security import current_user
from psycopg.rows import class_row
from werkzeug.wrappers import Response

from ledger.version import VERSION
from projections.tx import Row
from web.appearance import same_site
from web.help import pages, views
from web.support.people import as_person

UNREAD = """
    SELECT a.id, a.title, a.body, a.from_at
      FROM support.announcement a
     WHERE a.from_at <= now() AND a.until_at > now()
       AND NOT EXISTS (SELECT FROM support.reading r WHERE r.announcement_id = a.id AND r.user_id = %s)
     ORDER BY a.from_at DESC LIMIT 3
    """
ANSWERED = "SELECT count(*) FROM support.ticket WHERE user_id = %s AND status = 'answered'"

bp = Blueprint("news", __name__)


class Announcement(Row, frozen=True):
    """What the operator tells all who are signed in."""

    id: UUID
    title: str
    body: str
    from_at: datetime


class Waiting(Row, frozen=True):
    """What waits for the person: announcements she has not read, how many of her requests are answered."""

    announcements: list[Announcement]
    answered: int


def init(app: Flask) -> None:
    """`news()` asks once for a whole page."""
    app.jinja_env.globals.update(news=waiting, version=VERSION)


def waiting() -> Waiting:
    """Asked once a page, however often its parts want it."""
    found: Waiting = g.news if "news" in g else _asked()
    g.news = found
    return found


def _asked() -> Waiting:
    with as_person() as conn, conn.cursor(row_factory=class_row(Announcement)) as cursor:
        unread = cursor.execute(UNREAD, [current_user.id]).fetchall()
        answered = conn.execute(ANSWERED, [current_user.id]).fetchone()
    return Waiting(unread, answered[0] if answered else 0)


@bp.get("/nouveautes")
def changes() -> str:
    page = pages.page(pages.NEWS)
    return views.shown("help/news.html", page=page, text=pages.printed(page, views.address))


@bp.post("/annonces/<uuid:announcement_id>/lue")
def read(announcement_id: UUID) -> Response:
    with as_person() as conn:
        if not conn.execute("SELECT FROM support.announcement WHERE id = %s", [announcement_id]).rowcount:
            abort(404)
        conn.execute(
            "INSERT INTO support.reading (announcement_id, user_id) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            [announcement_id, current_user.id],
        )
    return redirect(same_site(request.form.get("next", "/")), 303)
