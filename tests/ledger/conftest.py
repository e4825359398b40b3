from collections.abc import Callable
from uuid import UUID

import pytest

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
