"""Clients and prospects, with their contacts: what screens ask. The tables are filled in `client_writes.py`."""

from typing import Any
from uuid import UUID

import msgspec

from projections import client_writes, words
from projections.tx import Row, Tx

projection = client_writes.projection


class ClientRow(Row, frozen=True):
    """A client; `version` of its stream. Of an erased person only `name` is left, as « Tiers effacé ».

    `outstanding_cents`: with what those owe who were merged into it. `merged_into`: where its documents are shown.
    """

    id: UUID
    code: str
    kind: str
    natural_person: bool
    prospect: bool
    archived: bool
    name: str
    city: str
    country: str
    email: str
    phone: str
    siren: str
    version: int
    reminders: bool
    tags: list[str]
    merged_into: UUID | None
    outstanding_cents: int


class ContactRow(Row, frozen=True):
    """A person at the client's."""

    id: UUID
    name: str
    role: str
    email: str
    phone: str


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """`state`: `active` (prospects included), `prospect`, `archived`, or empty = all; `kind` of the party, or empty.

    `tag`: one that it bears.
    """

    q: str = ""
    state: str = ""
    kind: str = ""
    tag: str = ""


class Counts(Row, frozen=True):
    """How many clients a filter finds, whatever its state; `active` includes prospects."""

    active: int
    prospect: int
    archived: int
    every: int


SORTS = {
    f"{sign}{key}": f"ORDER BY {column} {way}, sort, id"
    for key, column in {"name": "sort", "code": "code", "city": "city", "outstanding": "outstanding_cents"}.items()
    for sign, way in (("", "ASC"), ("-", "DESC"))
}

ROWS = """
    SELECT id, code, kind, natural_person, prospect, archived, name, city, country, email, phone, siren, version,
           reminders, tags, merged_into, coalesce(o.outstanding_cents, 0) AS outstanding_cents
    """
COUNTS = """
    SELECT count(*) FILTER (WHERE NOT archived) AS active,
           count(*) FILTER (WHERE prospect AND NOT archived) AS prospect,
           count(*) FILTER (WHERE archived) AS archived,
           count(*) AS every
    """
FOUND = """
      FROM read.clients c
      LEFT JOIN (
            SELECT i.company_id, owner.survivor_id AS client_id, sum(outstanding_cents)::bigint AS outstanding_cents
              FROM read.invoices i
              JOIN read.clients owner ON owner.company_id = i.company_id AND owner.id = i.client_id
             WHERE i.company_id = %(company)s AND outstanding_cents > 0
             GROUP BY 1, 2
           ) o ON o.company_id = c.company_id AND o.client_id = c.id
     WHERE c.company_id = %(company)s
       AND (%(id)s::uuid IS NULL OR c.id = %(id)s)
       AND (%(kind)s = '' OR c.kind = %(kind)s)
       AND (%(tag)s = '' OR %(tag)s = ANY (c.tags))
       AND (%(words)s::text[] = '{}' OR c.search LIKE ALL (%(words)s) OR EXISTS (
             SELECT FROM read.contacts p
              WHERE p.company_id = c.company_id AND p.client_id = c.id AND p.search LIKE ALL (%(words)s)))
       AND CASE %(state)s WHEN 'active' THEN NOT c.archived
                          WHEN 'prospect' THEN c.prospect AND NOT c.archived
                          WHEN 'archived' THEN c.archived
                          ELSE true END
    """
LIMIT = " LIMIT %(limit)s OFFSET %(offset)s"


def page(tx: Tx, filter: Filter, *, sort: str = "name", limit: int | None = 50, offset: int = 0) -> list[ClientRow]:
    """Clients found; `limit` None = all of them. Sorts: the keys of `SORTS`."""
    sql = ROWS + FOUND + SORTS[sort] + LIMIT
    return tx.rows(ClientRow, sql, **_params(filter), limit=limit, offset=offset)


def counts(tx: Tx, filter: Filter) -> Counts:
    """How many there are for each tab of the list."""
    return tx.rows(Counts, COUNTS + FOUND, **_params(filter) | {"state": ""})[0]


def one(tx: Tx, id: UUID) -> ClientRow | None:
    return tx.row(ClientRow, ROWS + FOUND, **_params(Filter()) | {"id": id})


def choices(tx: Tx, q: str = "", limit: int = 20) -> list[ClientRow]:
    """Clients that may be quoted and invoiced, by name."""
    return page(tx, Filter(q=q, state="active"), limit=limit)


def contacts(tx: Tx, client_id: UUID) -> list[ContactRow]:
    return tx.rows(
        ContactRow,
        """
        SELECT id, name, role, email, phone
          FROM read.contacts
         WHERE company_id = %(company)s AND client_id = %(client_id)s
         ORDER BY rank
        """,
        client_id=client_id,
    )


def tags(tx: Tx) -> list[str]:
    """The tags that clients in use bear, in their order."""
    found: list[str] = tx.values(
        """
        SELECT tag FROM (SELECT DISTINCT unnest(tags) AS tag FROM read.clients
                          WHERE company_id = %(company)s AND NOT archived) AS known
         ORDER BY read.plain(tag), tag
        """
    )
    return found


def _params(filter: Filter) -> dict[str, Any]:
    asked = {"state": filter.state, "kind": filter.kind, "tag": filter.tag}
    return asked | {"id": None, "words": words.patterns(filter.q)}
