"""Files on their way in, and what became of their lines: rows of `scratch`, of one company, kept for a month."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb

from projections.tx import Row, Tx

Connection = psycopg.Connection[TupleRow]

KEPT = "30 days"
TASKS = {"judging": "judge_import", "running": "run_import", "undoing": "undo_import"}  # what a state waits for


class Import(Row, frozen=True):
    """A file of `clients` or `products`; `state`: `judging` → `shown` → `running` → `done` → `undoing` → `undone`."""

    id: UUID
    user_id: UUID
    kind: str
    file_name: str
    columns: list[str]
    fields: list[str]
    doubles: bool
    state: str
    lines: int
    asked_at: datetime


class Line(Row, frozen=True):
    """A line of a file; `verdict`: `good` `duplicate` `bad`; `result`: `made` `refused` `archived` `kept`.

    `made`: the name of what it became, for pages.
    """

    line: int
    cells: list[str]
    verdict: str
    told: str
    made_id: UUID | None
    result: str
    made: str = ""


class Tally(Row, frozen=True):
    """Lines by what was found of them and what became of them."""

    verdict: str
    result: str
    count: int


IMPORTS = """
    SELECT id, user_id, kind, file_name, columns, fields, doubles, state, lines, asked_at
      FROM scratch.import WHERE company_id = %(company)s
    """
LINES = """
    SELECT line, cells, verdict, told, made_id, result
      FROM scratch.import_line WHERE company_id = %(company)s AND import_id = %(id)s
    """

SHOWN = """
    SELECT line, cells, verdict, told, made_id, result, coalesce(c.name, p.label, '') AS made
      FROM scratch.import_line l
      LEFT JOIN read.clients c ON c.company_id = l.company_id AND c.id = l.made_id
      LEFT JOIN read.products p ON p.company_id = l.company_id AND p.id = l.made_id
     WHERE l.company_id = %(company)s AND l.import_id = %(id)s AND (%(verdict)s = '' OR verdict = %(verdict)s)
     ORDER BY line LIMIT %(limit)s OFFSET %(offset)s
    """


@contextmanager
def own(conn: Connection, company_id: UUID) -> Iterator[Connection]:
    """One transaction on the rows of a company."""
    with conn.transaction():
        conn.execute("SELECT set_config('probant.company', %s, true)", (str(company_id),))
        yield conn


def add(
    conn: Connection, company_id: UUID, id: UUID, user_id: UUID, kind: str, name: str, heads: list[str],
    fields: list[str], rows: Sequence[list[str]],
) -> None:  # fmt: skip
    """A file that was read, once under that id. Its lines are laid out by the worker (`work_rows.lay_out`)."""
    with own(conn, company_id):
        new = conn.execute(
            """
            INSERT INTO scratch.import (company_id, id, user_id, kind, file_name, columns, fields, lines, content)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
            """,
            (company_id, id, user_id, kind, name, heads, fields, len(rows), msgspec.json.encode(rows)),
        )
        if new.rowcount:
            _defer(conn, company_id, id, "judging")


def one(tx: Tx, id: UUID) -> Import | None:
    return tx.row(Import, IMPORTS + " AND id = %(id)s", id=id)


def every(tx: Tx, kind: str) -> list[Import]:
    """The newest first."""
    return tx.rows(Import, IMPORTS + " AND kind = %(kind)s ORDER BY asked_at DESC", kind=kind)


def lines(tx: Tx, id: UUID, verdict: str, limit: int | None, offset: int = 0) -> list[Line]:
    """Those of a verdict (empty: all), in the order of the file."""
    return tx.rows(Line, SHOWN, id=id, verdict=verdict, limit=limit, offset=offset)


def refused(tx: Tx, id: UUID) -> list[Line]:
    """Those that did not become anything, and why."""
    return tx.rows(
        Line, LINES + " AND result IN ('', 'refused') AND verdict IN ('bad', 'duplicate', 'good') AND told <> ''"
        " ORDER BY line", id=id,
    )  # fmt: skip


def tallies(tx: Tx, id: UUID) -> list[Tally]:
    return tx.rows(
        Tally,
        """
        SELECT verdict, result, count(*) FROM scratch.import_line
         WHERE company_id = %(company)s AND import_id = %(id)s GROUP BY verdict, result
        """,
        id=id,
    )


def choose(conn: Connection, company_id: UUID, id: UUID, fields: list[str]) -> None:
    """Other meanings of the columns: every line is judged anew."""
    with own(conn, company_id):
        moved = conn.execute(
            "UPDATE scratch.import SET fields = %s, state = 'judging'"
            " WHERE company_id = %s AND id = %s AND state = 'shown'",
            (fields, company_id, id),
        )
        if moved.rowcount:
            conn.execute(
                "UPDATE scratch.import_line SET verdict = '', told = '', keys = '{}'"
                " WHERE company_id = %s AND import_id = %s",
                (company_id, id),
            )
            _defer(conn, company_id, id, "judging")


def go(conn: Connection, company_id: UUID, id: UUID, user_id: UUID, before: str, after: str, *, doubles: bool) -> None:
    """From one state to the next, once, as that person; the worker does the rest."""
    with own(conn, company_id):
        moved = conn.execute(
            """
            UPDATE scratch.import SET state = %s, user_id = %s, doubles = %s
             WHERE company_id = %s AND id = %s AND state = %s
            """,
            (after, user_id, doubles, company_id, id, before),
        )
        if moved.rowcount:
            _defer(conn, company_id, id, after)


def drop(conn: Connection, company_id: UUID, id: UUID) -> None:
    """A file that nobody wants, before anything was made of it."""
    with own(conn, company_id):
        conn.execute(
            "DELETE FROM scratch.import WHERE company_id = %s AND id = %s AND state IN ('judging', 'shown')",
            (company_id, id),
        )


def forget(conn: Connection, company_id: UUID) -> None:
    """Files of long ago: they may then no longer be undone."""
    with own(conn, company_id):
        conn.execute(
            "DELETE FROM scratch.import WHERE company_id = %s AND asked_at < now() - %s::interval", (company_id, KEPT)
        )


def _defer(conn: Connection, company_id: UUID, id: UUID, state: str) -> Any:
    conn.execute(
        "SELECT jobs.defer(%s, %s, %s, current_date)", (company_id, [TASKS[state]], [Jsonb({"import_id": str(id)})])
    )
