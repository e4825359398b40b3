"""Inspectors: invited by the owner until a day, with a password that is shown once; their access is closed here too."""

import secrets
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, current_app, flash, make_response, redirect, request, url_for
from psycopg.errors import CheckViolation, UniqueViolation
from psycopg.rows import class_row
from werkzeug.wrappers import Response

from ledger.commands.security import grant_rights, withdraw_rights
from ledger.entry import Entry
from projections.tx import Row
from web import forms
from web.accounts import store
from web.books import company, do, new_id, read
from web.days import today, zone
from web.errors import again

LONGEST = 366  # days
NEW_USER = """
    INSERT INTO accounts.users (id, username, email, password, fs_uniquifier)
    VALUES (%(id)s, %(username)s, %(email)s, %(password)s, %(uniquifier)s)
    """
INSPECTORS = """
    SELECT u.id, u.username, u.email, m.from_at, m.until_at
      FROM accounts.memberships m
      JOIN accounts.users u ON u.id = m.user_id
     WHERE m.company_id = %s AND m.role = 'inspector' AND (m.until_at IS NULL OR m.until_at > now())
     ORDER BY m.from_at, u.id
    """

bp = Blueprint("inspectors", __name__, url_prefix="/acces")


class Inspector(Row, frozen=True):
    """Somebody who may read this company now."""

    id: UUID
    username: str
    email: str
    from_at: datetime
    until_at: datetime | None


class Invited(NamedTuple):
    """What the owner hands over; the password is nowhere else."""

    username: str
    password: str


def every() -> list[Inspector]:
    with current_app.extensions["pool"].connection() as conn, conn.cursor(row_factory=class_row(Inspector)) as cursor:
        return list(cursor.execute(INSPECTORS, (company(),)))


def _page(**shown: Any) -> str:
    from web.inspection import page

    return page(**shown)


@bp.post("/")
@again(_page)
def invite() -> Response:
    """The account, the membership and its entry come in one transaction."""
    with read() as tx:
        day, here = today(tx), zone(tx)
    fields = forms.Fields(request.form)
    username, email = fields.need("username", forms.plain), fields.need("email", forms.plain)
    until_on = fields.need("until_on", forms.date)
    if not fields.errors and not 0 <= (until_on - day).days <= LONGEST:
        fields.refuse("until_on", "Entre aujourd’hui et dans un an.")
    fields.check()
    password, made = secrets.token_urlsafe(15), list[bool]()
    inviting = _inviting(username, email, store.hashed(password), made)
    until_at = datetime.combine(until_on + timedelta(days=1), time(), ZoneInfo(here))
    try:
        do(inviting, access_id=new_id(), subject_id=new_id("inspector"), until_at=until_at)
    except (UniqueViolation, CheckViolation) as error:
        why = "sert déjà" if isinstance(error, UniqueViolation) else "n’a pas une forme acceptée"
        raise forms.Invalid({"username": f"Ce nom d’utilisateur ou cette adresse {why}."}) from error
    if not made:
        flash("Cet accès est déjà ouvert ; son mot de passe n’a été montré qu’une fois.")
        return redirect(url_for("inspection.index"), 303)
    return make_response(_page(invited=Invited(username, password)))


@bp.post("/<uuid:user_id>/fermer")
def close(user_id: UUID) -> Response:
    if user_id not in {one.id for one in every()}:
        abort(404)
    do(withdraw_rights, access_id=new_id(), subject_id=user_id)
    flash("Accès fermé. C’est inscrit au registre.")
    return redirect(url_for("inspection.index"), 303)


def _inviting(username: str, email: str, password: str, made: list[bool]) -> Callable[..., None]:
    def invite_inspector(entry: Entry, *, access_id: UUID, subject_id: UUID, until_at: datetime) -> None:
        facts = {"username": username, "email": email, "password": password, "uniquifier": secrets.token_urlsafe(24)}
        entry.beside(NEW_USER, id=subject_id, **facts)
        grant_rights(entry, access_id=access_id, subject_id=subject_id, role="inspector", until_at=until_at)
        made.append(True)

    return invite_inspector
