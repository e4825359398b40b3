"""A worker in tests: it does some tasks only, since the queue is that of all tests."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ledger.postgres import Server
from ledger.settings import Settings
from web.jobs.tasks import Task
from web.jobs.worker import Worker


@contextmanager
def at_work(settings: Settings, server: Server, *tasks: Task) -> Iterator[Worker]:
    worker = Worker(settings, server, tasks)
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield worker
    finally:
        worker.stop()
        thread.join()
