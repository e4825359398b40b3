"""A real server for all tests: one per session, in a folder that PostgreSQL's system user can reach."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from uuid import UUID

import psycopg
import pytest

from ledger import postgres
from ledger.migrate import migrate
from ledger.postgres import Pool, Server
from ledger.settings import Settings

Connect = Callable[..., psycopg.Connection]
LONGEST = tuple(f"tests/{part}" for part in ("demo", "model", "faults", "browser", "web/test_isolation", "web/test_a"))
os.environ.setdefault("SEED", str(Random().randrange(2**32)))  # one for all processes of a run: same tests, same names

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a run in the background, whose programs would ignore it, too
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, lest one core be left alone with them at the end (`--no-loadscope-reorder`)."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


def open_folder() -> "TemporaryDirectory[str]":
    """A temporary folder that other system users can pass through."""
    folder = TemporaryDirectory(prefix="probant-")
    Path(folder.name).chmod(0o711)
    return folder


@pytest.fixture(scope="session")
def settings() -> Iterator[Settings]:
    with open_folder() as folder:
        settings = Settings.from_env({"PROBANT_DATA": f"{folder}/data"})
        settings.make_secret_key()
        yield settings


@pytest.fixture(scope="session")
def server(settings: Settings) -> Iterator[Server]:
    server = postgres.start(settings)
    migrate(server)
    yield server
    postgres.stop(settings)


@pytest.fixture(scope="session")
def web_pool(server: Server) -> Iterator[Pool]:
    with postgres.pool(server, "probant_web", min_size=1, max_size=8) as pool:
        yield pool


@pytest.fixture(scope="session")
def job_pool(server: Server) -> Iterator[Pool]:
    with postgres.pool(server, "probant_job", min_size=1, max_size=8) as pool:
        yield pool


@pytest.fixture(scope="session")
def audit_pool(server: Server) -> Iterator[Pool]:
    with postgres.pool(server, "probant_audit", min_size=1, max_size=4) as pool:
        yield pool


@pytest.fixture
def connect(server: Server) -> Iterator[Connect]:
    """`connect(role, company=None)`: a connection, in autocommit, that sees the rows of that company.

    `probant_owner` is reached by a superuser's SET ROLE, as nobody can log in as it.
    """
    with ExitStack() as opened:

        def connect(role: str, company: UUID | None = None) -> psycopg.Connection:
            login = "postgres" if role == "probant_owner" else role
            conn = opened.enter_context(psycopg.connect(server.uri(login), autocommit=True))
            if role == "probant_owner":
                conn.execute("SET ROLE probant_owner")
            if company:
                conn.execute("SELECT set_config('probant.company', %s, false)", (str(company),))
            return conn

        yield connect
