"""Read models pull: `catch_up` applies to each the entries that it has not seen.

A cursor for each company and read model. It moves first, from where it was seen to stand, in the same transaction as
what the handlers write: of two processes that catch up at once, one waits and finds that the cursor has moved. It then
looks again, since the other may have stopped short of the entry it was called for.

Read models that stand at the same place go on together, so each line is read once. When a handler fails, each goes on
alone, and the broken one stays where it stood. When the server fails (a full disk), nothing is shown.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import psycopg
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier

from ledger.codec import EventMapper, Line, UnknownType, read_line
from ledger.postgres import Pool
from projections.projection import Handler, Projection, install
from projections.tx import Tx

BATCH = 1000  # entries in one transaction: what a crash, or a broken read model at each page, does again
READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"  # all the queries of a page see the same moment

log = logging.getLogger(__name__)


class Stand(NamedTuple):
    """Where a read model of one company stands, and the head it may go to."""

    projection: Projection
    version: int
    pos: int
    head: int

    @property
    def fresh(self) -> bool:
        """Whether it starts from nothing: never filled, or filled by an older version."""
        return self.version < self.projection.version

    @property
    def after(self) -> int:
        return 0 if self.fresh else self.pos


class Engine:
    """The read models of one database, for one role."""

    def __init__(self, pool: Pool, mapper: EventMapper, *projections: Projection) -> None:
        self.pool = pool
        self.mapper = mapper
        self.projections = {projection.name: projection for projection in projections}

    def install(self, admin: psycopg.Connection) -> None:
        """Makes the tables of new and newer read models, as the administrator."""
        install(admin, self.projections.values())

    def catch_up(self, company: UUID) -> None:
        """Brings every read model of the company up to the head. One query when there is nothing to do."""
        with self.pool.connection() as conn:
            self._catch_up(conn, company)

    def rebuild(self, company: UUID, name: str) -> None:
        """Makes the rows of a read model again from the first entry on."""
        with self.pool.connection() as conn, conn.pipeline():
            _begin(conn, company)
            conn.execute(
                "UPDATE read.cursor SET version = 0 WHERE company_id = %s AND projection = %s", (company, name)
            )
            conn.execute("COMMIT")
        self.catch_up(company)

    @contextmanager
    def read(self, company: UUID) -> Iterator[Tx]:
        """The company's read models, caught up, in one read-only transaction."""
        with self.pool.connection() as conn:
            with conn.pipeline():
                _begin(conn, company, READ)
                behind = self._look(conn, company)
            if behind.rowcount:
                conn.execute("ROLLBACK")
                self._catch_up(conn, company)
                _begin(conn, company, READ)
            try:
                yield Tx(conn, company, self.mapper)
            finally:
                conn.execute("ROLLBACK")

    def _catch_up(self, conn: psycopg.Connection[TupleRow], company: UUID) -> None:
        broken: set[str] = set()
        while not self._arrived(conn, company, broken):
            pass

    def _arrived(self, conn: psycopg.Connection[TupleRow], company: UUID, broken: set[str]) -> bool:
        """One batch for each read model that is behind; False when there is more, or another process was faster."""
        together: dict[int, list[Stand]] = defaultdict(list)
        for stand in self._behind(conn, company):
            if stand.projection.name not in broken:
                together[stand.after].append(stand)
        arrived = [self._went_on(conn, company, stands, broken) for stands in together.values()]
        return all(arrived)

    def _behind(self, conn: psycopg.Connection[TupleRow], company: UUID) -> list[Stand]:
        with conn.pipeline():
            _begin(conn, company)
            found = self._look(conn, company)
            conn.execute("COMMIT")
        return [Stand(self.projections[name], version, pos, head) for name, version, pos, head in found.fetchall()]

    def _look(self, conn: psycopg.Connection[TupleRow], company: UUID) -> psycopg.Cursor[TupleRow]:
        """Read models with something to read. One installed in another version than ours is not ours to fill."""
        known = self.projections.values()
        return conn.execute(
            """
            SELECT p.name, coalesce(c.version, 0), coalesce(c.pos, 0), h.pos
              FROM ledger.head h
             CROSS JOIN unnest(%s::text[], %s::int[]) AS p (name, version)
              JOIN read.model m ON m.name = p.name AND m.version = p.version
              LEFT JOIN read.cursor c ON c.company_id = h.company_id AND c.projection = p.name
             WHERE h.company_id = %s
               AND (c.pos IS NULL OR c.version < p.version OR (c.version = p.version AND c.pos < h.pos))
             ORDER BY p.name  -- all processes move cursors in one order: no two wait for each other
            """,
            ([p.name for p in known], [p.version for p in known], company),
        )

    def _went_on(
        self, conn: psycopg.Connection[TupleRow], company: UUID, stands: Sequence[Stand], broken: set[str]
    ) -> bool:
        """The next batch for read models that stand together. A broken one has gone as far as it can."""
        try:
            return self._step(conn, company, stands)
        except Exception as error:
            if _no_fault_of_ours(error):
                raise
            conn.execute("ROLLBACK")
            if len(stands) > 1:
                arrived = [self._went_on(conn, company, [stand], broken) for stand in stands]
                return all(arrived)
            log.exception("read model %s of %s is broken", stands[0].projection.name, company)
            broken.add(stands[0].projection.name)
            return True

    def _step(self, conn: psycopg.Connection[TupleRow], company: UUID, stands: Sequence[Stand]) -> bool:
        after, head = stands[0].after, stands[0].head
        to = min(after + BATCH, head)
        with conn.pipeline():
            _begin(conn, company)
            conn.execute(
                "SET LOCAL enable_seqscan = off"
            )  # plans made for a table still empty are kept when it is full
            moves = [_move(conn, company, stand, to) for stand in stands]
        if not all(move.rowcount for move in moves):
            conn.execute("ROLLBACK")
            return False
        for table in (table for stand in stands if stand.fresh for table in stand.projection.tables):
            conn.execute(SQL("DELETE FROM read.{} WHERE company_id = %s").format(Identifier(table)), (company,))
        self._apply(conn, company, [stand.projection for stand in stands], after, to)
        conn.execute("COMMIT")
        return to == head

    def _apply(
        self, conn: psycopg.Connection[TupleRow], company: UUID, projections: Sequence[Projection], after: int, to: int
    ) -> None:
        wanted = {name for projection in projections for name in projection.handlers}
        every = any(projection.index for projection in projections)
        texts = _lines(conn, company, after, to, None if every else wanted)
        tx = Tx(conn, company, self.mapper)
        tx.open_seals(texts)
        lines = [read_line(text) for text in texts]
        read: dict[int, Any] = {}  # once for all read models, and only if one wants it
        with conn.pipeline():
            for projection in projections:
                for tx.line, handler in _handled(projection, lines):
                    if tx.line.pos not in read:
                        read[tx.line.pos] = self._event(tx.line)
                    handler(tx, read[tx.line.pos])
                if projection.closing:
                    projection.closing(tx)
                if projection.index and lines:
                    projection.index(tx, lines)

    def _event(self, line: Line) -> Any:
        try:
            return self.mapper.to_event(line)
        except UnknownType:
            return msgspec.json.decode(line.data)


