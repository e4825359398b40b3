"""« Grand livre »: the statement of one account, or of one client on it, with its balance after each line."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response

from audit.archive.fec import JOURNALS
from domain import accounts
from projections import statements
from projections.statements import Filter, Posted, Statement
from projections.tx import Tx
from web.accounting import period
from web.accounting.period import DAYS, Period
from web.accounting.screen import account_name, screen
from web.accounting.words import nature
from web.books import read
from web.exports import csv_file
from web.filters import amount
from web.lists import Listing

PARTIES = 200  # in the chooser; beyond, the balance of clients finds them by name
HEADER = (
    "Compte", "Intitulé", "Date", "Journal", "Écriture", "Pièce", "Nature", "Code du tiers", "Client", "Débit",
    "Crédit", "Solde",
)  # fmt: skip

bp = Blueprint("general_ledger", __name__)


@bp.get("/grand-livre")
def index() -> str:
    listing = asked()
    with read() as tx:
        days, wanted = chosen(tx, listing)
        statement, found = statements.statement(tx, wanted), statements.found(tx, wanted)
        rows = statements.page(tx, wanted, statement.opening_cents, limit=listing.size, offset=listing.offset)
        used = statements.used(tx)
        party, parties = _party(tx, wanted), statements.parties(tx, wanted.account, limit=PARTIES)
    known = [party, *parties] if party and party not in parties else parties
    return screen(
        "general_ledger", listing, days, wanted=wanted, rows=rows, statement=statement, found=found, party=party,
        parties=known, narrowed=bool(wanted.q or wanted.journals), before=_before(rows, statement, listing),
        used={account: f"{account} {account_name(account)}" for account in used},
    )  # fmt: skip


@bp.get("/grand-livre.csv")
def export() -> Response:
    listing = asked()
    with read() as tx:
        days, wanted = chosen(tx, listing)
        statement = statements.statement(tx, wanted)
        rows = statements.page(tx, wanted, statement.opening_cents, limit=None)
    return csv_file(f"grand-livre-{wanted.account or 'vide'}", HEADER, _cells(days, wanted, statement, rows))


def asked() -> Listing:
    return Listing(filters=(*DAYS, "compte", "tiers", "journal"))


def chosen(tx: Tx, listing: Listing) -> tuple[Period, Filter]:
    """Without an account: that of the clients, else the first one that has lines."""
    days, account = period.asked(tx, listing), period.account(listing)
    if not account:
        used = statements.used(tx)
        account = accounts.CUSTOMERS if accounts.CUSTOMERS in used else next(iter(used), "")
    return days, Filter(
        first=days.first, last=days.last, years=days.years, year_first=days.year_first, account=account,
        aux=listing["tiers"] if accounts.has_aux(account) else "",
        journals=(listing["journal"],) if listing["journal"] in JOURNALS else (), q=listing["q"],
    )  # fmt: skip


def _party(tx: Tx, wanted: Filter) -> statements.Party | None:
    return statements.party(tx, wanted.aux) if wanted.aux else None


def _before(rows: list[Posted], statement: Statement, listing: Listing) -> int:
    """The balance above the first line of the page: what is carried over from the one before."""
    if listing.page == 1 or not rows:
        return statement.opening_cents
    return rows[0].balance_cents - rows[0].debit_cents + rows[0].credit_cents


def _cells(days: Period, wanted: Filter, statement: Statement, rows: list[Posted]) -> Iterator[tuple[Any, ...]]:
    account, opening = (wanted.account, accounts.name(wanted.account)), amount(statement.opening_cents)
    yield *account, days.first, "", "", "", "Solde d’ouverture", wanted.aux, "", "", "", opening
    for row in rows:
        yield (
            *account, row.day, row.journal, row.entry, row.piece, nature(row), row.aux, row.client,
            amount(row.debit_cents), amount(row.credit_cents), amount(row.balance_cents),
        )  # fmt: skip
