"""The catalogue."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from domain.product import Article, Product
from projections import words
from projections.projection import Projection
from projections.tx import Row, Tx

projection = Projection(
    "products",
    2,
    """
    CREATE TABLE read.products (
        company_id   uuid NOT NULL,
        id           uuid NOT NULL,
        label        text NOT NULL,
        reference    text NOT NULL,
        nature       text NOT NULL,
        unit         text NOT NULL,
        unit_price   numeric NOT NULL,
        price_mode   text NOT NULL,
        vat_bp       integer NOT NULL,
        vat_category text NOT NULL,
        vat_code     text NOT NULL,
        account      text NOT NULL,
        description  text NOT NULL,
        vat_text     text NOT NULL,
        archived     boolean NOT NULL DEFAULT false,
        version      bigint NOT NULL,
        sort         text NOT NULL GENERATED ALWAYS AS (read.plain(label)) STORED,
        search       text NOT NULL GENERATED ALWAYS AS
            (read.plain(label || ' ' || reference || ' ' || description)) STORED,
        PRIMARY KEY (company_id, id)
    );
    """,
)


class ProductRow(Row, frozen=True):
    """A product; `unit_price` in euros, in its `price_mode`; `version` of its stream."""

    id: UUID
    label: str
    reference: str
    nature: str
    unit: str
    unit_price: Decimal
    price_mode: str
    vat_bp: int
    vat_category: str
    vat_code: str
    account: str
    description: str
    vat_text: str
    archived: bool
    version: int


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """`archived`: those in use, those put away, or (None) both."""

    q: str = ""
    archived: bool | None = False


class Counts(Row, frozen=True):
    """How many products a filter finds, in use or put away."""

    active: int
    archived: int


SORTS = {
    "label": "ORDER BY sort, id",
    "-label": "ORDER BY sort DESC, id",
    "reference": "ORDER BY reference, sort, id",
    "-reference": "ORDER BY reference DESC, sort, id",
    "unit_price": "ORDER BY unit_price, sort, id",
    "-unit_price": "ORDER BY unit_price DESC, sort, id",
}
ROWS = """
    SELECT id, label, reference, nature, unit, unit_price, price_mode, vat_bp, vat_category, vat_code, account,
           description, vat_text, archived, version
    """
COUNTS = """
    SELECT count(*) FILTER (WHERE NOT archived) AS active, count(*) FILTER (WHERE archived) AS archived
    """
FOUND = """
      FROM read.products
     WHERE company_id = %(company)s
       AND (%(id)s::uuid IS NULL OR id = %(id)s)
       AND search LIKE ALL (%(words)s)
       AND (%(archived)s::boolean IS NULL OR archived = %(archived)s)
    """
LIMIT = " LIMIT %(limit)s OFFSET %(offset)s"


def page(tx: Tx, filter: Filter, *, sort: str = "label", limit: int | None = 50, offset: int = 0) -> list[ProductRow]:
    """Products found; `limit` None = all of them. Sorts: the keys of `SORTS`."""
    sql = ROWS + FOUND + SORTS[sort] + LIMIT
    return tx.rows(ProductRow, sql, **_params(filter), limit=limit, offset=offset)


def counts(tx: Tx, filter: Filter) -> Counts:
    """How many there are for each tab of the list."""
    return tx.rows(Counts, COUNTS + FOUND, **_params(filter) | {"archived": None})[0]


def one(tx: Tx, id: UUID) -> ProductRow | None:
    return tx.row(ProductRow, ROWS + FOUND, **_params(Filter(archived=None)) | {"id": id})


def choices(tx: Tx, q: str = "", limit: int = 20) -> list[ProductRow]:
    """Products that may be put on a document, by label."""
    return page(tx, Filter(q=q), limit=limit)


@projection.on(Product.Created)
def _(tx: Tx, event: Product.Created) -> None:
    tx.execute(
        """
        INSERT INTO read.products (company_id, id, label, reference, nature, unit, unit_price, price_mode, vat_bp,
                                   vat_category, vat_code, account, description, vat_text, version)
        VALUES (%(company)s, %(stream)s, %(label)s, %(reference)s, %(nature)s, %(unit)s, %(unit_price)s, %(price_mode)s,
                %(vat_bp)s, %(vat_category)s, %(vat_code)s, %(account)s, %(description)s, %(vat_text)s, %(version)s)
        """,
        **_article(event.article),
    )


@projection.on(Product.Changed)
def _(tx: Tx, event: Product.Changed) -> None:
    tx.execute(
        """
        UPDATE read.products
           SET label = %(label)s, reference = %(reference)s, nature = %(nature)s, unit = %(unit)s,
               unit_price = %(unit_price)s, price_mode = %(price_mode)s, vat_bp = %(vat_bp)s,
               vat_category = %(vat_category)s, vat_code = %(vat_code)s, account = %(account)s,
               description = %(description)s, vat_text = %(vat_text)s, version = %(version)s
         WHERE company_id = %(company)s AND id = %(stream)s
        """,
        **_article(event.article),
    )


@projection.on(Product.Removed)
def _(tx: Tx, event: Product.Removed) -> None:
    tx.execute("DELETE FROM read.products WHERE company_id = %(company)s AND id = %(stream)s")


@projection.on(Product.Archived, Product.Restored)
def _(tx: Tx, event: Product.Archived | Product.Restored) -> None:
    tx.execute(
        """
        UPDATE read.products SET archived = %(archived)s, version = %(version)s
         WHERE company_id = %(company)s AND id = %(stream)s
        """,
        archived=isinstance(event, Product.Archived),
    )


def _params(filter: Filter) -> dict[str, Any]:
    return {"id": None, "words": words.patterns(filter.q), "archived": filter.archived}


def _article(article: Article) -> dict[str, Any]:
    return msgspec.structs.asdict(article)
