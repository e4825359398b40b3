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
    2,
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
    rb'"(?:client_id|document_id|invoice_id|payment_id|allocation_id|quote_id|credits|copied_from|subject_id|id)":"([0-9a-f-]{36})"'
)


class Named(Row, frozen=True):
    """What the last entry of a stream named."""

    stream: UUID
    named: list[str]


@projection.on_every_entry
def _(tx: Tx, lines: Sequence[Line]) -> None:
    """An entry concerns its stream and those it names; when it names none, those of the entry before in its stream."""
    told = [(line, _named(line)) for line in lines]
    named = _named_before(tx, [line for line, ids in told if not ids])
    concerns: list[tuple[str, int]] = []
    rows = []
    for line, ids in told:
        named[line.stream] = ids or named.get(line.stream, [])
        concerns += [(about, line.pos) for about in (str(line.stream), *named[line.stream])]
        rows.append((line.pos, line.at, line.by, line.type, _array(named[line.stream])))
    _write(tx, rows, concerns)


def _named_before(tx: Tx, silent: Sequence[Line]) -> dict[UUID, list[str]]:
    """What the streams of lines that name nothing named before this batch."""
    first = {line.stream: line for line in reversed(silent)}
    going_on = [line for line in first.values() if line.version > 1]
    if not going_on:
        return {}
    found = tx.rows(
        Named,
        """
        SELECT s.stream, r.named::text[] AS named
          FROM unnest(%(streams)s::uuid[], %(versions)s::bigint[]) AS s (stream, version)
          JOIN ledger.entry e ON e.company_id = %(company)s AND e.stream_id = s.stream AND e.version = s.version - 1
          JOIN read.entries r ON r.company_id = %(company)s AND r.pos = e.pos
        """,
        streams=[line.stream for line in going_on],
        versions=[line.version for line in going_on],
    )
    return {row.stream: row.named for row in found}


def _named(line: Line) -> list[str]:
    """The ids of other things in a line; a text cannot feign one, since its quotes are escaped."""
    found = {found.decode() for found in NAMED.findall(bytes(line.data))}
    return sorted(found - {str(line.stream), str(line.ledger)})


def _write(tx: Tx, rows: Sequence[tuple[Any, ...]], concerns: Sequence[tuple[str, int]]) -> None:
    """All in binary: as texts, arrays cost more than all the rest."""
    pos, at, actor, type_, named = map(list, zip(*rows, strict=True))
    tx.execute(
        """
        INSERT INTO read.entries (company_id, pos, at, actor, type, named)
        SELECT %(company)s, pos, at, actor, type, named::uuid[]
          FROM unnest(%(pos)b::bigint[], %(at)b::timestamptz[], %(actor)b::text[], %(type)b::text[], %(named)b::text[])
               AS r (pos, at, actor, type, named)
        """,
        pos=pos,
        at=at,
        actor=actor,
        type=type_,
        named=named,
    )
    about, places = map(list, zip(*concerns, strict=True))
    tx.execute(
        """
        INSERT INTO read.concerns (company_id, about, pos)
        SELECT %(company)s, about::uuid, pos FROM unnest(%(about)b::text[], %(places)b::bigint[]) AS c (about, pos)
        """,
        about=about,
        places=places,
    )


def _array(ids: Sequence[str]) -> str:
    """An array within an array has no parameter of its own: as PostgreSQL writes it."""
    return "{" + ",".join(ids) + "}"
