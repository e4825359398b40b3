"""The worker that `probant serve` keeps beside its pages: a process of its own.

Judging an invoice as Factur-X holds Python's lock for seconds and memory for good: pages must not wait for it, nor fall
with it. The worker ends with the line that holds it to its parent, whatever ends the parent.
"""

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ledger import postgres
from ledger.settings import Settings
from web.jobs.worker import Worker

AGAIN = 2  # seconds before one that died is replaced
ROOT = Path(__file__).parents[2]
log = logging.getLogger(__name__)


@contextmanager
def beside(settings: Settings) -> Iterator[None]:
    """A worker while the pages are served; on the way out it finishes the jobs under way."""
    keeper = _Keeper(settings)
    thread = threading.Thread(target=keeper.keep, name="worker")
    thread.start()
    try:
        yield
    finally:
        keeper.stop()
        thread.join()


class _Keeper:
    """Starts the worker, and another when it is gone without having been told to go."""

    def __init__(self, settings: Settings) -> None:
        self.environ = os.environ | settings.environ() | {"PYTHONPATH": str(ROOT)}
        self.stopping = threading.Event()
        self.process = self._started()

    def keep(self) -> None:
        while not self.stopping.is_set():
            code = self.process.wait()
            if self.stopping.wait(0 if code == 0 else AGAIN):
                return
            log.error("the worker ended (%s): another begins", code)
            self.process = self._started()

    def stop(self) -> None:
        self.stopping.set()
        if self.process.stdin:
            with suppress(OSError):
                self.process.stdin.close()

    def _started(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "web.jobs.beside"], env=self.environ, stdin=subprocess.PIPE
        )


def main() -> None:
    """Works until standard input ends. What ends a terminal's programs (Ctrl-C) is the parent's to decide."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    settings = Settings.from_env()
    server = postgres.start(settings)
    worker = Worker(settings, server)
    threading.Thread(target=_until_alone, args=(worker,), daemon=True).start()
    try:
        worker.run()
    finally:
        postgres.stop(settings)


def _until_alone(worker: Worker) -> None:
    sys.stdin.buffer.read()
    worker.stop()


if __name__ == "__main__":
    main()
