"""A paper as PDF bytes. The work is done by the press, a process with hard limits (`press.py`)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from documents.fonts import unprintable
from documents.page import Page, page
from documents.paper import Paper
from documents.pressroom import press
from documents.wire import Archive, Copy, Job, Row
from domain.errors import DomainError

LINES_MAX = 5_000  # about five seconds of one core, 160 pages
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
    return printed(paper)


def printed(paper: Paper, archive: Archive | None = None) -> bytes:
    """`render`, or with `archive` its PDF/A-3b."""
    if len(paper.lines) > LINES_MAX:
        raise PaperTooLong(len(paper.lines), LINES_MAX)
    return print_page(page(paper), paper.issued_on or UNDATED, archive)


def print_page(printed: Page, dated_on: date, archive: Archive | None = None) -> bytes:
    """The PDF of a page made by our own templates. Errors: `NotPrintable`, `RenderFailed`."""
    if missing := unprintable("".join((printed.html, *_texts(printed.rows)))):
        raise NotPrintable(missing)
    epoch = int(datetime.combine(dated_on, time(), UTC).timestamp())
    return pressed(Job(printed.html, epoch, printed.rows, archive))


def pressed(job: Job | Copy) -> bytes:
    """What the press makes of a job. Errors: `RenderFailed`."""
    try:
        answer = press.run(job)
    except (OSError, EOFError) as failure:
        raise RenderFailed(type(failure).__name__) from failure
    if answer.refusal:
        raise RenderFailed(answer.refusal)
    return answer.pdf


def _texts(rows: tuple[Row, ...]) -> Iterator[str]:
    for row in rows:
        yield from (*row.label, *row.details, *row.cells)
