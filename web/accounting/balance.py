"""« Balance »: every account with what it opened with, what moved it, what is left; and the same of every client."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from flask import Blueprint, Response

from domain import accounts
from projections import statements, trial_balance
from projections.trial_balance import Balance, Filter, Totals
from projections.tx import Tx
from web.accounting import period
from web.accounting.period import DAYS, Period
from web.accounting.screen import screen
from web.books import read
from web.exports import csv_file
from web.filters import amount
from web.lists import Listing

COLUMNS = (
    "Débit d’ouverture", "Crédit d’ouverture", "Débit", "Crédit", "Solde débiteur", "Solde créditeur",
)  # fmt: skip
EARLIER = "Résultat des exercices précédents, non reporté"

bp = Blueprint("balance", __name__)


class Group(NamedTuple):
    """The accounts of one class, and their columns added up."""

    number: str
    name: str
    rows: list[Balance]
    totals: Totals


@bp.get("/balance")
def index() -> str:
    listing = Listing(filters=DAYS)
    with read() as tx:
        days, wanted = chosen(tx, listing)
        rows, earlier = trial_balance.page(tx, wanted), _earlier(tx, wanted)
    return screen(
        "balance", listing, days, groups=groups(rows), earlier=earlier, earlier_name=EARLIER,
        total=trial_balance.totals([*rows, *earlier]),
    )  # fmt: skip


@bp.get("/balance.csv")
def export() -> Response:
    listing = Listing(filters=DAYS)
    with read() as tx:
        _, wanted = chosen(tx, listing)
        rows, earlier = trial_balance.page(tx, wanted), _earlier(tx, wanted)
    return csv_file("balance", ("Compte", "Intitulé", *COLUMNS), (
        (row.account, accounts.name(row.account) if row.account else EARLIER, *cells(row))
        for row in [*earlier, *rows]
    ))  # fmt: skip


@bp.get("/balance/clients")
def clients() -> str:
    listing = by_client()
    with read() as tx:
        days, wanted = chosen(tx, listing)
        shared = [account for account in statements.used(tx) if accounts.has_aux(account)]
        account = _account(listing)
        rows = trial_balance.clients(tx, wanted, account, sort=listing.sort, limit=listing.size, offset=listing.offset)
        total = trial_balance.client_totals(tx, wanted, account)
    return screen(
        "clients", listing, days, rows=rows, total=total, account=account, shared=shared or [accounts.CUSTOMERS]
    )


@bp.get("/balance/clients.csv")
def export_clients() -> Response:
    listing = by_client()
    with read() as tx:
        _, wanted = chosen(tx, listing)
        rows = trial_balance.clients(tx, wanted, _account(listing), sort=listing.sort, limit=None)
    return csv_file(f"balance-clients-{_account(listing)}", ("Code du tiers", "Client", *COLUMNS), (
        (row.aux, row.client, *cells(row)) for row in rows
    ))  # fmt: skip


def by_client() -> Listing:
    sorts = ("name", "code", "closing")
    return Listing(filters=(*DAYS, "compte"), sorts=sorts, default="name")


def chosen(tx: Tx, listing: Listing) -> tuple[Period, Filter]:
    days = period.asked(tx, listing)
    return days, Filter(first=days.first, last=days.last, year_first=days.year_first, q=listing["q"])


def groups(rows: Iterable[Balance]) -> list[Group]:
    """Accounts by class, the first figure of their numbers."""
    found = [(number, [*own]) for number, own in groupby(rows, lambda row: row.account[:1])]
    return [Group(number, accounts.CLASSES.get(number, ""), own, trial_balance.totals(own)) for number, own in found]


def cells(row: Balance | trial_balance.PartyBalance) -> Iterator[str]:
    """The six columns; a balance stands on its own side."""
    opening, closing = row.opening_cents, row.closing_cents
    for cents in (opening, -opening, row.debit_cents, row.credit_cents, closing, -closing):
        yield amount(max(cents, 0))


def _account(listing: Listing) -> str:
    """An account of clients, that of their debts where the address names none."""
    asked = period.account(listing)
    return asked if accounts.has_aux(asked) else accounts.CUSTOMERS


def _earlier(tx: Tx, wanted: Filter) -> list[Balance]:
    """The row that stands for the expense and income of the years before; none when they brought nothing."""
    cents = trial_balance.earlier_cents(tx, wanted)
    return [Balance("", cents, 0, 0)] if cents else []
