"""A read model: its table, its version, its handlers; and how its table comes into the database."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

from ledger.codec import Line
from projections.tx import Tx

Handler = Callable[[Tx, Any], None]
Index = Callable[[Tx, Sequence[Line]], None]
Closing = Callable[[Tx], None]

MACHINERY = r"""
CREATE TABLE IF NOT EXISTS read.model (
    name    text PRIMARY KEY,
    version integer NOT NULL,
    tables  text[] NOT NULL
);
CREATE TABLE IF NOT EXISTS read.cursor (
    company_id uuid NOT NULL,
    projection text NOT NULL,
    version    integer NOT NULL,
    pos        bigint  NOT NULL,
    PRIMARY KEY (company_id, projection)
);
GRANT SELECT ON read.model TO probant_web, probant_job;

-- A text as it is searched: without case, accents or ligatures. `words.patterns` does the same to what is looked for.
CREATE OR REPLACE FUNCTION read.plain(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT replace(replace(lower(regexp_replace(normalize($1, NFKD), '[\u0300-\u036f]', '', 'g')),
                           'œ', 'oe'), 'æ', 'ae')
$$;
"""

PROTECTION = """
ALTER TABLE read.{table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_company ON read.{table};
CREATE POLICY own_company ON read.{table}
    USING (company_id = nullif(current_setting('probant.company', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON read.{table} TO probant_web, probant_job;
"""


class Projection:
    """One read model. `version` is raised when `schema` (its CREATE statements) or a handler changes."""

    def __init__(self, name: str, version: int, schema: str) -> None:
        self.name = name
        self.version = version
        self.schema = schema
        self.tables = re.findall(r"CREATE TABLE read\.(\w+)", schema)
        self.handlers: dict[str, Handler] = {}
        self.outdone: dict[str, tuple[str, ...]] = {}
        self.index: Index | None = None
        self.closing: Closing | None = None

    def on(self, *events: Any, outdone_by: Sequence[Any] = ()) -> Callable[[Handler], Handler]:
        """Registers a handler for events of these classes; for a name without a class, it gets the facts as a dict.

        It is spared those that an event `outdone_by` follows in their stream within a batch: that one writes all anew.
        """

        def register(handler: Handler) -> Handler:
            for event in events:
                name = event if isinstance(event, str) else event.TOPIC
                self.handlers[name] = handler
                self.outdone[name] = tuple(later.TOPIC for later in outdone_by)
            return handler

        return register

    def after_all(self, handler: Closing) -> Closing:
        """Registers what follows the handlers of a batch: `tx.write` of what they gathered."""
        self.closing = handler
        return handler

    def on_every_entry(self, handler: Index) -> Index:
        """Registers a handler of all entries whatever their type, even one yet unknown: it gets a batch of lines."""
        self.index = handler
        return handler


def install(conn: psycopg.Connection, projections: Iterable[Projection]) -> None:
    """Makes the tables of new and newer read models, as the administrator. Their rows come with the next catch-up."""
    with conn.transaction():
        conn.execute("SET LOCAL ROLE probant_owner")
        conn.execute("SELECT pg_advisory_xact_lock(hashtextextended('probant read models', 0))")
        conn.execute("SET LOCAL client_min_messages = warning")
        conn.execute(MACHINERY)
        _protect(conn, "cursor")
        found = conn.execute("SELECT name, version, tables FROM read.model").fetchall()
        installed = {name: (version, tables) for name, version, tables in found}
        for projection in projections:
            version, old_tables = installed.get(projection.name, (0, []))
            if version < projection.version:
                _replace(conn, projection, old_tables)


def _replace(conn: psycopg.Connection, projection: Projection, old_tables: list[str]) -> None:
    for table in old_tables:
        conn.execute(SQL("DROP TABLE read.{}").format(Identifier(table)))
    conn.execute(projection.schema.encode())
    for table in projection.tables:
        _protect(conn, table)
    conn.execute(
        """
        INSERT INTO read.model VALUES (%s, %s, %s)
        ON CONFLICT (name) DO UPDATE SET version = excluded.version, tables = excluded.tables
        """,
        (projection.name, projection.version, projection.tables),
    )


def _protect(conn: psycopg.Connection, table: str) -> None:
    conn.execute(SQL(PROTECTION).format(table=Identifier(table)))
