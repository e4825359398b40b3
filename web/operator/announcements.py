"""« Annonces »: what all who are signed in are told, until a day or until they have read it."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, request, url_for
from psycopg.rows import class_row
from werkzeug.wrappers import Response

from projections.tx import Row
from web import forms
from web.books import new_id
from web.errors import again
from web.pages import show
from web.support.people import as_person
from web.support.words import FIELDS, said

HERE = ZoneInfo("Europe/Paris")
EVERY = """
    SELECT id, title, body, from_at, until_at, until_at > now() AS shown
      FROM support.announcement ORDER BY from_at DESC LIMIT 100
    """

TELL = """
    INSERT INTO support.announcement (id, title, body, until_at) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING
    """

bp = Blueprint("announcements", __name__, url_prefix="/annonces")


class Announced(Row, frozen=True):
    """An announcement; `shown`: still."""

    id: UUID
    title: str
    body: str
    from_at: datetime
    until_at: datetime
    shown: bool


@bp.get("/")
def index(values: Any = None, errors: Any = None, problem: str = "") -> str:
    with as_person() as conn, conn.cursor(row_factory=class_row(Announced)) as cursor:
        told = cursor.execute(EVERY).fetchall()
    week = (datetime.now(HERE) + timedelta(days=7)).date().isoformat()
    return show(
        "operator/announcements.html", announcements=told, values=values or {"until_on": week}, errors=errors or {},
        problem=problem, labels=FIELDS,
    )  # fmt: skip


@bp.post("/")
@again(index)
def announce() -> Response:
    fields = forms.Fields(request.form)
    title, body = fields.need("title", forms.plain), fields.need("body", said)
    until_on = fields.need("until_on", forms.date)
    if until_on and datetime.combine(until_on + timedelta(days=1), time(), HERE) <= datetime.now(UTC):
        fields.refuse("until_on", "Ce jour est passé.")
    fields.check()
    until_at = datetime.combine(until_on + timedelta(days=1), time(), HERE)
    with as_person() as conn:
        conn.execute(TELL, [new_id(), title, body, until_at])
    flash("Annonce publiée : chacun la voit jusqu’à ce qu’il l’ait lue.")
    return redirect(url_for(".index"), 303)


@bp.post("/<uuid:announcement_id>/retirer")
def end(announcement_id: UUID) -> Response:
    with as_person() as conn:
        ended = conn.execute(
            "UPDATE support.announcement SET until_at = greatest(from_at, least(until_at, now())) WHERE id = %s",
            [announcement_id],
        )
        if not ended.rowcount:
            abort(404)
    flash("Annonce retirée.")
    return redirect(url_for(".index"), 303)
