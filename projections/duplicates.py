"""Clients in use that look like the same: by SIREN, e-mail address or name. Somebody decides, nothing is done alone."""

from uuid import UUID

import msgspec

from projections.tx import Row, Tx

REASONS = {"siren": "même SIREN", "email": "même adresse e-mail", "name": "même nom"}


class Side(msgspec.Struct, frozen=True):
    """One of two clients."""

    id: UUID
    code: str
    name: str
    city: str


class Pair(Row, frozen=True):
    """Two clients, the older one first; `reason`: the strongest of `REASONS`."""

    reason: str
    a_id: UUID
    a_code: str
    a_name: str
    a_city: str
    b_id: UUID
    b_code: str
    b_name: str
    b_city: str

    @property
    def first(self) -> Side:
        return Side(self.a_id, self.a_code, self.a_name, self.a_city)

    @property
    def second(self) -> Side:
        return Side(self.b_id, self.b_code, self.b_name, self.b_city)

    @property
    def why(self) -> str:
        return REASONS[self.reason]

    def other(self, id: UUID) -> Side:
        return self.second if id == self.a_id else self.first


FOUND = """
    WITH own AS (
        SELECT id, code, name, city, siren, lower(email) AS email, sort FROM read.clients
         WHERE company_id = %(company)s AND NOT archived),
    same AS (
        SELECT 1 AS rank, 'siren' AS reason, a.id AS a, b.id AS b
          FROM own a JOIN own b ON a.siren <> '' AND b.siren = a.siren AND a.code < b.code
         UNION ALL
        SELECT 2, 'email', a.id, b.id FROM own a JOIN own b ON a.email <> '' AND b.email = a.email AND a.code < b.code
         UNION ALL
        SELECT 3, 'name', a.id, b.id FROM own a JOIN own b ON b.sort = a.sort AND a.code < b.code),
    pairs AS (SELECT DISTINCT ON (a, b) * FROM same WHERE %(id)s::uuid IS NULL OR %(id)s IN (a, b) ORDER BY a, b, rank)
    """
COUNT = """
    SELECT count(*) FROM pairs
    """
PAIRS = """
    SELECT p.reason, a.id AS a_id, a.code AS a_code, a.name AS a_name, a.city AS a_city,
           b.id AS b_id, b.code AS b_code, b.name AS b_name, b.city AS b_city
      FROM pairs p JOIN own a ON a.id = p.a JOIN own b ON b.id = p.b
     ORDER BY p.rank, a.sort, a.code, b.code
     LIMIT %(limit)s
    """


def pairs(tx: Tx, client_id: UUID | None = None, limit: int = 100) -> list[Pair]:
    """The surest first; of one client, or of all."""
    return tx.rows(Pair, FOUND + PAIRS, id=client_id, limit=limit)


def count(tx: Tx) -> int:
    return int(tx.value(FOUND + COUNT, id=None))


class Key(Row, frozen=True):
    """What a fiche is known by, and its name."""

    key: str
    name: str


def known_clients(tx: Tx) -> dict[str, str]:
    """The names of clients in use by `siren:…`, `email:…` and `code:…`."""
    rows = tx.rows(
        Key,
        """
        SELECT k.key, c.name
          FROM read.clients c
         CROSS JOIN LATERAL (VALUES ('siren:' || c.siren, c.siren), ('email:' || lower(c.email), c.email),
                                    ('code:' || c.code, c.code)) AS k (key, value)
         WHERE c.company_id = %(company)s AND NOT c.archived AND k.value <> ''
        """,
    )
    return {row.key: row.name for row in rows}


def known_products(tx: Tx) -> dict[str, str]:
    """The labels of articles in use by `reference:…`."""
    rows = tx.rows(
        Key,
        """
        SELECT 'reference:' || reference AS key, label AS name FROM read.products
         WHERE company_id = %(company)s AND NOT archived AND reference <> ''
        """,
    )
    return {row.key: row.name for row in rows}


def unused_clients(tx: Tx, ids: list[UUID]) -> set[UUID]:
    """Those of whom there is no document, payment or recurrence."""
    found: list[UUID] = tx.values(
        """
        SELECT c.id FROM read.clients c
         WHERE c.company_id = %(company)s AND c.id = ANY (%(ids)s)
           AND NOT EXISTS (SELECT FROM read.quotes q WHERE q.company_id = c.company_id AND q.client_id = c.id)
           AND NOT EXISTS (SELECT FROM read.invoices i WHERE i.company_id = c.company_id AND i.client_id = c.id)
           AND NOT EXISTS (SELECT FROM read.payments p WHERE p.company_id = c.company_id AND p.client_id = c.id)
           AND NOT EXISTS (SELECT FROM read.recurring r WHERE r.company_id = c.company_id AND r.client_id = c.id)
        """,
        ids=ids,
    )
    return set(found)
