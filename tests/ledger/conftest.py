from collections.abc import Callable
from contextlib import contextmanager
from uuid import UUID

import pytest

from ledger import postgres
from ledger.books import Books
from ledger.postgres import Pool
from tests.ledger.example import KEY, ExampleMapper, new_ledger


@pytest.fixture
def books(web_pool: Pool) -> Books:
    return Books(web_pool, ExampleMapper(), KEY)


@pytest.fixture
def job_books(job_pool: Pool) -> Books:
    return Books(job_pool, ExampleMapper(), KEY)


@pytest.fixture
def ledger(job_pool: Pool) -> Callable[..., UUID]:
    """`ledger(mode=…, time_zone=…, series=…)`: a new ledger of its own."""
    return lambda **choices: new_ledger(job_pool, **choices)


@pytest.fixture
def company(ledger: Callable[..., UUID]) -> UUID:
    return ledger()


@pytest.fixture
def exchanges(server, tmp_path):
    """`exchanges(books, do)`: how often the server said ReadyForQuery, in libpq's own trace of the conversation."""

    def exchanges(work) -> int:
        with postgres.pool(server, "probant_web", min_size=1, max_size=1) as pool, pool.connection() as conn:
            books = Books(One(conn), ExampleMapper(), KEY)
            with (tmp_path / "trace").open("w") as trace:
                conn.pgconn.trace(trace.fileno())
                work(books)
                conn.pgconn.untrace()
        return (tmp_path / "trace").read_text().count("ReadyForQuery")

    return exchanges


class One:
    """A pool of one connection, already open."""

    def __init__(self, conn):
        self.conn = conn

    @contextmanager
    def connection(self):
        yield self.conn
