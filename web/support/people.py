"""A transaction in which the database knows who is there: row-level security shows a person her own requests only."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import psycopg
from flask import current_app
from flask_security import current_user
from psycopg.rows import TupleRow

Connection = psycopg.Connection[TupleRow]


@contextmanager
def as_person() -> Iterator[Connection]:
    """As the person who is signed in, or as nobody."""
    with current_app.extensions["pool"].connection() as conn, conn.transaction():
        be(conn, current_user.id if current_user.is_authenticated else None)
        yield conn


def be(conn: Connection, person_id: UUID | None) -> None:
    """Tells the database who is there, until the transaction ends."""
    conn.execute("SELECT set_config('probant.person', %s, true)", [str(person_id or "")])
