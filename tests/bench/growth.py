"""What a whole `issue_invoice` costs in a small and in a large ledger: the same command, in turn."""

import os
import statistics
import time
from collections.abc import Callable

import psycopg

from ledger.postgres import Server
from tests.bench.ground import Shop, draft_rows, import_rows

SIZES = [int(size) for size in os.environ.get("SIZES", "1000 1000000").split()]
TIMES = 300


def measure(server: Server, say: Callable[[str, str, str], None]) -> None:
    shops = {size: Shop(server) for size in SIZES}
    for size, shop in shops.items():
        import_rows(server, shop.id, draft_rows(server, shop, size))
    with psycopg.connect(server.uri("postgres"), autocommit=True) as conn:
        conn.execute("VACUUM ANALYZE ledger.entry")
    todo = {size: [shop.draft() for _ in range(TIMES)] for size, shop in shops.items()}
    taken: dict[int, list[float]] = {size: [] for size in SIZES}
    for turn in range(TIMES):
        for size, shop in shops.items():
            start = time.perf_counter()
            shop.issue(todo[size][turn])
            taken[size].append((time.perf_counter() - start) * 1000)
    small = statistics.median(taken[SIZES[0]])
    for size in SIZES:
        median = statistics.median(taken[size])
        high = statistics.quantiles(taken[size], n=20)[18]
        say(f"issue_invoice among {size:,} entries", f"{median:.2f} ms, p95 {high:.2f}", f"{median / small:.2f} ×")
    for shop in shops.values():
        shop.close()
