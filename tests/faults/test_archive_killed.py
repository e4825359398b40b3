"""T25: an archive or closings killed at any phase leave the same bytes as if nothing had happened, or none."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import date
from hashlib import sha256
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.archive import build, zipping
from ledger import postgres
from ledger.books import Books
from ledger.commands.closings import close_next
from ledger.settings import Settings
from ledger.signer import Signer
from tests.audit.archiving import MAPPER, Ground, ground
from tests.ledger.commands.conftest import line
from tests.web.shop import open_shop
from tests.web.working import at_work
from web import archive_rows
from web.jobs import archives
from web.jobs.places import archive_file
from web.jobs.workshop import Workshop

PHASES = [0, 1, 4, 9, "sealing", "stamping", "synced"]  # members that were written; all, and not yet under its name


@pytest.fixture(scope="module")
def world(settings, server, web_pool, job_pool):
    return ground(settings, server, web_pool, job_pool)


def build_and_die(phase: str, folder: str, uri: str, company: str, key: str, origin: str, path: str) -> None:
    """In a process of its own: the archive, until it is killed."""

    def killed_at(done, left):
        def call(*args, **options):
            nonlocal left
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1
            return done(*args, **options)

        return call

    stamp = None
    if phase == "synced":
        build.os.fsync = killed_at(os.fsync, 0)
    elif phase == "sealing":
        build.cades.cades = killed_at(build.cades.cades, 0)
    elif phase == "stamping":
        stamp = killed_at(bytes, 0)
    else:
        zipping.Zip.put = killed_at(zipping.Zip.put, int(phase))
    settings = Settings.from_env({"PROBANT_DATA": folder})
    private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(key))
    Ground(SimpleNamespace(id=UUID(company)), private, origin, uri, None, settings).build(Path(path), stamp=stamp)


@pytest.mark.parametrize("phase", PHASES)
def test_an_archive_killed_in_the_middle_leaves_nothing_and_is_the_same_when_done_again(world, tmp_path, phase):
    whole, path = tmp_path / "whole.asice", tmp_path / "a" / "a.asice"
    path.parent.mkdir()
    world.build(whole)
    command = "import sys; from tests.faults.test_archive_killed import build_and_die; build_and_die(*sys.argv[1:])"
    facts = (str(phase), str(world.settings.data), world.uri, str(world.shop.id))
    secret = world.key.private_bytes_raw().hex()
    done = subprocess.run(
        [sys.executable, "-c", command, *facts, secret, world.origin, str(path)], capture_output=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()[-2000:]
    assert not path.exists()
    world.build(path)
    assert path.read_bytes() == whole.read_bytes()
    assert [each.name for each in path.parent.iterdir()] == ["a.asice"]


def make_and_die(folder: str, company: str, archive: str) -> None:
    """In a process of its own: the worker's task, killed when the file is there and no entry tells of it yet."""

    def killed(*_args, **_facts):
        os.kill(os.getpid(), signal.SIGKILL)

    settings = Settings.from_env({"PROBANT_DATA": folder})
    server = postgres.start(settings)
    archives.record_archive = killed
    with postgres.pool(server, "probant_job", min_size=1, max_size=2) as pool:
        shop = Workshop(settings, server, pool, Books(pool, MAPPER, settings.secret("commands")), None, Event())
        archives.make_archive(shop, company_id=company, archive_id=archive)


def test_a_worker_killed_before_the_entry_makes_the_archive_again_and_tells_it_once(
    settings, server, web_pool, job_pool, connect
):
    shop, archive = open_shop(web_pool, job_pool, settings.secret("commands"), signer=Signer(settings).key), uuid4()
    with web_pool.connection() as conn:
        archive_rows.ask(conn, shop.id, archive, shop.today, shop.today)
    command = "import sys; from tests.faults.test_archive_killed import make_and_die; make_and_die(*sys.argv[1:])"
    facts = (str(settings.data), str(shop.id), str(archive))
    done = subprocess.run([sys.executable, "-c", command, *facts], capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()[-2000:]
    path = archive_file(settings, shop.id, archive)
    told, conn = "SELECT line FROM ledger.entry WHERE type = 'archive.created'", connect("probant_audit", shop.id)
    assert path.exists()
    assert conn.execute(told).fetchall() == []
    with at_work(settings, server, archives.make_archive):
        for _ in range(300):
            if rows := conn.execute(told).fetchall():
                break
            time.sleep(0.1)
    ((line,),) = rows
    assert json.loads(line)["data"]["sha256"] == sha256(path.read_bytes()).hexdigest()
    assert [each.name for each in path.parent.iterdir()] == [path.name]


class Killed(Exception):
    """Instead of an answer: nothing of the transaction stays."""


def test_closings_killed_after_any_of_them_come_to_what_they_would_have(settings, server, web_pool, job_pool, connect):
    """Each closing is one transaction: what stops between two of them, or before the commit of one, changes none."""
    worlds = [ground(settings, server, web_pool, job_pool) for _ in range(2)]
    for world in worlds:
        world.shop.day = date(2026, 4, 20)
        world.shop.issued(world.shop.client(), line("10"))
    books = Books(job_pool, MAPPER, settings.secret("commands")).on(date(2026, 6, 2))

    def close(world, *, interrupted):
        for period in ("day", "month"):
            while do(world, period, interrupted=interrupted):
                pass

    def do(world, period, *, interrupted):
        def then_killed(entry, *, period):
            close_next(entry, period=period)
            raise Killed

        if interrupted:
            with pytest.raises(Killed):
                books.do(then_killed, world.shop.id, uuid4(), "job:closings", period=period)
        return books.do(close_next, world.shop.id, uuid4(), "job:closings", period=period)

    for world, interrupted in zip(worlds, (False, True), strict=True):
        close(world, interrupted=interrupted)
    told = [totals(connect, world) for world in worlds]
    assert told[0] == told[1]
    assert len(told[0]) >= 6


def totals(connect, world):
    """What its closings say, but for the hashes and series' own positions of that ledger."""
    rows = connect("probant_audit", world.shop.id).execute(
        "SELECT (line::jsonb -> 'data') - 'previous' FROM ledger.entry WHERE type = 'period.closed' ORDER BY pos"
    )
    return [facts for (facts,) in rows.fetchall()]
