"""« Données personnelles » of a client: what is held of it and of its contacts, a copy of it, its erasure."""

from typing import Any, NamedTuple
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from domain.client import Client
from domain.privacy import Privacy
from ledger.commands.privacy import ask_erasure, note_given
from projections import clients, persons, receivables, register, streams
from projections.clients import ClientRow
from projections.register import Entry
from projections.tx import Tx
from web import forms
from web.books import allowed, do, new_id, read
from web.days import today, zone
from web.errors import again
from web.pages import show
from web.privacy import held
from web.privacy.copy import Copy
from web.privacy.grounds import GROUNDS
from web.roles import OWN
from web.timeline import moments

ASKED = Privacy.Created.TOPIC
ERASED = "subject.erased"
STEPS = (ASKED, ERASED, Privacy.Given.TOPIC)
FORMATS = {"pdf": "application/pdf", "json": "application/json"}
UNDERSTOOD = "Cochez cette case : l’effacement est définitif."

bp = Blueprint("privacy", __name__, url_prefix="/clients/<uuid:client_id>/donnees-personnelles")


class Person(NamedTuple):
    """A contact of whom something is held; `here`: she is on the card today."""

    id: UUID
    name: str
    here: bool


def page(client_id: UUID, values: Any = None, errors: Any = None, problem: str = "") -> str:
    with read() as tx:
        client, row = streams.load(tx, Client, client_id), clients.one(tx, client_id) or abort(404)
        known = held.subjects(tx, client_id)
        people = _people(tx, client, known - {client_id})
        families = held.families(tx, client_id, known)
        steps = [entry for entry in register.about(tx, client_id) if entry.type in STEPS]
        balance, here = receivables.balance(tx, client_id, today(tx)), zone(tx)
    return show(
        "privacy/person.html", row=row, natural=client.profile.natural_person, families=families, people=people,
        balance=balance, zone=here, steps=moments(steps[::-1]), under_way=_under_way(steps),
        grounds={key: ground.said for key, ground in GROUNDS.items()},
        about=_about(row, known, people), owner=allowed(OWN), erasable=any(not one.until for one in families),
        values=values or {}, errors=errors or {}, problem=problem,
    )  # fmt: skip


@bp.get("/", endpoint="show")
def show_page(client_id: UUID) -> str:
    return page(client_id)


@bp.post("/effacer")
@again(page)
def erase(client_id: UUID) -> Response:
    """The whole card, or the one contact that the form names."""
    fields = forms.Fields(request.form)
    ground = fields.need("ground", forms.one_of(GROUNDS))
    subject_id = fields.get("subject", forms.uuid, client_id)
    if not request.form.get("understood"):
        fields.refuse("understood", UNDERSTOOD)
    fields.check()
    do(ask_erasure, erasure_id=new_id(), client_id=client_id, subject_id=subject_id, ground=ground)
    flash("Effacement demandé. Il se fait dans l’instant ; ce que la loi garde partira à son terme.")
    return redirect(url_for(".show", client_id=client_id), 303)


@bp.post("/copie")
@again(page)
def copy(client_id: UUID) -> Response:
    """All that is held about the client, or about the contact that the form names; an entry says that it was given."""
    fields = forms.Fields(request.form)
    subject_id = fields.get("subject", forms.uuid, client_id)
    as_json = fields.need("format", forms.one_of(FORMATS)) == "json"
    fields.check()
    with read() as tx:
        if subject_id not in held.subjects(tx, client_id):
            abort(404)
        told = Copy.of(tx, client_id, subject_id)
    content = told.json() if as_json else told.pdf()
    do(note_given, access_id=new_id(), subject_id=subject_id)
    answer = Response(content, mimetype=FORMATS["json" if as_json else "pdf"])
    answer.headers.set(
        "Content-Disposition", "attachment", filename=f"donnees-personnelles.{'json' if as_json else 'pdf'}"
    )
    return answer


def _people(tx: Tx, client: Client, known: set[UUID]) -> list[Person]:
    """Contacts of today by name; of those before, only that something is left."""
    here = {contact.id: persons.opened(tx, contact.card).name for contact in client.profile.contacts}
    before = [Person(one, "", False) for one in sorted(known - here.keys(), key=str)]
    return [Person(one, name, True) for one, name in here.items() if one in known] + before


def _about(row: ClientRow, known: set[UUID], people: list[Person]) -> dict[UUID, str]:
    """Whose copy may be handed out."""
    own = {row.id: row.name} if row.id in known else {}
    return own | {one.id: one.name or "Un ancien contact" for one in people}


def _under_way(steps: list[Entry]) -> bool:
    """Asked for, and the job has not done it yet."""
    last = [entry.type for entry in steps if entry.type in (ASKED, ERASED)]
    return bool(last) and last[-1] == ASKED
