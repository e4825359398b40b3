"""Prospects silent for three years: proposed for erasure, all at once if their company confirms.

Source: CNIL, référentiel « gestion des activités commerciales »: three years from the last contact.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from ledger.commands.privacy import ask_erasures
from projections.tx import Row, Tx
from web import forms
from web.books import allowed, do, new_id, read
from web.days import today, zone
from web.errors import again
from web.filters import plural
from web.pages import show
from web.roles import OWN

YEARS = 3
PICKED = "prospect."
SILENT = """
    SELECT c.id, c.name, c.code, c.natural_person, greatest(told.at, links.at) AS last_at
      FROM read.clients c
      CROSS JOIN LATERAL (
            SELECT e.at
              FROM read.concerns k
              JOIN read.entries e ON e.company_id = k.company_id AND e.pos = k.pos
             WHERE k.company_id = c.company_id AND k.about = c.id
               AND (e.actor LIKE 'user:%%' OR e.actor LIKE 'client:%%')
             ORDER BY k.pos DESC
             LIMIT 1) told
      CROSS JOIN LATERAL (
            SELECT max(seen_at) AS at
              FROM accounts.links l
             WHERE l.company_id = c.company_id AND l.client_id = c.id) links
     WHERE c.company_id = %(company)s AND c.prospect AND NOT c.archived
       AND greatest(told.at, links.at) < %(before)s
       AND (c.natural_person OR EXISTS (
             SELECT FROM read.contacts p WHERE p.company_id = c.company_id AND p.client_id = c.id))
       AND NOT EXISTS (
             SELECT FROM read.invoices i
              WHERE i.company_id = c.company_id AND i.client_id = c.id AND i.state = 'issued')
     ORDER BY last_at, c.sort
    """

bp = Blueprint("prospects", __name__)


class Prospect(Row, frozen=True):
    """A prospect without an invoice; `last_at`: the last entry about it that a person made, or its link was seen."""

    id: UUID
    name: str
    code: str
    natural_person: bool
    last_at: datetime


def silent(tx: Tx) -> list[Prospect]:
    """The longest silent first."""
    return tx.rows(Prospect, SILENT, before=_years_before(today(tx)))


def page(values: Any = None, errors: Any = None, problem: str = "") -> str:
    with read() as tx:
        return show(
            "privacy/prospects.html", prospects=silent(tx), zone=zone(tx), owner=allowed(OWN), picked=PICKED,
            values=values, errors=errors or {}, problem=problem,
        )  # fmt: skip


@bp.get("/clients/prospects-anciens")
def index() -> str:
    return page()


@bp.post("/clients/prospects-anciens")
@again(page)
def erase() -> Response:
    """Those that were ticked and are still silent."""
    with read() as tx:
        known = [one.id for one in silent(tx)]
    chosen = [client_id for client_id in known if request.form.get(f"{PICKED}{client_id}")]
    fields = forms.Fields(request.form)
    if not chosen:
        fields.refuse("prospects", "Cochez au moins un prospect.")
    fields.check()
    do(ask_erasures, erasures=tuple((new_id(str(one)), one) for one in chosen), ground="prospect")
    flash(f"Effacement demandé : {plural(len(chosen), 'prospect')}. Il se fait dans l’instant.")
    return redirect(url_for(".index"), 303)


def _years_before(day: date) -> date:
    return day.replace(year=day.year - YEARS, day=min(day.day, 28))
