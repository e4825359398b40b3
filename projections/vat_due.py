"""The VAT that fell due, entry by entry: what a VAT return adds up, read from the lines that made it due."""

from datetime import date
from uuid import UUID

from projections import subjects
from projections.subjects import Subject
from projections.tx import Row, Tx


class Found(Row, frozen=True):
    """A row as the database gives it; `ids`: the document or payment, then what its entry names."""

    pos: int
    type: str
    ids: list[UUID]
    day: date
    territory: str
    rate_bp: int
    category: str
    base_cents: int
    vat_cents: int


class Due(Row, frozen=True):
    """What one entry made due on one day at one rate; below 0: given back. `papers`: the document that made it due, or
    those that the money settles; `client`: whose they are.
    """

    pos: int
    type: str
    papers: tuple[Subject, ...]
    client: str
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
    found = tx.rows(
        Found,
        """
        SELECT d.pos, d.type, d.stream || coalesce(r.named, '{}') AS ids, d.day, d.territory, d.rate_bp, d.category,
               d.base_cents, d.vat_cents
          FROM read.tax_due d LEFT JOIN read.entries r ON r.company_id = d.company_id AND r.pos = d.pos
         WHERE d.company_id = %(company)s AND d.day BETWEEN %(first)s AND %(last)s
         ORDER BY d.day DESC, d.pos DESC, d.rank LIMIT %(limit)s OFFSET %(offset)s
        """,
        first=first,
        last=last,
        limit=limit,
        offset=offset,
    )
    known = subjects.named(tx, (one for row in found for one in row.ids))
    return [_due(row, [known[one] for one in row.ids if one in known]) for row in found]


def _due(row: Found, about: list[Subject]) -> Due:
    """A document that makes VAT due speaks for itself, whatever else it names."""
    papers = [one for one in about if one.family == "invoice" and one.title]
    own = [one for one in papers if one.id == row.ids[0]]
    client = next((one.client for one in about if one.client), "")
    return Due(
        pos=row.pos, type=row.type, papers=tuple(own or sorted(papers, key=lambda one: one.title)), client=client,
        day=row.day, territory=row.territory, rate_bp=row.rate_bp, category=row.category, base_cents=row.base_cents,
        vat_cents=row.vat_cents,
    )  # fmt: skip


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
