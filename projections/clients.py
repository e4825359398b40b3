"""Clients and prospects, with their contacts."""

from typing import Any
from uuid import UUID

import msgspec

from domain.client import Client, Profile
from projections import words
from projections.persons import ERASED, opened, seal_of
from projections.projection import Projection
from projections.tx import Row, Tx

projection = Projection(
    "clients",
    1,
    """
    CREATE TABLE read.clients (
        company_id     uuid NOT NULL,
        id             uuid NOT NULL,
        code           text NOT NULL,
        kind           text NOT NULL,
        natural_person boolean NOT NULL,
        prospect       boolean NOT NULL,
        archived       boolean NOT NULL DEFAULT false,
        name           text NOT NULL,
        city           text NOT NULL,
        country        text NOT NULL,
        email          text NOT NULL,
        phone          text NOT NULL,
        siren          text NOT NULL,
        seal           text NOT NULL,                     -- the digest that name, city, email, phone, siren come from
        version        bigint NOT NULL,
        sort           text NOT NULL GENERATED ALWAYS AS (read.plain(name)) STORED,
        search         text NOT NULL GENERATED ALWAYS AS
            (read.plain(name || ' ' || code || ' ' || city || ' ' || email || ' ' || siren)) STORED,
        PRIMARY KEY (company_id, id)
    );
    CREATE INDEX ON read.clients (company_id, sort);
    CREATE TABLE read.contacts (
        company_id uuid NOT NULL,
        client_id  uuid NOT NULL,
        rank       integer NOT NULL,
        id         uuid NOT NULL,
        name       text NOT NULL,
        role       text NOT NULL,
        email      text NOT NULL,
        phone      text NOT NULL,
        seal       text NOT NULL,
        search     text NOT NULL GENERATED ALWAYS AS (read.plain(name || ' ' || email)) STORED,
        PRIMARY KEY (company_id, client_id, rank)
    );
    """,
)


class ClientRow(Row, frozen=True):
    """A client; `version` of its stream. Of an erased person only `name` is left, as « Personne effacée »."""

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
    outstanding_cents: int


class ContactRow(Row, frozen=True):
    """A person at the client's."""

    id: UUID
    name: str
    role: str
    email: str
    phone: str


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """`state`: `active` (prospects included), `prospect`, `archived`, or empty = all; `kind` of the party, or empty."""

    q: str = ""
    state: str = ""
    kind: str = ""


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
           coalesce(o.outstanding_cents, 0) AS outstanding_cents
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
            SELECT company_id, client_id, sum(outstanding_cents)::bigint AS outstanding_cents
              FROM read.invoices
             WHERE company_id = %(company)s AND outstanding_cents > 0
             GROUP BY company_id, client_id
           ) o ON o.company_id = c.company_id AND o.client_id = c.id
     WHERE c.company_id = %(company)s
       AND (%(id)s::uuid IS NULL OR c.id = %(id)s)
       AND (%(kind)s = '' OR c.kind = %(kind)s)
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


@projection.on(Client.Created, Client.Changed)
def _(tx: Tx, event: Client.Created | Client.Changed) -> None:
    tx.execute(
        """
        INSERT INTO read.clients (company_id, id, code, kind, natural_person, prospect, name, city, country, email,
                                  phone, siren, seal, version)
        VALUES (%(company)s, %(stream)s, %(code)s, %(kind)s, %(natural)s, %(prospect)s, %(name)s, %(city)s, %(country)s,
                %(email)s, %(phone)s, %(siren)s, %(seal)s, %(version)s)
        ON CONFLICT (company_id, id) DO UPDATE
           SET kind = excluded.kind, natural_person = excluded.natural_person, prospect = excluded.prospect,
               name = excluded.name, city = excluded.city, country = excluded.country, email = excluded.email,
               phone = excluded.phone, siren = excluded.siren, seal = excluded.seal, version = excluded.version
        """,
        code=event.code if isinstance(event, Client.Created) else "",  # never changes
        **_profile(tx, event.profile),
    )
    tx.execute("DELETE FROM read.contacts WHERE company_id = %(company)s AND client_id = %(stream)s")
    _write_contacts(tx, event.profile)


@projection.on(Client.Archived, Client.Restored)
def _(tx: Tx, event: Client.Archived | Client.Restored) -> None:
    tx.execute(
        """
        UPDATE read.clients SET archived = %(archived)s, version = %(version)s
         WHERE company_id = %(company)s AND id = %(stream)s
        """,
        archived=isinstance(event, Client.Archived),
    )


@projection.on("subject.erased")
def _(tx: Tx, facts: dict[str, Any]) -> None:
    tx.execute(
        """
        WITH people AS (
            UPDATE read.contacts SET name = %(erased)s, role = '', email = '', phone = ''
             WHERE company_id = %(company)s AND seal = ANY (%(digests)s))
        UPDATE read.clients SET name = %(erased)s, city = '', email = '', phone = '', siren = ''
         WHERE company_id = %(company)s AND seal = ANY (%(digests)s)
        """,
        erased=ERASED,
        digests=facts["digests"],
    )


def _params(filter: Filter) -> dict[str, Any]:
    return {"id": None, "words": words.patterns(filter.q), "state": filter.state, "kind": filter.kind}


def _profile(tx: Tx, profile: Profile) -> dict[str, Any]:
    card = opened(tx, profile.card)
    return msgspec.structs.asdict(card) | {
        "city": card.address.city,
        "seal": seal_of(profile.card),
        "kind": profile.kind,
        "natural": profile.natural_person,
        "prospect": profile.prospect,
        "country": profile.country,
    }


def _write_contacts(tx: Tx, profile: Profile) -> None:
    for rank, contact in enumerate(profile.contacts):
        tx.execute(
            """
            INSERT INTO read.contacts (company_id, client_id, rank, id, name, role, email, phone, seal)
            VALUES (%(company)s, %(stream)s, %(rank)s, %(id)s, %(name)s, %(role)s, %(email)s, %(phone)s, %(seal)s)
            """,
            rank=rank,
            id=contact.id,
            seal=seal_of(contact.card),
            **msgspec.structs.asdict(opened(tx, contact.card)),
        )
