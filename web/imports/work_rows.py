"""The rows of `scratch` as the worker uses them: the lines that wait, what was found of them, what became of them."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

import msgspec
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from web.imports.rows import IMPORTS, LINES, Connection, Import, Line

AT_ONCE = 5000  # lines in one statement (no COPY under row-level security)
WRITE = """
    INSERT INTO scratch.import_line (company_id, import_id, line, cells)
    SELECT %s, %s, %s + rank, ARRAY (SELECT jsonb_array_elements_text(row))
      FROM jsonb_array_elements(%s) WITH ORDINALITY AS r (row, rank)
    """


class Judged(NamedTuple):
    """What was found of a line."""

    line: int
    verdict: str
    told: str
    keys: list[str]


class Made(NamedTuple):
    """What became of a line."""

    line: int
    result: str
    told: str
    made_id: UUID | None


def found(conn: Connection, company_id: UUID, id: UUID, state: str) -> Import | None:
    """A file that waits in that state."""
    cursor = conn.cursor(row_factory=class_row(Import))
    facts = {"company": company_id, "id": id, "state": state}
    return cursor.execute(IMPORTS.encode() + b" AND id = %(id)s AND state = %(state)s", facts).fetchone()


def lay_out(conn: Connection, company_id: UUID, id: UUID) -> None:
    """The rows of a file that was just sent become its lines, numbered as in the file, from 2 on; once."""
    row = conn.execute(
        "SELECT content FROM scratch.import WHERE company_id = %s AND id = %s FOR UPDATE", (company_id, id)
    ).fetchone()
    if row is None or row[0] is None:
        return
    rows = msgspec.json.decode(row[0], type=list[list[str]])
    for start in range(0, len(rows), AT_ONCE):
        conn.execute(WRITE, (company_id, id, start + 1, Jsonb(rows[start : start + AT_ONCE])))
    conn.execute("UPDATE scratch.import SET content = NULL WHERE company_id = %s AND id = %s", (company_id, id))


def batch(conn: Connection, company_id: UUID, id: UUID, which: str, size: int) -> list[Line]:
    """The next lines to be judged (`judging`), made (`running`) or undone (`undoing`)."""
    wanted = {
        "judging": "verdict = ''",
        "running": "result = '' AND verdict IN ('good', CASE WHEN %(doubles)s THEN 'duplicate' ELSE 'good' END)",
        "undoing": "result = 'made'",
    }
    cursor = conn.cursor(row_factory=class_row(Line))
    doubles = conn.execute("SELECT doubles FROM scratch.import WHERE company_id = %s AND id = %s", (company_id, id))
    facts = {"company": company_id, "id": id, "size": size, "doubles": (doubles.fetchone() or (False,))[0]}
    sql = f"{LINES} AND {wanted[which]} ORDER BY line LIMIT %(size)s"
    return cursor.execute(sql.encode(), facts).fetchall()


def judged(conn: Connection, company_id: UUID, id: UUID, lines: Iterable[Judged]) -> None:
    with conn.cursor() as cursor:
        cursor.executemany(
            "UPDATE scratch.import_line SET verdict = %s, told = %s, keys = %s"
            " WHERE company_id = %s AND import_id = %s AND line = %s",
            [(one.verdict, one.told, one.keys, company_id, id, one.line) for one in lines],
        )


def made(conn: Connection, company_id: UUID, id: UUID, lines: Iterable[Made]) -> None:
    """Of what was made, the cells are not needed any more."""
    with conn.cursor() as cursor:
        cursor.executemany(
            """
            UPDATE scratch.import_line
               SET result = %s, told = %s, made_id = %s, cells = CASE %s WHEN 'refused' THEN cells ELSE '{}' END
             WHERE company_id = %s AND import_id = %s AND line = %s
            """,
            [(one.result, one.told, one.made_id, one.result, company_id, id, one.line) for one in lines],
        )


def doubles_within(conn: Connection, company_id: UUID, id: UUID) -> None:
    """A good line with a key that an earlier one has too."""
    conn.execute(
        """
        WITH keyed AS (SELECT line, unnest(keys) AS key FROM scratch.import_line
                        WHERE company_id = %(company)s AND import_id = %(id)s AND verdict IN ('good', 'duplicate')),
             firsts AS (SELECT key, min(line) AS line FROM keyed GROUP BY key),
             again AS (SELECT k.line, min(f.line) AS earlier
                         FROM keyed k JOIN firsts f ON f.key = k.key AND f.line < k.line GROUP BY k.line)
        UPDATE scratch.import_line l
           SET verdict = 'duplicate', told = 'Même fiche que la ligne ' || again.earlier || '.'
          FROM again
         WHERE l.company_id = %(company)s AND l.import_id = %(id)s AND l.line = again.line AND l.verdict = 'good'
        """,
        {"company": company_id, "id": id},
    )


def settle(conn: Connection, company_id: UUID, id: UUID, state: str) -> None:
    conn.execute(
        "UPDATE scratch.import SET state = %s, finished_at = now() WHERE company_id = %s AND id = %s",
        (state, company_id, id),
    )
