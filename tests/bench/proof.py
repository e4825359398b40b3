"""The proof of a large ledger: what came since against the whole, proofs of entries, an archive and its verifier.

`ENTRIES` (100 000) may be given. Seconds are medians of 3, of proofs of 200; memory is the most that the process had.
"""

import os
import statistics
import sys
import time
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import psycopg

from audit.proof import prove
from audit.since import verify_since
from audit.verify import verify_company
from ledger import checkpoints
from ledger.postgres import Server
from ledger.settings import Settings
from ledger.signer import Signer
from ledger.tree import tree
from tests.bench.ground import Shop, draft_rows, import_rows
from tests.bench.programs import run

ENTRIES = int(os.environ.get("ENTRIES", "100000"))
NEW = 100  # entries since
PROOFS = 200
Say = Callable[[str, str, str], None]


def measure(settings: Settings, server: Server, say: Say) -> None:
    shop, signer = Shop(server, Signer(settings).key), Signer(settings)
    place = import_rows(server, shop.id, draft_rows(server, shop, ENTRIES))
    with psycopg.connect(server.uri("postgres"), autocommit=True) as conn:
        conn.execute("VACUUM ANALYZE ledger.entry")
    with psycopg.connect(server.uri("probant_job")) as conn:
        note = checkpoints.make(conn, signer, shop.id)
    for _ in range(NEW // 2):
        shop.issue(shop.draft())
    _since(server, shop, place, note.bytes, say)
    _proofs(server, shop, place, say)
    shop.close()
    with TemporaryDirectory(prefix="probant-bench-") as folder:
        _archive(settings, shop, Path(folder), say)


def _since(server: Server, shop: Shop, place: int, note: bytes, say: Say) -> None:
    def since() -> None:
        if verify_since(server, shop.id, note, place) is None:
            raise RuntimeError

    part, whole = median(since), median(lambda: verify_company(server, shop.id))
    say(
        f"verification of {NEW} new entries among {place:,}",
        f"{part * 1000:.0f} ms",
        f"1 / {whole / part:.0f} of the whole",
    )
    say(f"… of the whole, {place:,} entries", f"{whole:.1f} s", f"{place / whole:,.0f} entries a second")


def _proofs(server: Server, shop: Shop, size: int, say: Say) -> None:
    with psycopg.connect(server.uri("probant_job"), autocommit=True) as conn:
        conn.execute("SELECT set_config('probant.company', %s, false)", (str(shop.id),))
        note = checkpoints.note(conn, shop.id, size)
        random, spent = Random(1), []
        if note is None:
            raise RuntimeError
        for _ in range(PROOFS):
            at = time.perf_counter()
            prove(conn, shop.id, random.randint(1, size), note)
            spent.append(time.perf_counter() - at)
        extends = median(lambda: tree(conn, shop.id).consistency(size // 3, size))
    say(f"proof that an entry is among {size:,}", f"{statistics.median(spent) * 1000:.1f} ms", "")
    say("… that a checkpoint extends another", f"{extends * 1000:.1f} ms", "")


def _archive(settings: Settings, shop: Shop, folder: Path, say: Say) -> None:
    day, file = datetime.now(ZoneInfo("Europe/Paris")).date(), folder / "a.asice"
    command = [sys.executable, "-c", "from web.cli import main; main()", "archive", "create", "--company", str(shop.id)]
    span = ["--from", "2026-01-01", "--to", day.isoformat(), "-o", str(file)]
    seconds, memory = run([*command, *span], settings)
    with zipfile.ZipFile(file) as made:
        size = sum(about.file_size for about in made.infolist())
        count = len(made.read("registre/empreintes.bin")) // 32
        made.extract("verify.py", folder)
    say(
        f"archive of {count:,} entries, {size / 1e6:.0f} MB",
        f"{size / 1e6 / seconds:.1f} MB a second",
        f"{memory:.0f} MB of memory",
    )
    seconds, memory = run([sys.executable, "-I", str(folder / "verify.py"), str(file)], settings)
    say("… verified by its verify.py", f"{count / seconds:,.0f} entries a second", f"{memory:.0f} MB of memory")


def median(work: Callable[[], object]) -> float:
    spent = []
    for _ in range(3):
        at = time.perf_counter()
        work()
        spent.append(time.perf_counter() - at)
    return statistics.median(spent)
