"""The file of an invoice: its XML, the judgement of it, the page, the PDF/A around it; as the worker makes it.

`python -m tests.bench.documents`, or with `make bench`. Each measurement is of programs of their own. CPU: user and
system, of all their processes, for one file beyond the first, which also compiles the rules and warms the press.
Memory: the most of the program that makes them, where the rules are; the press is apart. Then, `ROUNDS` (3) times in
turn: one program alone, two at once.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

ROOT = Path(__file__).parents[2]
LINES = {12: 20, 70: 10, 500: 4, 3000: 2}  # and how many files are made to measure it
FILES = 40
ROUNDS = int(os.environ.get("ROUNDS", "3"))


class Maker:
    """A program that makes files of so many lines: warm once made, it begins at `go`."""

    def __init__(self, lines: int, files: int) -> None:
        command = [sys.executable, "-m", "tests.bench.documents", str(lines), str(files)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def heard(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().split()[-1]

    def go(self) -> None:
        assert self.process.stdin
        print("go", file=self.process.stdin, flush=True)

    def end(self) -> float:
        """CPU seconds."""
        used = os.wait4(self.process.pid, 0)[2]
        return used.ru_utime + used.ru_stime


def measure(say: Callable[[str, str, str], None]) -> None:
    for lines, files in LINES.items():
        first, (seconds, megabytes) = cost(lines, 0)[0], cost(lines, files)
        say(f"Factur-X of {lines:,} lines, CPU", f"{(seconds - first) / files * 1000:,.0f} ms, {megabytes} MB", "")
    rounds = [(rate(1), rate(2)) for _ in range(ROUNDS)]
    ratios = sorted(two / one for one, two in rounds)
    alone, both = (statistics.median(each) for each in zip(*rounds, strict=True))
    say("Factur-X of 12 lines, one process", f"{alone:.1f}/s", "limit")
    told = f"{statistics.median(ratios):.2f} [{ratios[0]:.2f}–{ratios[-1]:.2f}] × (aim 1.9)"
    say("Factur-X of 12 lines, two processes", f"{both:.1f}/s", told)


def cost(lines: int, files: int) -> tuple[float, str]:
    """CPU seconds, megabytes."""
    maker = Maker(lines, files)
    maker.heard()
    maker.go()
    megabytes = maker.heard()
    return maker.end(), megabytes


def rate(makers: int) -> float:
    """Files a second, of 12 lines, by so many programs at once."""
    crowd = [Maker(12, FILES) for _ in range(makers)]
    for maker in crowd:
        maker.heard()
    start = time.perf_counter()
    for maker in crowd:
        maker.go()
    for maker in crowd:
        maker.heard()
    taken = time.perf_counter() - start
    for maker in crowd:
        maker.end()
    return makers * FILES / taken


def make(lines: int, files: int) -> None:
    """The program: one file, « ready », then, once told, the others, « done » and its megabytes."""
    from documents.facturx import check, xml
    from documents.from_domain import invoice_paper
    from documents.frozen import freeze
    from domain.client import Profile
    from tests.documents.books import CARD, Books, content, line

    books = Books(Profile(kind="business", card=CARD))
    issued = books.issue("invoice", content(*(line(str(n)) for n in range(1, lines + 1))), "F2026-0001").issued
    paper = invoice_paper(issued, training=False, fingerprint="f" * 64, opening=books.vault.get)

    def one(rank: int) -> None:
        written = xml(issued, books.vault.get)
        if check(written) != () or not freeze(paper, written, identity=UUID(int=rank).bytes):
            raise RuntimeError

    one(0)
    print("ready", flush=True)
    sys.stdin.readline()
    for rank in range(files):
        one(rank)
    most = next(row for row in Path("/proc/self/status").read_text().splitlines() if row.startswith("VmHWM"))
    print("done", int(most.split()[1]) // 1024, flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        make(int(sys.argv[1]), int(sys.argv[2]))
    else:
        measure(lambda *row: print("|", " | ".join(row), "|", flush=True))