def _no_fault_of_ours(error: Exception) -> bool:
    """The disk is full, memory is short, the connection is gone: nobody is shown what is out of date."""
    return isinstance(error, psycopg.OperationalError) and (error.sqlstate or "53").startswith("53")


def _handled(projection: Projection, lines: Sequence[Line]) -> Iterator[tuple[Line, Handler]]:
    """The lines that a read model has a handler for, but for those that a later one outdoes."""
    last = {(line.stream, line.type): line.version for line in lines}
    for line in lines:
        handler = projection.handlers.get(line.type)
        if handler and all(
            last.get((line.stream, later), 0) <= line.version for later in projection.outdone[line.type]
        ):
            yield line, handler


def _lines(
    conn: psycopg.Connection[TupleRow], company: UUID, after: int, to: int, wanted: set[str] | None
) -> list[str]:
    """The lines after `after` up to `to`, of the types wanted, or all of them."""
    found = conn.execute(
        """
        SELECT line FROM ledger.entry
         WHERE company_id = %(company)s AND pos > %(after)s AND pos <= %(to)s
           AND (%(wanted)s::text[] IS NULL OR type = ANY (%(wanted)s))
         ORDER BY pos
        """,
        {"company": company, "after": after, "to": to, "wanted": wanted and list(wanted)},
    )
    return [line for (line,) in found.fetchall()]


def _move(conn: psycopg.Connection[TupleRow], company: UUID, stand: Stand, to: int) -> psycopg.Cursor[TupleRow]:
    return conn.execute(
        """
        INSERT INTO read.cursor AS c VALUES (%(company)s, %(name)s, %(new)s, %(to)s)
        ON CONFLICT (company_id, projection) DO UPDATE SET version = %(new)s, pos = %(to)s
         WHERE c.version = %(version)s AND c.pos = %(pos)s
        """,
        {
            "company": company,
            "name": stand.projection.name,
            "new": stand.projection.version,
            "to": to,
            "version": stand.version,
            "pos": stand.pos,
        },
    )


def _begin(conn: psycopg.Connection[TupleRow], company: UUID, begin: str = "BEGIN") -> None:
    conn.execute(begin.encode())
    conn.execute("SELECT set_config('probant.company', %s, true)", (str(company),))
