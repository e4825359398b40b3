"""One transaction on the read models, and on the ledger behind them, of one company."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import psycopg
from psycopg.rows import TupleRow, class_row

from ledger.codec import EventMapper, Line

R = TypeVar("R")
SEAL = re.compile(r'"sealed":"([0-9a-f]{64})"')


class Row(msgspec.Struct, frozen=True):
    """A row that a query answers: its fields are the columns."""


class Tx:
    """What queries and handlers are given. Every SQL may use `%(company)s`.

    In a handler `line` is the entry being applied, and its SQL may use `%(stream)s` `%(pos)s` `%(version)s` `%(at)s`.
    """

    def __init__(self, conn: psycopg.Connection[TupleRow], company: UUID, mapper: EventMapper) -> None:
        self.company = company
        self.mapper = mapper
        self._conn = conn
        self._openings: dict[str, Any] = {}
        self._place: dict[str, Any] = {}
        self._gathered: dict[str, dict[str, list[Any]]] = {}

    @property
    def line(self) -> Line:
        """The entry being applied."""
        return self._line

    @line.setter
    def line(self, line: Line) -> None:
        self._line = line
        self._place = {"stream": line.stream, "pos": line.pos, "version": line.version, "at": line.at}

    def rows(self, kind: type[R], sql: str, /, **params: Any) -> list[R]:
        """All rows, each a `kind` made from the columns of its names."""
        return self._asked(self._conn.cursor(row_factory=class_row(kind)), sql, params).fetchall()

    def row(self, kind: type[R], sql: str, /, **params: Any) -> R | None:
        """The first row, if there is one."""
        return next(iter(self.rows(kind, sql, **params)), None)

    def value(self, sql: str, /, **params: Any) -> Any:
        """The one value of the one row; None when there is no row."""
        return next(iter(self.values(sql, **params)), None)

    def values(self, sql: str, /, **params: Any) -> list[Any]:
        """The one column of all rows."""
        return [value for (value,) in self._asked(self._conn.cursor(), sql, params).fetchall()]

    def execute(self, sql: str, /, **params: Any) -> None:
        """A write of a handler. Nobody waits for it: the engine has a pipeline open."""
        self._conn.execute(sql.encode(), {"company": self.company, **self._place, **params})

    def gather(self, sql: str, **row: Any) -> None:
        """A row that `write` sends with all the others of this SQL: it takes each name as an array."""
        columns = self._gathered.get(sql)
        if columns is None:
            columns = self._gathered[sql] = {name: [] for name in row}
        for name, value in row.items():
            columns[name].append(value)

    def write(self, sql: str) -> None:
        """Sends what was gathered for this SQL. Never prepared: a join is planned for the table as it is by then."""
        if columns := self._gathered.pop(sql, None):
            self._conn.execute(sql.encode(), {"company": self.company, **columns}, prepare=False)

    def open_seals(self, lines: Iterable[str]) -> None:
        """Looks up, in one query, what opens the seals in these lines."""
        digests = {digest for line in lines for digest in SEAL.findall(line)}
        if digests:
            self._openings |= {digest: json.loads(value) for digest, value in self._found(digests)}

    def opened(self, digest: str) -> Any | None:
        """The JSON value behind a digest of a line that is at hand; None when it was erased."""
        return self._openings.get(digest)

    def _asked(self, cursor: psycopg.Cursor[R], sql: str, params: dict[str, Any]) -> psycopg.Cursor[R]:
        # Never prepared: a filter left empty must be seen by the planner, or one plan would have to suit them all.
        return cursor.execute(sql.encode(), {"company": self.company, **params}, prepare=False)

    def _found(self, digests: set[str]) -> Iterator[TupleRow]:
        yield from self._conn.execute(
            "SELECT encode(digest, 'hex'), value FROM ledger.sealed WHERE company_id = %s AND digest = ANY (%s)",
            (self.company, [bytes.fromhex(digest) for digest in digests]),
        )
