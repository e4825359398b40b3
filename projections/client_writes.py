"""Clients and prospects, with their contacts: the tables and their handlers. What screens ask is in `clients.py`."""

from typing import Any

import msgspec

from domain.client import Client, Profile
from projections.persons import ERASED, opened, seal_of
from projections.projection import Projection
from projections.tx import Tx

projection = Projection(
    "clients",
    2,
    """
    CREATE TABLE read.clients (
        company_id     uuid NOT NULL,
        id             uuid NOT NULL,
        code           text NOT NULL,
        kind           text NOT NULL,
        natural_person boolean NOT NULL,
        prospect       boolean NOT NULL,
        archived       boolean NOT NULL DEFAULT false,
        reminders      boolean NOT NULL,
        tags           text[] NOT NULL,
        merged_into    uuid,
        survivor_id    uuid NOT NULL,                     -- the client that stands for this one: itself, unless merged
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
    CREATE INDEX ON read.clients (company_id, survivor_id);
    CREATE INDEX ON read.clients (company_id, siren) WHERE siren <> '';
    CREATE INDEX ON read.clients (company_id, lower(email)) WHERE email <> '';
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

SURVIVORS = """
    WITH RECURSIVE up AS (
        SELECT id, id AS at, merged_into FROM read.clients WHERE company_id = %(company)s
         UNION ALL
        SELECT up.id, c.id, c.merged_into
          FROM up JOIN read.clients c ON c.company_id = %(company)s AND c.id = up.merged_into)
    UPDATE read.clients c SET survivor_id = up.at
      FROM up
     WHERE c.company_id = %(company)s AND c.id = up.id AND up.merged_into IS NULL AND c.survivor_id <> up.at
    """


@projection.on(Client.Created, Client.Changed)
def _(tx: Tx, event: Client.Created | Client.Changed) -> None:
    tx.execute(
        """
        INSERT INTO read.clients (company_id, id, code, kind, natural_person, prospect, name, city, country, email,
                                  phone, siren, seal, version, reminders, tags, survivor_id)
        VALUES (%(company)s, %(stream)s, %(code)s, %(kind)s, %(natural)s, %(prospect)s, %(name)s, %(city)s, %(country)s,
                %(email)s, %(phone)s, %(siren)s, %(seal)s, %(version)s, %(reminders)s, %(tags)s, %(stream)s)
        ON CONFLICT (company_id, id) DO UPDATE
           SET kind = excluded.kind, natural_person = excluded.natural_person, prospect = excluded.prospect,
               name = excluded.name, city = excluded.city, country = excluded.country, email = excluded.email,
               phone = excluded.phone, siren = excluded.siren, seal = excluded.seal, version = excluded.version,
               reminders = excluded.reminders, tags = excluded.tags
        """,
        code=event.code if isinstance(event, Client.Created) else "",  # never changes
        **_profile(tx, event.profile),
    )
    tx.execute("DELETE FROM read.contacts WHERE company_id = %(company)s AND client_id = %(stream)s")
    _write_contacts(tx, event.profile)


@projection.on(Client.Archived)
def _(tx: Tx, event: Client.Archived) -> None:
    tx.execute(
        """
        UPDATE read.clients SET archived = true, version = %(version)s
         WHERE company_id = %(company)s AND id = %(stream)s
        """
    )


@projection.on(Client.Removed)
def _(tx: Tx, event: Client.Removed) -> None:
    tx.execute("DELETE FROM read.contacts WHERE company_id = %(company)s AND client_id = %(stream)s")
    tx.execute("DELETE FROM read.clients WHERE company_id = %(company)s AND id = %(stream)s")


@projection.on(Client.Merged, Client.Restored)
def _(tx: Tx, event: Client.Merged | Client.Restored) -> None:
    into = event.into if isinstance(event, Client.Merged) else None
    tx.execute(
        """
        UPDATE read.clients SET archived = %(into)s::uuid IS NOT NULL, merged_into = %(into)s, version = %(version)s
         WHERE company_id = %(company)s AND id = %(stream)s
        """,
        into=into,
    )
    tx.execute(SURVIVORS)


@projection.on("subject.erased")
def _(tx: Tx, facts: dict[str, Any]) -> None:
    tx.execute(
        """
        WITH people AS (
            UPDATE read.contacts SET name = %(erased)s, role = '', email = '', phone = ''
             WHERE company_id = %(company)s AND seal = ANY (%(digests)s))
        UPDATE read.clients SET name = %(erased)s, city = '', email = '', phone = '', siren = '', tags = '{}'
         WHERE company_id = %(company)s AND seal = ANY (%(digests)s)
        """,
        erased=ERASED,
        digests=facts["digests"],
    )


def _profile(tx: Tx, profile: Profile) -> dict[str, Any]:
    card = opened(tx, profile.card)
    return msgspec.structs.asdict(card) | {
        "city": card.address.city,
        "seal": seal_of(profile.card),
        "kind": profile.kind,
        "natural": profile.natural_person,
        "prospect": profile.prospect,
        "country": profile.country,
        "reminders": profile.reminders,
        "tags": list(profile.tags),
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
