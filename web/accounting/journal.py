"""« Journal »: accounting entries of some days, each whole, with its document and its entry of the register."""

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter

from flask import Blueprint, Response

from audit.archive.fec import JOURNALS
from domain import accounts
from projections import journals
from projections.journals import Line
from projections.tx import Tx
from web.accounting import period
from web.accounting.period import DAYS, Period
from web.accounting.screen import screen
from web.accounting.words import nature
from web.books import read
from web.exports import csv_file
from web.filters import amount
from web.lists import Listing

HEADER = (
    "Journal", "Écriture", "Date", "Compte", "Intitulé", "Code du tiers", "Pièce", "Date de la pièce", "Nature",
    "Client", "Débit", "Crédit", "Position au registre",
)  # fmt: skip

bp = Blueprint("journal", __name__)


@bp.get("/journal")
def index() -> str:
    listing = asked()
    with read() as tx:
        days, wanted = chosen(tx, listing)
        lines = journals.page(tx, wanted, sort=listing.sort, limit=listing.size, offset=listing.offset)
        total = journals.sums(tx, wanted)
    return screen("journal", listing, days, entries=entries(lines), total=total)


@bp.get("/journal.csv")
def export() -> Response:
    listing = asked()
    with read() as tx:
        lines = journals.page(tx, chosen(tx, listing)[1], sort=listing.sort, limit=None)
    return csv_file("journal", HEADER, (
        (line.journal, line.entry, line.day, line.account, accounts.name(line.account), line.aux, line.piece,
         line.piece_on, nature(line), line.client, amount(line.debit_cents), amount(line.credit_cents), str(line.pos))
        for line in lines
    ))  # fmt: skip


def asked() -> Listing:
    return Listing(filters=(*DAYS, "journal"), sorts=tuple(journals.SORTS), default="-day")


def chosen(tx: Tx, listing: Listing) -> tuple[Period, journals.Filter]:
    days = period.asked(tx, listing)
    named = (listing["journal"],) if listing["journal"] in JOURNALS else ()
    return days, journals.Filter(first=days.first, last=days.last, years=days.years, journals=named, q=listing["q"])


def entries(lines: Iterable[Line]) -> list[list[Line]]:
    """The lines of each accounting entry, in their order."""
    return [[*own] for _, own in groupby(lines, attrgetter("pos", "posting"))]
