from collections.abc import Callable

import psycopg
import pytest

from domain.registry import AGGREGATES
from ledger.codec import EventMapper
from ledger.postgres import Pool, Server
from projections import PROJECTIONS
from projections.engine import Engine
from projections.projection import Projection
from tests.projections.history import Shop

Engines = Callable[..., Engine]


@pytest.fixture
def engines(server: Server, web_pool: Pool) -> Engines:
    """`engines(*projections)`: an engine on those, their tables installed."""

    def engines(*projections: Projection) -> Engine:
        engine = Engine(web_pool, EventMapper(*AGGREGATES), *projections)
        with psycopg.connect(server.uri("postgres")) as admin:
            engine.install(admin)
        return engine

    return engines


@pytest.fixture
def engine(engines: Engines) -> Engine:
    """All the read models of the product."""
    return engines(*PROJECTIONS)


@pytest.fixture
def shop(web_pool: Pool, job_pool: Pool) -> Shop:
    """A company with a training ledger of its own, still without clients."""
    return Shop(web_pool, job_pool)
