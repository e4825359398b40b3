"""Which entries concern what, and who made them: an index of the ledger, whose lines stay where they are."""

import re
from collections.abc import Sequence
from uuid import UUID

from ledger.codec import Line
from projections.projection import Projection
from projections.tx import Tx

projection = Projection(
    "timeline",
    1,
    """
    CREATE TABLE read.entries (
        company_id uuid   NOT NULL,
        pos        bigint NOT NULL,
        at         timestamptz NOT NULL,
        actor      text NOT NULL,
        type       text NOT NULL,
        PRIMARY KEY (company_id, pos)
    );
    CREATE INDEX ON read.entries (company_id, type, pos);
    CREATE INDEX ON read.entries (company_id, actor, pos);
    CREATE TABLE read.concerns (
        company_id uuid   NOT NULL,
        about      uuid   NOT NULL,                       -- a stream: the entry's own, or one that it names
        pos        bigint NOT NULL,
        PRIMARY KEY (company_id, about, pos)
    );
    CREATE INDEX ON read.concerns (company_id, pos);
    """,
)

NAMED = re.compile(
    rb'"(?:client_id|invoice_id|payment_id|allocation_id|quote_id|credits|copied_from|subject_id|id)":"([0-9a-f-]{36})"'
)


@projection.on_every_entry
def _(tx: Tx, lines: Sequence[Line]) -> None:
    """An entry concerns its stream and those it names; when it names none, what the last one in its stream named."""
    tx.execute(
        """
        INSERT INTO read.entries (company_id, pos, at, actor, type)
        SELECT %(company)s, * FROM unnest(%(pos)s::bigint[], %(at)s::timestamptz[], %(actor)s::text[], %(type)s::text[])
        """,
        pos=[line.pos for line in lines],
        at=[line.at for line in lines],
        actor=[line.by for line in lines],
        type=[line.type for line in lines],
    )
    named = [(line, _named(line)) for line in lines]
    _write(tx, [(about, line.pos) for line, ids in named for about in [line.stream, *ids]])
    nameless = [line for line, ids in named if not ids and line.version > 1]
    tx.execute(
        """
        INSERT INTO read.concerns (company_id, about, pos)
        SELECT %(company)s, named.about, nameless.pos
          FROM unnest(%(stream)s::uuid[], %(pos)s::bigint[]) AS nameless (stream, pos)
         CROSS JOIN LATERAL (
               SELECT c.pos FROM read.concerns c
                WHERE c.company_id = %(company)s AND c.about = nameless.stream AND c.pos < nameless.pos AND EXISTS (
                      SELECT FROM read.concerns o
                       WHERE o.company_id = %(company)s AND o.pos = c.pos AND o.about <> c.about)
                ORDER BY c.pos DESC
                LIMIT 1) AS last
          JOIN read.concerns named ON named.company_id = %(company)s AND named.pos = last.pos
         WHERE named.about <> nameless.stream
        """,
        stream=[line.stream for line in nameless],
        pos=[line.pos for line in nameless],
    )


def _write(tx: Tx, rows: list[tuple[UUID, int]]) -> None:
    tx.execute(
        """
        INSERT INTO read.concerns (company_id, about, pos)
        SELECT %(company)s, * FROM unnest(%(about)s::uuid[], %(pos)s::bigint[])
        """,
        about=[about for about, _ in rows],
        pos=[pos for _, pos in rows],
    )


def _named(line: Line) -> set[UUID]:
    """The ids of other things in a line; a text cannot feign one, since its quotes are escaped."""
    found = {UUID(found.decode()) for found in NAMED.findall(bytes(line.data))}
    return found - {line.stream, line.ledger}
