"""Ideas and their votes: one a person and idea. Hidden ones are the operator's to see, as the database decides."""

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import class_row

from projections.tx import Row
from web.support.people import Connection

IDEAS = """
    SELECT i.id, i.title, i.body, i.status, i.answer, i.proposed_at, i.decided_at,
           (SELECT count(*) FROM support.vote v WHERE v.idea_id = i.id) AS votes,
           EXISTS (SELECT FROM support.vote v WHERE v.idea_id = i.id AND v.user_id = support.person()) AS mine
      FROM support.idea i
     WHERE (i.id = %(id)s OR %(id)s::uuid IS NULL
            AND (%(status)s = '' AND i.status <> 'hidden' OR i.status = %(status)s))
       AND (%(q)s = '' OR strpos(lower(i.title || ' ' || i.body), lower(%(q)s)) > 0)
     ORDER BY votes DESC, i.proposed_at DESC
     LIMIT 200
    """


class Idea(Row, frozen=True):
    """What somebody proposed; `mine`: whether the person who looks has voted for it."""

    id: UUID
    title: str
    body: str
    status: str
    answer: str
    proposed_at: datetime
    decided_at: datetime | None
    votes: int
    mine: bool


def every(conn: Connection, status: str, q: str) -> list[Idea]:
    """The two hundred most wanted; of one status, or all that are shown."""
    return _ideas(conn, {"status": status, "q": q, "id": None})


def one(conn: Connection, id: UUID) -> Idea | None:
    found = _ideas(conn, {"status": "", "q": "", "id": id})
    return found[0] if found else None


def counts(conn: Connection) -> dict[str, int]:
    return dict(conn.execute("SELECT status, count(*) FROM support.idea GROUP BY status").fetchall())


def there(conn: Connection, id: UUID) -> bool:
    """Whether the person may see such an idea."""
    return conn.execute("SELECT FROM support.idea WHERE id = %s", [id]).rowcount == 1


def propose(conn: Connection, id: UUID, user_id: UUID, title: str, body: str) -> None:
    """Who proposes votes for it."""
    conn.execute(
        "INSERT INTO support.idea (id, user_id, title, body) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
        [id, user_id, title, body],
    )
    vote(conn, id, user_id, wanted=True)


def vote(conn: Connection, id: UUID, user_id: UUID, *, wanted: bool) -> None:
    if wanted:
        conn.execute(
            "INSERT INTO support.vote (idea_id, user_id) VALUES (%s, %s) ON CONFLICT DO NOTHING", [id, user_id]
        )
    else:
        conn.execute("DELETE FROM support.vote WHERE idea_id = %s AND user_id = %s", [id, user_id])


def decide(conn: Connection, id: UUID, status: str, answer: str) -> None:
    conn.execute(
        "UPDATE support.idea SET status = %s, answer = %s, decided_at = now() WHERE id = %s", [status, answer, id]
    )


def _ideas(conn: Connection, facts: dict[str, Any]) -> list[Idea]:
    with conn.cursor(row_factory=class_row(Idea)) as cursor:
        return cursor.execute(IDEAS, facts).fetchall()
