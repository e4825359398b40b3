"""Persons of whom nothing was heard for three years: proposed for erasure, all at once if their company confirms.

Prospects, clients whose dealings are over, contacts who left a card. What the law keeps of them stays until its term
and goes by itself then (`erasing.erase_due`), since their erasure was asked for. A ledger younger than that has none.

Sources: RGPD art. 5, 1, e; CNIL, référentiel « gestion des activités commerciales »: three years from the last contact.
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
PICKED = "person."
CLIENTS = """
    SELECT c.id AS client_id, c.id AS subject_id, c.name, c.code, c.prospect, c.natural_person, told.at AS last_at,
           held.until
      FROM read.clients c
      CROSS JOIN LATERAL (
            SELECT greatest(
              (SELECT e.at
                 FROM read.concerns k
                 JOIN read.entries e ON e.company_id = k.company_id AND e.pos = k.pos
                WHERE k.company_id = c.company_id AND k.about = c.id
                  AND (e.actor LIKE 'user:%%' OR e.actor LIKE 'client:%%')
                ORDER BY k.pos DESC
                LIMIT 1),
              (SELECT max(seen_at) FROM accounts.links l WHERE l.company_id = c.company_id AND l.client_id = c.id)
            ) AS at) told
      CROSS JOIN LATERAL (
            SELECT coalesce(bool_or(v.kept_until IS NULL OR v.kept_until < %(on)s), false) AS goes,
                   max(v.kept_until) FILTER (WHERE v.kept_until >= %(on)s) AS until
              FROM ledger.sealed v
             WHERE v.company_id = c.company_id
               AND v.subject_id IN (
                     SELECT m.id FROM read.clients m WHERE m.company_id = c.company_id AND m.survivor_id = c.id
                      UNION
                     SELECT o.subject_id
                       FROM read.clients m
                       JOIN ledger.seal s ON s.company_id = m.company_id AND s.stream_id = m.id
                       JOIN ledger.sealed o ON o.company_id = s.company_id AND o.digest = s.digest
                      WHERE m.company_id = c.company_id AND m.survivor_id = c.id)) held
     WHERE (SELECT at FROM read.entries WHERE company_id = %(company)s ORDER BY pos LIMIT 1) < %(before)s
       AND c.company_id = %(company)s AND c.merged_into IS NULL AND told.at < %(before)s AND held.goes
       AND NOT EXISTS (
             SELECT FROM read.invoices i
              WHERE i.company_id = c.company_id AND i.client_id = c.id
                AND (i.issued_on >= %(before)s OR i.outstanding_cents > 0 AND held.until IS NOT NULL))
     ORDER BY last_at, c.sort
    """
FORMER = """
    SELECT c.id AS client_id, gone.subject_id, 'Ancien contact de ' || c.name AS name, c.code, c.prospect,
           true AS natural_person, gone.at AS last_at, NULL::date AS until
      FROM read.clients c
      CROSS JOIN LATERAL (
            SELECT v.subject_id, max(e.at) AS at
              FROM ledger.seal s
              JOIN ledger.sealed v ON v.company_id = s.company_id AND v.digest = s.digest
              JOIN read.entries e ON e.company_id = s.company_id AND e.pos = s.pos
             WHERE s.company_id = c.company_id AND s.stream_id = c.id AND v.subject_id <> c.id
               AND (v.kept_until IS NULL OR v.kept_until < %(on)s)
             GROUP BY v.subject_id) gone
     WHERE (SELECT at FROM read.entries WHERE company_id = %(company)s ORDER BY pos LIMIT 1) < %(before)s
       AND c.company_id = %(company)s AND c.merged_into IS NULL AND gone.at < %(before)s
       AND c.id <> ALL (%(listed)s)
       AND NOT EXISTS (
             SELECT FROM read.contacts p
              WHERE p.company_id = c.company_id AND p.client_id = c.id AND p.id = gone.subject_id)
     ORDER BY last_at, c.sort, gone.subject_id
    """

bp = Blueprint("silent", __name__)


class Silent(Row, frozen=True):
    """A client with its contacts, or one contact who left (`subject_id` is hers).

    `last_at`: the last entry about it that a person made, or its link was seen; of a contact, the last that named her.
    `until`: until when the law keeps a part.
    """

    client_id: UUID
    subject_id: UUID
    name: str
    code: str
    prospect: bool
    natural_person: bool
    last_at: datetime
    until: date | None

    @property
    def former(self) -> bool:
        """A contact who is on the card no more."""
        return self.subject_id != self.client_id


def silent(tx: Tx) -> list[Silent]:
    """The longest silent first, former contacts after them."""
    on = today(tx)
    times = {"on": on, "before": _years_before(on)}
    clients = tx.rows(Silent, CLIENTS, **times)
    return clients + tx.rows(Silent, FORMER, listed=[one.client_id for one in clients], **times)


def page(values: Any = None, errors: Any = None, problem: str = "") -> str:
    with read() as tx:
        return show(
            "privacy/quiet.html", people=silent(tx), zone=zone(tx), owner=allowed(OWN), picked=PICKED,
            values=values, errors=errors or {}, problem=problem,
        )  # fmt: skip


@bp.get("/donnees-personnelles/sans-contact")
def index() -> str:
    return page()


@bp.post("/donnees-personnelles/sans-contact")
@again(page)
def erase() -> Response:
    """Those that were ticked and are still silent."""
    with read() as tx:
        chosen = [one for one in silent(tx) if request.form.get(f"{PICKED}{one.subject_id}")]
    fields = forms.Fields(request.form)
    if not chosen:
        fields.refuse("people", "Cochez au moins une personne.")
    fields.check()
    do(ask_erasures, erasures=tuple(
        (new_id(str(one.subject_id)), one.client_id, one.subject_id, "prospect" if one.prospect else "needless")
        for one in chosen
    ))  # fmt: skip
    flash(f"Effacement demandé : {plural(len(chosen), 'personne')}. Ce que la loi garde partira à son terme.")
    return redirect(url_for(".index"), 303)


def _years_before(day: date) -> date:
    return day.replace(year=day.year - YEARS, day=min(day.day, 28))
