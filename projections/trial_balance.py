"""The trial balance: each account, or each client on one, with what it opened with, what moved it, what is left."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec

from domain import accounts
from projections import words
from projections.tx import Row, Tx


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Days, both included; `year_first`: first day of the fiscal year that `first` is in, from which accounts of
    expense and income open. Of clients alone: `q`, words of their names or codes.
    """

    first: date
    last: date
    year_first: date
    q: str = ""

    def params(self) -> dict[str, Any]:
        """As parameters of SQL."""
        return {
            "first": self.first,
            "last": self.last,
            "year_first": self.year_first,
            "restarting": list(accounts.RESTARTING),
            "words": words.patterns(self.q),
        }


class Balance(Row, frozen=True):
    """An account. Balances: debit above 0."""

    account: str
    opening_cents: int
    debit_cents: int
    credit_cents: int

    @property
    def closing_cents(self) -> int:
        return self.opening_cents + self.debit_cents - self.credit_cents


class PartyBalance(Row, frozen=True):
    """A client, by its code and its name as known now, on one account. Balances: debit above 0."""

    aux: str
    client: str
    opening_cents: int
    debit_cents: int
    credit_cents: int
    closing_cents: int


class Totals(Row, frozen=True):
    """The columns of a balance, added up: each balance on its own side."""

    count: int = 0
    opening_debit_cents: int = 0
    opening_credit_cents: int = 0
    debit_cents: int = 0
    credit_cents: int = 0
    closing_debit_cents: int = 0
    closing_credit_cents: int = 0

    @property
    def even(self) -> bool:
        """Whether debits are credits in all three pairs."""
        return (self.opening_debit_cents, self.debit_cents, self.closing_debit_cents) == (
            self.opening_credit_cents, self.credit_cents, self.closing_credit_cents
        )  # fmt: skip


ACCOUNT, AUX = "SELECT p.account,", "SELECT p.aux,"
MOVED = """
           coalesce(sum(p.debit_cents - p.credit_cents) FILTER (WHERE p.day < %(first)s), 0)::bigint AS opening_cents,
           coalesce(sum(p.debit_cents) FILTER (WHERE p.day >= %(first)s), 0)::bigint AS debit_cents,
           coalesce(sum(p.credit_cents) FILTER (WHERE p.day >= %(first)s), 0)::bigint AS credit_cents
      FROM read.postings p
     WHERE p.company_id = %(company)s AND p.day <= %(last)s
       AND (p.day >= %(year_first)s OR left(p.account, 1) <> ALL (%(restarting)s))
    """
MEANS = " HAVING bool_or(p.day >= %(first)s) OR sum(p.debit_cents - p.credit_cents) <> 0"
ACCOUNTS = ACCOUNT + MOVED + " GROUP BY p.account" + MEANS + " ORDER BY p.account"
OF_CLIENTS = AUX + MOVED + " AND p.account = %(account)s GROUP BY p.aux" + MEANS
SHOWN = """
    SELECT b.aux, coalesce(c.name, '') AS client, coalesce(c.sort, '') AS sort, b.opening_cents, b.debit_cents,
           b.credit_cents, b.opening_cents + b.debit_cents - b.credit_cents AS closing_cents
      FROM balance b
      LEFT JOIN read.clients c ON c.company_id = %(company)s AND c.code = b.aux
     WHERE %(words)s::text[] = '{}' OR lower(b.aux) || ' ' || coalesce(c.search, '') LIKE ALL (%(words)s))
    """
CLIENTS = "WITH balance AS (" + OF_CLIENTS + "), shown AS (" + SHOWN
ROWS = "SELECT aux, client, opening_cents, debit_cents, credit_cents, closing_cents FROM shown "
TOTALS = """
    SELECT count(*) AS count, coalesce(sum(greatest(opening_cents, 0)), 0)::bigint AS opening_debit_cents,
           coalesce(sum(greatest(-opening_cents, 0)), 0)::bigint AS opening_credit_cents,
           coalesce(sum(debit_cents), 0)::bigint AS debit_cents, coalesce(sum(credit_cents), 0)::bigint AS credit_cents,
           coalesce(sum(greatest(closing_cents, 0)), 0)::bigint AS closing_debit_cents,
           coalesce(sum(greatest(-closing_cents, 0)), 0)::bigint AS closing_credit_cents
      FROM shown
    """
LIMIT = " LIMIT %(limit)s OFFSET %(offset)s"
SORTS = {
    f"{sign}{key}": f"ORDER BY {column} {way}, sort, aux"
    for key, column in {"name": "sort", "code": "aux", "closing": "closing_cents"}.items()
    for sign, way in (("", "ASC"), ("-", "DESC"))
}


def page(tx: Tx, filter: Filter) -> list[Balance]:
    """Every account that moved in these days, or that is not even, by number."""
    return tx.rows(Balance, ACCOUNTS, **filter.params())


def earlier_cents(tx: Tx, filter: Filter) -> int:
    """What the fiscal years before brought, which no entry carries over yet: profit below 0, as a credit. It stands
    for the expense and income that `page` leaves out.
    """
    cents: int = tx.value(
        """
        SELECT coalesce(sum(debit_cents - credit_cents), 0)::bigint
          FROM read.postings
         WHERE company_id = %(company)s AND day < %(year_first)s AND left(account, 1) = ANY (%(restarting)s)
        """,
        **filter.params(),
    )
    return cents


def totals(rows: Iterable[Balance]) -> Totals:
    """The columns of these rows."""
    rows = list(rows)
    return Totals(
        len(rows),
        sum(max(row.opening_cents, 0) for row in rows),
        sum(max(-row.opening_cents, 0) for row in rows),
        sum(row.debit_cents for row in rows),
        sum(row.credit_cents for row in rows),
        sum(max(row.closing_cents, 0) for row in rows),
        sum(max(-row.closing_cents, 0) for row in rows),
    )


def clients(
    tx: Tx, filter: Filter, account: str, *, sort: str = "name", limit: int | None = 50, offset: int = 0
) -> list[PartyBalance]:
    """Each client on an account of clients; `limit` None = all. Sorts: the keys of `SORTS`."""
    sql = CLIENTS + ROWS + SORTS[sort] + LIMIT
    return tx.rows(PartyBalance, sql, **filter.params(), account=account, limit=limit, offset=offset)


def client_totals(tx: Tx, filter: Filter, account: str) -> Totals:
    """The columns of all the clients found."""
    return tx.rows(Totals, CLIENTS + TOTALS, **filter.params(), account=account)[0]
