"""Another account for what clients pay: told to every owner by mail, and for a day to every member on each page.

Whoever sends false bank details in a company's name gets paid in its place: somebody else is to see it at once.
"""

from datetime import datetime
from typing import NamedTuple

from flask import Flask, current_app, g, request
from flask_security import current_user
from psycopg.rows import class_row

from web import forms, frame, people
from web.accounts import members
from web.books import company, read
from web.days import zone
from web.filters import moment
from web.mail import notices

LATEST = """
    SELECT changed_by AS by, changed_at AS at FROM accounts.bank_changes
     WHERE company_id = %s AND changed_at > now() - interval '24 hours'
    """
SHOWN = 4  # signs of the IBAN


class Change(NamedTuple):
    """`by`: a name."""

    by: str
    at: datetime


def init(app: Flask) -> None:
    app.jinja_env.globals.update(bank_change=latest)


def latest() -> Change | None:
    """The change of the last 24 hours in the company that is open."""
    if not g.get("membership"):
        return None
    pool = current_app.extensions["pool"]
    with pool.connection() as conn, conn.transaction(), conn.cursor(row_factory=class_row(Change)) as cursor:
        cursor.execute("SELECT set_config('probant.company', %s, true)", [str(company())])
        found: Change | None = cursor.execute(LATEST, [company()]).fetchone()
    return found and found._replace(by=people.names([found.by])[found.by])


def tell(iban: str) -> None:
    """A mail to each owner, whoever did it."""
    pool, key = current_app.extensions["pool"], f"bank:{forms.uuid(request.form['command_id'])}"
    change = latest()
    with read() as tx:
        here = zone(tx)
    with pool.connection() as conn:
        for one in members.every(pool, company()):
            if change and one.role == "owner":
                notices.send(
                    conn, one.email, "bank_changed", key=f"{key}:{one.id}", company=frame.name_of(company()),
                    by=current_user.username, at=moment(change.at, here), end=iban[-SHOWN:],
                    link=("Voir les réglages", notices.address("settings.index")),
                )  # fmt: skip
