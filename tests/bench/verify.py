"""Verification against the bare fetch of the same entries: `python -m tests.bench.verify` prints a table.

Bare = lines and hashes by an ordinary binary cursor, thrown away. Each round measures all of them, in turn; medians and
the range of the ratios in the same round. `DOCUMENTS` (30 000: about 108 000 entries) and `ROUNDS` (5) may be given.
"""

import os
import resource
import statistics
import time
from collections.abc import Callable
from random import Random
from uuid import UUID, uuid4

import psycopg

from audit import reading
from audit.cores import CORES, processes
from audit.verify import verify_company
from ledger import postgres
from ledger.migrate import migrate
from ledger.postgres import Server
from ledger.settings import Settings
from tests.audit import forge
from tests.conftest import open_folder

DOCUMENTS = int(os.environ.get("DOCUMENTS", "30000"))
ROUNDS = int(os.environ.get("ROUNDS", "5"))
BARE = "SELECT textsend(line), hash FROM ledger.entry WHERE company_id = %s ORDER BY pos"


def main() -> None:
    with open_folder() as folder:
        settings = Settings.from_env({"PROBANT_DATA": f"{folder}/data"})
        settings.make_secret_key()
        server = postgres.start(settings)
        try:
            migrate(server)
            company, count = fill(server)
            measure(server, company, count)
        finally:
            postgres.stop(settings)


def fill(server: Server) -> tuple[UUID, int]:
    company, vault = uuid4(), []
    rows = forge.ledger_of(company, forge.story(company, DOCUMENTS, vault, Random(1)))
    with psycopg.connect(server.uri("postgres"), autocommit=True) as conn:
        forge.store(conn, company, rows, vault, F2026=DOCUMENTS, D2026=117 + DOCUMENTS // 5)
        conn.execute("VACUUM ANALYZE ledger.entry")
        return company, conn.execute("SELECT max(pos) FROM ledger.entry").fetchone()[0]


def measure(server: Server, company: UUID, count: int) -> None:
    uri = server.uri("probant_audit")

    def bare() -> None:
        with reading.snapshot(uri, company) as conn:
            for _ in conn.cursor(binary=True).stream(BARE, (company,), size=1000):
                pass

    def columns() -> None:
        with reading.snapshot(uri, company) as conn:
            for _ in reading.rows(conn, company, 0, count):
                pass

    with processes() as pool:
        ways: dict[str, Callable[[], object]] = {
            "bare fetch (lines and hashes)": bare,
            "fetch with all columns": columns,
            "verify, one process": lambda: check(verify_company(server, company)),
            f"verify, {CORES} processes": lambda: check(verify_company(server, company, pool=pool)),
        }
        rounds = [{name: rate(way, count) for name, way in ways.items()} for _ in range(ROUNDS)]
    for name in ways:
        ratios = sorted(one[name] / one["bare fetch (lines and hashes)"] for one in rounds)
        speed = statistics.median(one[name] for one in rounds)
        print(f"{name:32} {speed:9,.0f}/s   ÷ bare {statistics.median(ratios):.2f} [{ratios[0]:.2f}–{ratios[-1]:.2f}]")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{count:,} entries; this process took {memory:.0f} MB at most")


def check(result: object) -> None:
    assert not result.findings, result.findings[:3]


def rate(way: Callable[[], object], count: int) -> float:
    start = time.perf_counter()
    way()
    return count / (time.perf_counter() - start)


if __name__ == "__main__":
    main()
