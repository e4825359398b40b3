"""The statement of one account, or of one client on it: what it opened with, its lines, its balance after each."""

from datetime import date
from typing import Any

from domain import accounts
from projections import journals
from projections.journals import CLIENT, COLUMNS, NUMBER_OF, NUMBERED, SAID, Line
from projections.tx import Row, Tx


class Filter(journals.Filter, frozen=True, kw_only=True):
    """`aux`: the code of one client, else everybody. `year_first`: first day of the fiscal year that `first` is in: an
    account of expense or income opens with it.
    """

    account: str
    aux: str = ""
    year_first: date

    def params(self) -> dict[str, Any]:
        since = self.year_first if accounts.restarts(self.account) else date.min
        return journals.Filter.params(self) | {"account": self.account, "aux": self.aux, "since": since}


class Posted(Line, frozen=True):
    """A line, and the balance of the account after it: debit above 0."""

    balance_cents: int


class Statement(Row, frozen=True):
    """The days of a filter, whatever its journals and words. Balances: debit above 0."""

    opening_cents: int
    debit_cents: int
    credit_cents: int

    @property
    def closing_cents(self) -> int:
        return self.opening_cents + self.debit_cents - self.credit_cents


class Found(Row, frozen=True):
    """The lines that a filter finds."""

    lines: int
    debit_cents: int
    credit_cents: int


class Party(Row, frozen=True):
    """A client by its code, and its name as it is known now."""

    aux: str
    name: str


STATEMENT = """
    SELECT coalesce(sum(p.debit_cents - p.credit_cents) FILTER (WHERE p.day < %(first)s), 0)::bigint AS opening_cents,
           coalesce(sum(p.debit_cents) FILTER (WHERE p.day >= %(first)s), 0)::bigint AS debit_cents,
           coalesce(sum(p.credit_cents) FILTER (WHERE p.day >= %(first)s), 0)::bigint AS credit_cents
    """
FOUND = """
    SELECT count(*) AS lines, coalesce(sum(p.debit_cents), 0)::bigint AS debit_cents,
           coalesce(sum(p.credit_cents), 0)::bigint AS credit_cents
    """
MOVED = """
    , moved AS (
        SELECT p.*, (%(opening)s + sum(p.debit_cents - p.credit_cents)
                     OVER (ORDER BY p.day, p.pos, p.posting, p.rank))::bigint AS balance_cents
    """
LINES = " FROM read.postings p"
OWN = """
     WHERE p.company_id = %(company)s AND p.account = %(account)s AND (%(aux)s = '' OR p.aux = %(aux)s)
    """
SINCE = " AND p.day BETWEEN %(since)s AND %(last)s"
PERIOD = " AND p.day BETWEEN %(first)s AND %(last)s"
NARROWED = "(%(journals)s::text[] = '{}' OR p.journal = ANY (%(journals)s)) AND (%(words)s::text[] = '{}' OR"
ORDER = " ORDER BY p.day, p.pos, p.posting, p.rank LIMIT %(limit)s OFFSET %(offset)s"


def statement(tx: Tx, filter: Filter) -> Statement:
    """What the account opened with, and all that moved it."""
    return tx.rows(Statement, STATEMENT + LINES + OWN + SINCE, **filter.params())[0]


def page(tx: Tx, filter: Filter, opening_cents: int, *, limit: int | None = 50, offset: int = 0) -> list[Posted]:
    """Lines found, oldest first; each balance counts those that the filter passes over, too."""
    moved = MOVED + LINES + OWN + PERIOD + ")"
    shown = COLUMNS + ", p.balance_cents FROM moved p" + NUMBER_OF + CLIENT + " WHERE " + NARROWED + SAID + ")"
    return tx.rows(
        Posted, NUMBERED + moved + shown + ORDER, **filter.params(), opening=opening_cents, limit=limit, offset=offset
    )


def found(tx: Tx, filter: Filter) -> Found:
    """The lines that `page` shows, added up."""
    return tx.rows(Found, FOUND + LINES + CLIENT + OWN + PERIOD + " AND " + NARROWED + SAID + ")", **filter.params())[0]


def used(tx: Tx) -> list[str]:
    """The accounts that have lines, by number."""
    numbers: list[str] = tx.values(
        "SELECT DISTINCT account FROM read.postings WHERE company_id = %(company)s ORDER BY account"
    )
    return numbers


def parties(tx: Tx, account: str, *, limit: int) -> list[Party]:
    """Clients who have lines on an account, by name."""
    return tx.rows(
        Party,
        """
        SELECT p.aux, coalesce(c.name, '') AS name
          FROM (SELECT DISTINCT aux FROM read.postings
                 WHERE company_id = %(company)s AND account = %(account)s AND aux <> '') AS p
          LEFT JOIN read.clients c ON c.company_id = %(company)s AND c.code = p.aux
         ORDER BY c.sort, p.aux LIMIT %(limit)s
        """,
        account=account,
        limit=limit,
    )


def party(tx: Tx, aux: str) -> Party:
    """A client by its code; without a name when there is none."""
    name = tx.value("SELECT name FROM read.clients WHERE company_id = %(company)s AND code = %(aux)s", aux=aux)
    return Party(aux, name or "")
