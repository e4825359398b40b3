"""The VAT that fell due, entry by entry: what a VAT return adds up, read from the lines that made it due."""

from datetime import date
from uuid import UUID

from projections.tx import Row, Tx


class Due(Row, frozen=True):
    """What one entry made due on one day at one rate; below 0: given back. `stream`: the document or payment."""

    pos: int
    type: str
    stream: UUID
    number: str
    day: date
    territory: str
    rate_bp: int
    category: str
    base_cents: int
    vat_cents: int


class RateSum(Row, frozen=True):
    """All that fell due at one rate."""

    territory: str
    rate_bp: int
    category: str
    base_cents: int
    vat_cents: int


FOUND = """
      FROM read.tax_due d
     WHERE d.company_id = %(company)s AND d.day BETWEEN %(first)s AND %(last)s
    """


def page(tx: Tx, first: date, last: date, *, limit: int | None = 50, offset: int = 0) -> list[Due]:
    """Those of the days from `first` to `last`, both included, the newest day first; `limit` None = all."""
    return tx.rows(
        Due,
        """
        SELECT d.pos, d.type, d.stream, coalesce(i.number, '') AS number, d.day, d.territory, d.rate_bp, d.category,
               d.base_cents, d.vat_cents
          FROM read.tax_due d LEFT JOIN read.invoices i ON i.company_id = d.company_id AND i.id = d.stream
         WHERE d.company_id = %(company)s AND d.day BETWEEN %(first)s AND %(last)s
         ORDER BY d.day DESC, d.pos DESC, d.rank LIMIT %(limit)s OFFSET %(offset)s
        """,
        first=first,
        last=last,
        limit=limit,
        offset=offset,
    )


def by_rate(tx: Tx, first: date, last: date) -> list[RateSum]:
    """The sums of these days, the highest rate first."""
    return tx.rows(
        RateSum,
        """
        SELECT territory, rate_bp, category, sum(base_cents)::bigint AS base_cents, sum(vat_cents)::bigint AS vat_cents
        """
        + FOUND
        + " GROUP BY territory, rate_bp, category ORDER BY rate_bp DESC, territory, category",
        first=first,
        last=last,
    )


def count(tx: Tx, first: date, last: date) -> int:
    found: int = tx.value("SELECT count(*)" + FOUND, first=first, last=last)
    return found
