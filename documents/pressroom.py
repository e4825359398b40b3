"""The press seen from here: a warm process beside this one, started at the first page and again when it is gone."""

import atexit
import contextlib
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

from documents.wire import ANSWERS, WALL_SECONDS, Answer, Copy, Job, receive, send

START_SECONDS = 20
AT_ONCE = len(os.sched_getaffinity(0))  # pages: one a core, more would only wait for each other


class Press:
    """Each page has a line of its own to the press, handed over on the main line."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """In a forked child: the press stays the parent's."""
        self.lock, self.turns = threading.Lock(), threading.BoundedSemaphore(AT_ONCE)
        self.process: subprocess.Popen[bytes] | None = None
        self.line: socket.socket | None = None

    def run(self, job: Job | Copy) -> Answer:
        """Errors: `EOFError` or an `OSError` when there is no press to be had, or it does not answer."""
        with self.turns:
            try:
                return self._ask(job)
            except (EOFError, ConnectionError):  # somebody killed it, or the kernel for want of memory: once more
                return self._ask(job)

    def stop(self) -> None:
        """Hangs up, on which the press ends by itself; one that does not is killed."""
        with self.lock:
            self._hang_up()

    def _ask(self, job: Job | Copy) -> Answer:
        with self._page() as line:
            send(line.fileno(), job)
            return receive(line.fileno(), ANSWERS, START_SECONDS + WALL_SECONDS)

    def _page(self) -> socket.socket:
        """A line for one page; a press that is gone is replaced at once."""
        ours, theirs = socket.socketpair()
        with theirs, self.lock:
            try:
                self._hand_over(theirs)
            except OSError:
                ours.close()
                raise
        return ours

    def _hand_over(self, theirs: socket.socket) -> None:
        if self.line:
            with contextlib.suppress(OSError):  # it is gone
                socket.send_fds(self.line, [b"."], [theirs.fileno()])
                return
        self._hang_up()
        self.line, other = socket.socketpair()
        with other:
            self.process = _started(other)
        socket.send_fds(self.line, [b"."], [theirs.fileno()])

    def _hang_up(self) -> None:
        if self.line and self.process:
            self.line.close()
            try:
                self.process.wait(1)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.line = None


def _started(line: socket.socket) -> "subprocess.Popen[bytes]":
    """A press: it gets no environment, no file, no folder of ours, only a line to this process."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "documents.press"],
        env={"PYTHONPATH": str(Path(__file__).parents[1]), "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8"},
        cwd="/",
        stdin=line.fileno(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


press = Press()
atexit.register(press.stop)
os.register_at_fork(after_in_child=press.forget)
