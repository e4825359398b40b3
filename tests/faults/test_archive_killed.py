"""T25: an archive or closings killed at any phase leave the same bytes as if nothing had happened, or none."""

import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.archive import build, zipping
from ledger.books import Books
from ledger.commands.closings import close_next
from ledger.settings import Settings
from tests.audit.archiving import MAPPER, Ground, ground
from tests.ledger.commands.conftest import line

PHASES = [0, 1, 4, 9, "synced"]  # members that were written when it was killed; all, and not yet under its name


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

    if phase == "synced":
        build.os.fsync = killed_at(os.fsync, 0)
    else:
        zipping.Zip.put = killed_at(zipping.Zip.put, int(phase))
    settings = Settings.from_env({"PROBANT_DATA": folder})
    private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(key))
    Ground(SimpleNamespace(id=UUID(company)), private, origin, uri, None, settings).build(Path(path))


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
