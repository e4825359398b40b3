"""« Journal technique »: the technical events of the ledger, their only place; by kind, person and days; as CSV."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app

from audit.event_names import LABELS
from projections import register
from projections.register import Entry
from web import forms, people
from web.books import company, read
from web.days import zone
from web.exports import csv_file
from web.ledger import by_day, position
from web.lists import Listing
from web.pages import show
from web.register_words import TECHNICAL, TONES
from web.timeline import moments

SIZE = 60  # events of a page
EVERY = tuple(type_ for _, types in TECHNICAL.values() for type_ in types)
KINDS = {type_: label for label, types in TECHNICAL.values() for type_ in types}
HEADER = ("Position", "Date", "Heure", "Nature", "Événement", "Détail", "Auteur", "Concerne", "Empreinte")
MEMBERS = "SELECT user_id FROM accounts.memberships WHERE company_id = %s ORDER BY from_at, user_id"

bp = Blueprint("journal", __name__, url_prefix="/journal-technique")


@bp.get("/")
def index() -> str:
    listing, wanted, fields = _asked()
    with read() as tx:
        events = register.page(tx, wanted, before=fields.get("avant", position, None), limit=SIZE)
        total, here = register.count(tx, wanted), zone(tx)
    return show(
        "journal/index.html", "results", listing=listing, days=by_day(events, here), total=total, zone=here,
        older=events[-1].pos if len(events) == SIZE and events[-1].pos > 1 else None, kinds=TECHNICAL,
        members=_members(), tones=TONES, errors=fields.errors,
    )  # fmt: skip


@bp.get("/journal-technique.csv")
def export() -> Response:
    """All that the filters find, newest first."""
    _, wanted, _ = _asked()
    with read() as tx:
        here, found = zone(tx), [*_all(tx, wanted)]
    return csv_file("journal-technique", HEADER, _rows(found, here))


def _asked() -> tuple[Listing, register.Filter, forms.Fields]:
    listing = Listing(filters=("nature", "personne", "du", "au", "avant"), size=SIZE)
    fields = forms.Fields(listing.filters)
    wanted = register.Filter(
        types=TECHNICAL[listing["nature"]][1] if listing["nature"] in TECHNICAL else EVERY,
        person=fields.get("personne", forms.uuid, None), first_on=fields.get("du", forms.date, None),
        last_on=fields.get("au", forms.date, None),
    )  # fmt: skip
    return listing, wanted, fields


def _all(tx: Any, wanted: register.Filter) -> Iterator[Entry]:
    before: int | None = None
    while found := register.page(tx, wanted, before=before, limit=1000):
        yield from found
        before = found[-1].pos


def _rows(events: list[Entry], here: str) -> Iterator[tuple[Any, ...]]:
    for event, told in zip(events, moments(events), strict=True):
        at = event.at.astimezone(ZoneInfo(here))
        yield (
            event.pos, at.date(), at.strftime("%H:%M:%S"), KINDS[event.type], LABELS[event.type], told.text, told.who,
            told.client, event.hash,
        )  # fmt: skip


def _members() -> list[tuple[UUID, str]]:
    """Who is a member, or was."""
    with current_app.extensions["pool"].connection() as conn:
        ids = [user_id for (user_id,) in conn.execute(MEMBERS, (company(),))]
    names = people.names(f"user:{user_id}" for user_id in ids)
    return [(user_id, names[f"user:{user_id}"]) for user_id in ids]
