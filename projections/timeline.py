"""Which entries concern what, and who made them: an index of the ledger, whose lines stay where they are."""

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from ledger.codec import Line
from projections.projection import Projection
from projections.tx import Row, Tx

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
        named      uuid[] NOT NULL,                       -- other streams that it concerns
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
    """,
)

NAMED = re.compile(
    rb'"(?:client_id|invoice_id|payment_id|allocation_id|quote_id|credits|copied_from|subject_id|id)":"([0-9a-f-]{36})"'
)


class Named(Row, frozen=True):
    """What the last entry of a stream named."""

    stream: UUID
    named: list[UUID]


@projection.on_every_entry
def _(tx: Tx, lines: Sequence[Line]) -> None:
    """An entry concerns its stream and those it names; when it names none, those of the entry before in its stream."""
    named: dict[UUID, list[UUID]] = _named_before(tx, lines)
    concerns: list[tuple[UUID, int]] = []
    rows = []
    for line in lines:
        named[line.stream] = _named(line) or named.get(line.stream, [])
        concerns += [(about, line.pos) for about in (line.stream, *named[line.stream])]
        rows.append((line.pos, line.at, line.by, line.type, _array(named[line.stream])))
    _write(tx, rows, concerns)


def _named_before(tx: Tx, lines: Sequence[Line]) -> dict[UUID, list[UUID]]:
    """What the streams that go on in this batch named just before it."""
    first = {line.stream: line for line in reversed(lines)}
    going_on = [line for line in first.values() if line.version > 1 and not _named(line)]
    if not going_on:
        return {}
    found = tx.rows(
        Named,
        """
        SELECT s.stream, r.named
          FROM unnest(%(streams)s::uuid[], %(versions)s::bigint[]) AS s (stream, version)
          JOIN ledger.entry e ON e.company_id = %(company)s AND e.stream_id = s.stream AND e.version = s.version - 1
          JOIN read.entries r ON r.company_id = %(company)s AND r.pos = e.pos
        """,
        streams=[line.stream for line in going_on],
        versions=[line.version for line in going_on],
    )
    return {row.stream: row.named for row in found}


def _named(line: Line) -> list[UUID]:
    """The ids of other things in a line; a text cannot feign one, since its quotes are escaped."""
    found = {UUID(found.decode()) for found in NAMED.findall(bytes(line.data))}
    return sorted(found - {line.stream, line.ledger})


def _write(tx: Tx, rows: Sequence[tuple[Any, ...]], concerns: Sequence[tuple[UUID, int]]) -> None:
    pos, at, actor, type_, named = map(list, zip(*rows, strict=True))
    tx.execute(
        """
        INSERT INTO read.entries (company_id, pos, at, actor, type, named)
        SELECT %(company)s, pos, at, actor, type, named::uuid[]
          FROM unnest(%(pos)s::bigint[], %(at)s::timestamptz[], %(actor)s::text[], %(type)s::text[], %(named)s::text[])
               AS r (pos, at, actor, type, named)
        """,
        pos=pos,
        at=at,
        actor=actor,
        type=type_,
        named=named,
    )
    tx.execute(
        """
        INSERT INTO read.concerns (company_id, about, pos)
        SELECT %(company)s, about, pos FROM unnest(%(about)s::uuid[], %(pos)s::bigint[]) AS c (about, pos)
        """,
        about=[about for about, _ in concerns],
        pos=[pos for _, pos in concerns],
    )


def _array(ids: Sequence[UUID]) -> str:
    """An array within an array has no parameter of its own: as PostgreSQL writes it."""
    return "{" + ",".join(map(str, ids)) + "}"
