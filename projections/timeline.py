"""Which entries concern what, and who made them: an index of the ledger, whose lines stay where they are."""

import re
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
def _(tx: Tx, line: Line) -> None:
    """An entry concerns its stream and those it names; when it names none, those of the entry before in its stream."""
    tx.execute(
        """
        INSERT INTO read.entries (company_id, pos, at, actor, type)
        VALUES (%(company)s, %(pos)s, %(at)s, %(actor)s, %(type)s)
        """,
        actor=line.by,
        type=line.type,
    )
    named = _named(line)
    tx.execute(
        """
        INSERT INTO read.concerns (company_id, about, pos)
        SELECT %(company)s, about, %(pos)s FROM unnest(%(about)s::uuid[]) AS about
        """,
        about=[*named, line.stream],
    )
    if not named and line.version > 1:
        tx.execute(
            """
            INSERT INTO read.concerns (company_id, about, pos)
            SELECT company_id, about, %(pos)s FROM read.concerns
             WHERE company_id = %(company)s AND about <> %(stream)s
               AND pos = (SELECT max(pos) FROM read.concerns
                           WHERE company_id = %(company)s AND about = %(stream)s AND pos < %(pos)s)
            """
        )


def _named(line: Line) -> list[UUID]:
    """The ids of other things in a line; a text cannot feign one, since its quotes are escaped."""
    found = {UUID(found.decode()) for found in NAMED.findall(bytes(line.data))}
    return sorted(found - {line.stream, line.ledger})
