"""« Sociétés »: that they are there, how long their ledgers are, whether they are whole. Nothing of what they say."""

from typing import NamedTuple

from flask import Blueprint

from projections import companies as company
from projections import verifications
from web.books import read
from web.frame import Badge, badge
from web.lists import Listing
from web.operator import rows
from web.operator.rows import Ledger
from web.pages import show
from web.subscriptions import standing
from web.support.people import as_person

bp = Blueprint("companies", __name__, url_prefix="/societes")


class Seen(NamedTuple):
    """A company as the operator sees it."""

    ledger: Ledger
    name: str
    siren: str
    integrity: Badge


@bp.get("/")
def index() -> str:
    listing = Listing()
    page = slice(listing.offset, listing.offset + listing.size)
    with as_person() as conn:
        ledgers = rows.ledgers(conn)
    total = len(ledgers)
    if listing.q:
        asked = listing.q.casefold().replace(" ", "")
        found = [one for one in map(_seen, ledgers) if _is(one, asked)]
        total, seen = len(found), found[page]
    else:
        seen = [_seen(ledger) for ledger in ledgers[page]]
    with as_person() as conn:
        standings = {one.ledger.company_id: standing.of(conn, one.ledger.company_id) for one in seen}
    return show("operator/companies.html", "results", listing=listing, companies=seen, standings=standings, total=total)


def _seen(ledger: Ledger) -> Seen:
    with read(ledger.company_id) as tx:
        found = company.current(tx)
        integrity = badge(verifications.integrity(tx), found.time_zone if found else "Europe/Paris")
    return Seen(ledger, found.name if found else "", found.siren if found else "", integrity)


def _is(one: Seen, asked: str) -> bool:
    return asked in f"{one.name}{one.siren}".casefold().replace(" ", "") or str(one.ledger.company_id).startswith(asked)
