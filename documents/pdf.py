"""A paper as PDF bytes. The work is done by the press, a warm process beside this one (`press.py`)."""

import atexit
import os
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from documents import words
from documents.fonts import unprintable
from documents.page import page
from documents.paper import Paper
from documents.wire import WALL_SECONDS, Answer, Job, receive, send
from domain.errors import DomainError

LINES_MAX = 500  # about five seconds of one core
START_SECONDS = 20
UNDATED = date(2000, 1, 1)


@dataclass(eq=False)
class RenderFailed(DomainError):
    """There is no PDF and nothing was kept. `reason`: `time`, `memory`, or the renderer's own word for the operator."""

    reason: str


@dataclass(eq=False)
class PaperTooLong(DomainError):
    """A paper has more lines than can be printed in a reasonable time."""

    lines: int
    limit: int


@dataclass(eq=False)
class NotPrintable(DomainError):
    """The fonts have not these characters, each given as `fonts.unprintable` does."""

    characters: tuple[str, ...]


def render(paper: Paper) -> bytes:
    """The PDF of a paper: the same bytes for the same paper. A draft and a training ledger's paper are stamped.

    Errors: `PaperTooLong`, `NotPrintable`, `RenderFailed`.
    """
    if len(paper.lines) > LINES_MAX:
        raise PaperTooLong(len(paper.lines), LINES_MAX)
    html = page(paper)
    if missing := unprintable(html):
        raise NotPrintable(missing)
    return print_html(html, paper.issued_on or UNDATED, words.stamps(paper))


def print_html(html: str, dated_on: date, stamps: tuple[str, ...] = ()) -> bytes:
    """The PDF of a page made by our own templates. Errors: `RenderFailed`."""
    epoch = int(datetime.combine(dated_on, time(), UTC).timestamp())
    try:
        answer = _press.run(Job(html, epoch, stamps))
    except (OSError, EOFError) as failure:
        raise RenderFailed(type(failure).__name__) from failure
    if answer.refusal:
        raise RenderFailed(answer.refusal)
    return answer.pdf


class _Press:
    """Holds the warm process: started at the first page, and again when it is gone. One page at a time."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """In a forked child: the press stays the parent's."""
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self.line: socket.socket | None = None

    def run(self, job: Job) -> Answer:
        """Errors: `EOFError` or an `OSError` when there is no press to be had, or it does not answer."""
        with self.lock:
            try:
                return self._ask(job)
            except (EOFError, ConnectionError):  # somebody killed it, or the kernel for want of memory: once more
                return self._ask(job)

    def stop(self) -> None:
        """Hangs up, on which the press ends by itself; one that does not is killed."""
        if self.line and self.process:
            self.line.close()
            try:
                self.process.wait(1)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.line = None

    def _ask(self, job: Job) -> Answer:
        if not self.line:
            line, theirs = socket.socketpair()
            with theirs:
                self.process = _started(theirs)
            self.line = line
        try:
            send(self.line.fileno(), job)
            return receive(self.line.fileno(), Answer, START_SECONDS + WALL_SECONDS)
        except (OSError, EOFError):
            self.stop()
            raise


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


_press = _Press()
atexit.register(_press.stop)
os.register_at_fork(after_in_child=_press.forget)
