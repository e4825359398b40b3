"""The worker as a program of its own: killed in the middle of a job, stopped, without its database."""

import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from ledger import postgres
from ledger.migrate import migrate
from ledger.settings import Settings
from ledger.signer import Signer
from projections import files
from tests.conftest import open_folder
from tests.web.shop import open_shop
from web.app import read_models
from web.jobs.worker import Worker

ROOT = Path(__file__).parents[2]
PHASES = {  # where it is stopped: the function of `web.rendering` that then hangs
    "before the XML": "_contents",
    "before the rules": "_check",
    "before the print": "freeze",
    "with the file in hand": "keeping",
    "after the entry": "_settle",
}
RENDERING = "jobs.procrastinate_jobs WHERE task_name = 'render_document'"  # the clock brings other tasks
HANGING = """
import os, sys, time
from web import rendering
from web.cli import main
def hang(*_, **__):
    open(os.environ["HUNG"], "w").close()
    time.sleep(600)
setattr(rendering, sys.argv.pop(), hang)
main()
"""


@pytest.fixture(scope="module")
def house():
    """An installation of its own: its worker is the only one."""
    with open_folder() as folder:
        settings = Settings.from_env({"PROBANT_DATA": f"{folder}/data"})
        settings.make_secret_key()
        server = postgres.start(settings)
        migrate(server)
        with (
            psycopg.connect(server.uri("postgres")) as admin,
            postgres.pool(server, "probant_web", min_size=1, max_size=2) as web,
            postgres.pool(server, "probant_job", min_size=1, max_size=2) as job,
        ):
            read_models(job).install(admin)
            admin.commit()
            yield House(settings, server, web, job)
        postgres.stop(settings)


class House:
    def __init__(self, settings, server, web, job):
        self.settings, self.server, self.web, self.job = settings, server, web, job

    def issued(self):
        shop = open_shop(self.web, self.job, self.settings.secret("commands"), signer=Signer(self.settings).key)
        client_id = shop.client("Hôtel du Parc", card={"siren": "552100554"})
        shop.ids["invoice"] = shop.invoice(client_id, "Vestiaires", issued_on=shop.today)
        return shop

    @contextmanager
    def worker(self, *program, **environ):
        """A worker; one that still runs at the end is killed."""
        command = [sys.executable, "-c", *(program or ("from web.cli import main; main()", "worker"))]
        env = os.environ | {"PROBANT_DATA": str(self.settings.data), "PYTHONPATH": str(ROOT)} | environ
        with subprocess.Popen(command, env=env, cwd="/", stdout=subprocess.DEVNULL) as worker:
            try:
                yield worker
            finally:
                worker.kill()

    def file(self, shop):
        with read_models(self.job).read(shop.id) as tx:
            return files.frozen(tx, shop["invoice"])

    def count(self, query, *facts):
        with self.job.connection() as conn:
            return conn.execute(f"SELECT count(*) FROM {query}", facts).fetchone()[0]

    def forget_it(self):
        """As if the dead worker's last sign of life were old: the test need not wait for half a minute."""
        with self.job.connection() as conn:
            conn.execute("UPDATE jobs.procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")


def until(true, seconds=60):
    for _ in range(seconds * 10):
        if found := true():
            return found
        time.sleep(0.1)
    raise AssertionError("waited in vain")


@pytest.mark.parametrize("phase", PHASES)
def test_a_worker_killed_in_the_middle_loses_no_job_and_makes_no_second_file(house, tmp_path, phase):
    shop, hung = house.issued(), tmp_path / "hung"
    with house.worker(HANGING, "worker", PHASES[phase], HUNG=str(hung)):
        until(hung.exists)
    assert bool(house.file(shop)) is (phase == "after the entry")
    assert house.count(f"{RENDERING} AND status = 'doing'") == 1
    house.forget_it()
    with house.worker():
        until(lambda: house.count(RENDERING) == 0)
    file = house.file(shop)
    with read_models(house.job).read(shop.id) as tx:
        assert len(files.content(tx, file)) == file.bytes
        assert tx.value("SELECT count(*) FROM ledger.blob") == 1
        assert tx.value("SELECT count(*) FROM ledger.entry WHERE type = 'document.rendered'") == 1


def test_a_worker_that_is_told_to_end_finishes_its_job(house):
    shop = house.issued()
    with house.worker() as worker:
        until(lambda: house.count(f"{RENDERING} AND status = 'doing'") or house.file(shop))
        workers = house.count("jobs.procrastinate_workers")
        worker.terminate()
        assert worker.wait(60) == 0
    assert house.file(shop)
    assert house.count("jobs.procrastinate_workers") == workers - 1  # those that were killed are still there


def test_a_worker_that_is_told_to_end_at_any_moment_of_its_start_ends(house):
    """In a thread, whose program would hang with it; the moments are those when it opens its connections."""
    workers = house.count("jobs.procrastinate_workers")  # those that were killed are still there
    for milliseconds in range(0, 100, 2):
        worker = Worker(house.settings, house.server, ())
        thread = threading.Thread(target=worker.run, daemon=True)
        thread.start()
        time.sleep(milliseconds / 1000)
        worker.stop()
        thread.join(60)
        assert not thread.is_alive(), milliseconds
    assert house.count("jobs.procrastinate_workers") <= workers


def test_two_workers_do_each_job_once(house):
    shops = [house.issued() for _ in range(3)]
    with house.worker(), house.worker():
        until(lambda: all(house.file(shop) for shop in shops))
    for shop in shops:
        with read_models(house.job).read(shop.id) as tx:
            assert tx.value("SELECT count(*) FROM ledger.entry WHERE type = 'document.rendered'") == 1


def test_a_worker_whose_connections_are_cut_begins_again(house):
    with house.worker() as worker:
        shop = house.issued()
        until(lambda: house.file(shop))
        with psycopg.connect(house.server.uri("postgres"), autocommit=True) as admin:
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'probant_job'")
        house.job.check()
        shop = house.issued()
        until(lambda: house.file(shop))
        worker.terminate()
        assert worker.wait(60) == 0
