"""The worker beside the pages: it lives as long as they do, and another takes its place when it dies."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from ledger import postgres
from ledger.migrate import migrate
from ledger.settings import Settings
from tests.conftest import open_folder

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def settings():
    with open_folder() as folder:
        settings = Settings.from_env({"PROBANT_DATA": f"{folder}/data"})
        settings.make_secret_key()
        migrate(postgres.start(settings))
        yield settings
        postgres.stop(settings)


@pytest.fixture
def serving(settings):
    """`probant serve`, and the first of its workers."""
    command = [sys.executable, "-c", "from web.cli import main; main()", "serve", "--port", "0"]
    env = os.environ | settings.environ() | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=env, cwd="/", stdout=subprocess.PIPE) as program:
        assert program.stdout.readline().startswith(b"Probant :")
        yield psutil.Process(program.pid)
        program.kill()


def worker_of(program: psutil.Process) -> psutil.Process:
    return until(lambda: next(filter(works, program.children()), None), "a worker")


def works(process: psutil.Process) -> bool:
    """A child that was killed stays in the list until its parent reaps it, and has no command line then."""
    try:
        return "web.jobs.beside" in process.cmdline()
    except psutil.NoSuchProcess:  # a zombie, too
        return False


def until(look, what: str):
    for _ in range(600):
        if found := look():
            return found
        time.sleep(0.1)
    raise AssertionError(f"{what} never came")


def gone(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_a_worker_that_is_killed_is_replaced(serving):
    first = worker_of(serving)
    first.kill()
    assert until(lambda: worker_of(serving) != first, "another")


def test_the_worker_ends_with_the_pages(serving):
    worker = worker_of(serving)
    serving.send_signal(signal.SIGTERM)
    until(lambda: gone(serving), "the end of the pages")
    until(lambda: gone(worker), "the end of the worker")


def test_pages_that_are_killed_leave_no_worker_behind(serving):
    worker = worker_of(serving)
    serving.kill()
    until(lambda: gone(worker), "the end of the worker")
