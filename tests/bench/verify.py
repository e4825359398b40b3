"""Verification against the bare fetch of the same entries.

Bare = lines and hashes by an ordinary binary cursor along the index, thrown away. Hashed = the chain computed again and
nothing else looked at: what no verification in Python can beat. Each round measures all of them, in turn; medians and
the range of the ratios in the same round. Memory: the most that a process of the command held. `DOCUMENTS` (30 000:
about 108 000 entries) and `ROUNDS` (5) may be given.
"""

import os
import statistics
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from random import Random
from uuid import UUID, uuid4

import psycopg

from audit import reading
from audit.batch import link
from audit.cores import CORES, processes
from audit.verify import Result, verify_company
from ledger.chain import genesis
from ledger.postgres import Server
from ledger.settings import Settings
from tests.audit import forge
from tests.bench.programs import run

DOCUMENTS = int(os.environ.get("DOCUMENTS", "30000"))
ROUNDS = int(os.environ.get("ROUNDS", "5"))
BARE = "SELECT textsend(line), hash FROM ledger.entry WHERE company_id = %s ORDER BY pos"


def fill(server: Server) -> tuple[UUID, int]:
    company, vault = uuid4(), []
    rows = forge.ledger_of(company, forge.story(company, DOCUMENTS, vault, Random(1)))
    with psycopg.connect(server.uri("postgres"), autocommit=True) as conn:
        forge.store(conn, company, rows, vault, F2026=DOCUMENTS, D2026=117 + DOCUMENTS // 5)
        conn.execute("VACUUM ANALYZE ledger.entry")
        return company, conn.execute("SELECT max(pos) FROM ledger.entry").fetchone()[0]


def measure(settings: Settings, server: Server, say: Callable[[str, str, str], None]) -> None:
    company, count = fill(server)
    uri, bare = server.uri("probant_audit"), "bare fetch of lines and hashes"

    def rows() -> Iterator[tuple[bytes, bytes]]:
        with reading.snapshot(uri, company) as conn:
            yield from conn.cursor(binary=True).stream(BARE, (company,), size=1000)

    def hashed() -> None:
        previous = bytes.fromhex(genesis(str(company)))
        for line, stored in rows():
            if link(previous, line) != stored:
                raise RuntimeError
            previous = stored

    with processes() as pool:
        ways: dict[str, Callable[[], object]] = {
            bare: lambda: deque(rows(), maxlen=0),
            "bare fetch, hashed": hashed,
            "verify, one process": lambda: check(verify_company(server, company)),
            f"verify, {CORES} processes": lambda: check(verify_company(server, company, pool=pool)),
        }
        rounds = [{name: rate(way, count) for name, way in ways.items()} for _ in range(ROUNDS)]
    for name in ways:
        ratios = sorted(one[name] / one[bare] for one in rounds)
        ratio = f"{statistics.median(ratios):.2f} [{ratios[0]:.2f}–{ratios[-1]:.2f}] of bare"
        say(name, f"{statistics.median(one[name] for one in rounds):,.0f}/s", "limit" if name == bare else ratio)
    probant = [sys.executable, "-c", "from web.cli import main; main(prog_name='probant')"]
    _, megabytes = run([*probant, "verify", "--company", str(company)], settings)
    say(f"probant verify, {count:,} entries, memory", f"{megabytes:.0f} MB", "")


def check(result: Result) -> None:
    if result.findings:
        raise RuntimeError(f"{result.findings[:3]}")


def rate(way: Callable[[], object], count: int) -> float:
    start = time.perf_counter()
    way()
    return count / (time.perf_counter() - start)
