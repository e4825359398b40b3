"""One command, one call: take the pen, load, decide, append, commit. One transaction, three exchanges at most.

A pipeline block is one exchange only if nothing inside it waits: so rows are read after it, connections are in
autocommit, and BEGIN and COMMIT are statements like others.
"""

import hmac
import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb
from psycopg_pool import ConnectionPool, PoolTimeout

from ledger import blobs, vault
from ledger.canonical import canonical
from ledger.codec import EventMapper
from ledger.entry import Entry, Pen, Streams
from ledger.errors import CommandReused, LedgerReadOnly, TrainingOnly

DAY_CHANGED, READ_ONLY = "PB006", "PB008"
TAKE = """
    SELECT pos, day, training, series, known, result, lines, subjects, mentions, digests, openings
      FROM ledger.take(%b, %b, %b)
    """
APPEND = "SELECT ledger.append(%b, %s, %b, %b, %b::text::jsonb, %b, %b, %b, %b)"
APPEND_AND_DEFER = APPEND + ", jobs.defer(%b, %b, %s, %b)"


class Books:
    """The ledgers, for one role. `key` makes the digests of requests; `day` keeps a training ledger on that day."""

    def __init__(
        self, pool: ConnectionPool[Connection[TupleRow]], mapper: EventMapper, key: bytes, day: date | None = None
    ) -> None:
        self.pool = pool
        self.mapper = mapper
        self.key = key
        self.day = day

    def on(self, day: date) -> "Books":
        """The same books kept on another day: training ledgers only."""
        return Books(self.pool, self.mapper, self.key, day)

    def do(self, use_case: Callable[..., Any], company_id: UUID, command_id: UUID, actor: str, **request: Any) -> Any:
        """Runs `use_case(entry, **request)` once, however often it is asked; always gives its answer, as JSON values.

        Tried again once when midnight passed in between, and when the connection was lost: if the commit had come
        through, the command is found done.
        Errors: `CommandReused` for another request under a known id; `LedgerReadOnly`; what the use case refuses.
        """
        request = {name: value for name, value in request.items() if value is not None}
        asked = {"do": use_case.__name__, "by": actor, "request": request}
        digest = hmac.digest(self.key, canonical(asked), "sha256")
        ids = list(dict.fromkeys([company_id, *_ids(request)]))
        command = Command(use_case, company_id, command_id, actor, request, ids, digest)
        try:
            return self._once(command)
        except psycopg.Error as error:
            if error.sqlstate == READ_ONLY:
                raise LedgerReadOnly(company_id) from error
            if error.sqlstate != DAY_CHANGED and not _lost(error):
                raise
            self.pool.check()
            return self._once(command)

    def _once(self, command: "Command") -> Any:
        with self.pool.connection() as conn:
            pen, streams = self._take_the_pen(conn, command)
            if pen.known is not None:
                if pen.known != command.digest:
                    raise CommandReused(command.id)
                conn.execute("ROLLBACK")
                return pen.result
            entry = Entry(conn, self.mapper, command.company_id, command.actor, self._on_its_day(pen, command))
            entry.received(command.ids, streams)
            result = command.use_case(entry, **command.request)
            return _append(conn, command, entry, result)

    def _take_the_pen(self, conn: Connection[TupleRow], command: "Command") -> tuple[Pen, Streams]:
        with conn.pipeline():
            conn.execute("BEGIN")
            taken = conn.execute(TAKE, (command.company_id, command.id, command.ids), binary=True)
        row = taken.fetchone() or ()
        return Pen._make(row[:6]), Streams._make(row[6:])

    def _on_its_day(self, pen: Pen, command: "Command") -> Pen:
        if self.day is None:
            return pen
        if pen.pos and not pen.training:
            raise TrainingOnly(command.company_id)
        return pen._replace(day=self.day)


class Command(msgspec.Struct, frozen=True):
    """A use case to be run, and the id under which it is run once."""

    use_case: Callable[..., Any]
    company_id: UUID
    id: UUID
    actor: str
    request: dict[str, Any]
    ids: list[UUID]
    digest: bytes


def _append(conn: Connection[TupleRow], command: Command, entry: Entry, result: Any) -> Any:
    answer = None if result is None else canonical(result).decode()
    with conn.pipeline():
        if entry.sealed:
            vault.keep(conn, command.company_id, entry.sealed)
        for content, until in entry.kept:
            blobs.put(conn, command.company_id, content, until)
        facts = [
            command.company_id, command.actor, command.id, command.digest, answer,
            [event.stream for event in entry.events],
            [event.version for event in entry.events],
            [event.type for event in entry.events],
            [event.data for event in entry.events],
        ]  # fmt: skip
        if entry.deferred:
            tasks, ids = zip(*entry.deferred, strict=True)
            facts += [command.company_id, [*tasks], [Jsonb(one) for one in ids], entry.day]
        conn.execute(APPEND_AND_DEFER if entry.deferred else APPEND, facts)
        for query, beside in entry.rows_beside:
            conn.execute(query, beside)
        conn.execute("COMMIT")
    return None if answer is None else json.loads(answer)


def _lost(error: psycopg.Error) -> bool:
    """Whether the connection is gone: the server stopped, was killed, or ended it."""
    alive = isinstance(error, PoolTimeout) or not isinstance(error, psycopg.OperationalError)
    return not alive and (error.sqlstate or "57P01").startswith("57P")


def _ids(value: Any) -> Iterator[UUID]:
    """Every id in a request: its streams come with the first exchange."""
    if isinstance(value, UUID):
        yield value
    elif isinstance(value, dict):
        yield from _ids(tuple(value.values()))
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _ids(item)
    elif isinstance(value, msgspec.Struct):
        yield from _ids(msgspec.structs.astuple(value))
