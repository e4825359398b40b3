"""Many programs and threads, some killed: no gap, no duplicate, every link whole, nothing that was answered is lost."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ledger import chain, postgres
from ledger.books import Books
from ledger.errors import CommandReused
from ledger.migrate import migrate
from ledger.settings import Settings
from tests.conftest import open_folder
from tests.ledger.example import KEY, USER, ExampleMapper, issue_new, new_ledger

ROOT = Path(__file__).parents[2]
SERIES = ("F2026", "G2026", "H2026")


@pytest.fixture
def chance():
    """Chance that can be had again: `SEED=… pytest`."""
    seed = os.environ.get("SEED") or str(time.time_ns())
    print(f"SEED={seed}")
    return random.Random(seed)


def writer(settings, chance, told, companies, *, threads=1, count=10**9):
    command = [
        sys.executable,
        "-m",
        "tests.faults.writer",
        settings.data,
        chance.random(),
        told,
        threads,
        count,
        *companies,
    ]
    return subprocess.Popen(
        [str(part) for part in command],
        cwd=ROOT,
        env={**os.environ, "SERIES": " ".join(SERIES)},
        stderr=subprocess.DEVNULL,
    )


def whole(server, company: UUID) -> list[str]:
    """The numbers of a ledger in which everything is right."""
    with psycopg.connect(server.uri("probant_audit")) as conn:
        conn.execute("SELECT set_config('probant.company', %s, false)", (str(company),))
        rows = conn.execute(
            "SELECT pos, stream_id, version, type, line, hash FROM ledger.entry ORDER BY pos"
        ).fetchall()
        head = conn.execute("SELECT pos, hash, series FROM ledger.head").fetchone()
        digests = {digest for (digest,) in conn.execute("SELECT encode(digest, 'hex') FROM ledger.sealed")}
    last, at, versions, issued = chain.genesis(str(company)), "", {}, {series: [] for series in SERIES}
    for expected, (pos, stream, version, name, line, digest) in enumerate(rows, 1):
        facts = json.loads(line)
        last = chain.link(last, line)
        versions[stream] = versions.get(stream, 0) + 1
        assert (pos, version, digest.hex()) == (expected, versions[stream], last)
        assert (facts["pos"], facts["stream"], facts["version"], facts["type"]) == (pos, str(stream), version, name)
        assert at <= (at := facts["at"])
        if name == "invoice.issued":
            issued[facts["data"]["series"]].append(facts["data"])
            assert facts["data"]["card"]["sealed"] in digests
    assert head[:2] == (len(rows), bytes.fromhex(last))
    for series, documents in issued.items():
        assert [document["number"] for document in documents] == [
            f"{series}-{n:04}" for n in range(1, len(documents) + 1)
        ]
        assert [document["issued_on"] for document in documents] == sorted(
            document["issued_on"] for document in documents
        )
        assert head[2][series]["last"] == len(documents)
    return [document["number"] for documents in issued.values() for document in documents]


def all_whole(server, companies, told: Path) -> int:
    """How many numbers were given; each that was answered is there."""
    given = {f"{company} {number}" for company in companies for number in whole(server, company)}
    answered = told.read_text().splitlines()
    assert len(answered) == len(set(answered))
    assert set(answered) <= given
    return len(answered)


def test_writers_killed_at_any_moment_20_times(settings, server, job_pool, tmp_path, chance):
    companies, told = [new_ledger(job_pool, series=SERIES) for _ in range(2)], tmp_path / "told"
    crowd = [writer(settings, chance, told, companies) for _ in range(3)]
    try:
        for _ in range(20):
            before = told.stat().st_size if told.exists() else 0
            while not told.exists() or told.stat().st_size == before:  # somebody is at work
                time.sleep(0.01)
            time.sleep(chance.uniform(0, 0.3))
            victim = crowd.pop(chance.randrange(len(crowd)))
            victim.kill()
            victim.wait()
            crowd.append(writer(settings, chance, told, companies))
    finally:
        for process in crowd:
            process.kill()
            process.wait()
    assert all_whole(server, companies, told) >= 20


def test_50_threads_of_2_programs_issue_40_documents_each_in_3_series(settings, server, job_pool, tmp_path, chance):
    companies, told = [new_ledger(job_pool, series=SERIES)], tmp_path / "told"
    crowd = [writer(settings, chance, told, companies, threads=25, count=40) for _ in range(2)]
    assert [process.wait() for process in crowd] == [0, 0]
    assert all_whole(server, companies, told) == 2000


def test_what_was_answered_survives_a_server_killed_under_load(tmp_path, chance):
    with open_folder() as folder:
        settings, told = Settings.from_env({"PROBANT_DATA": f"{folder}/data"}), tmp_path / "told"
        server = postgres.start(settings)
        migrate(server)
        with postgres.pool(server, "probant_job", min_size=1) as pool:
            companies = [new_ledger(pool, series=SERIES) for _ in range(2)]
        for _ in range(2):
            before = told.stat().st_size if told.exists() else 0
            crowd = [writer(settings, chance, told, companies) for _ in range(2)]
            while not told.exists() or told.stat().st_size < before + 2000:
                time.sleep(0.01)
            time.sleep(chance.uniform(0, 0.3))
            os.kill(int((settings.data / "postgres" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
            for process in crowd:
                process.kill()
                process.wait()
            server = postgres.start(settings)
        assert all_whole(server, companies, told) > 40
        postgres.stop(settings)


# The same command again


@pytest.fixture
def company(job_pool):
    return new_ledger(job_pool, series=SERIES)


@pytest.fixture
def books(web_pool):
    return Books(web_pool, ExampleMapper(), KEY)


def test_a_command_sent_20_times_at_once_is_done_once(server, books, company):
    command, ticket = uuid4(), uuid4()

    def send(_):
        return books.do(issue_new, company, command, USER, ticket_id=ticket, client_id=ticket)

    with ThreadPoolExecutor(20) as crowd:
        assert set(crowd.map(send, range(20))) == {"F2026-0001"}
    assert whole(server, company) == ["F2026-0001"]
    with pytest.raises(CommandReused):
        books.do(issue_new, company, command, USER, ticket_id=ticket, client_id=uuid4())


def test_20_programs_that_open_one_ledger_at_once_open_it_once(server, job_pool):
    from tests.ledger.example import open_book

    company, command, books = uuid4(), uuid4(), Books(job_pool, ExampleMapper(), KEY)

    def send(_):
        return books.do(open_book, company, command, "system", mode="live", time_zone="Europe/Paris", series=SERIES)

    with ThreadPoolExecutor(20) as crowd:
        assert set(crowd.map(send, range(20))) == {None}
    assert whole(server, company) == []


class Wire:
    """Stands between a program and the server; cuts the connection once, when it sees `word` pass.

    `word` reaches the server only when `after` is true: then its answer is what gets lost.
    """

    def __init__(self, server, word: bytes, after: bool) -> None:
        self.folder = TemporaryDirectory(prefix="wire-")
        self.real = f"{conninfo_to_dict(server.admin)['host']}/.s.PGSQL.5432"
        self.word, self.after, self.cuts = word, after, 0
        self.ends = [socket.socket(socket.AF_UNIX)]
        self.ends[0].bind(f"{self.folder.name}/.s.PGSQL.5432")
        self.ends[0].listen()
        self.server = postgres.Server(make_conninfo(server.admin, host=self.folder.name))
        self.threads: list[threading.Thread] = []
        self.run(self.accept)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for end in self.ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join()
        for end in self.ends:
            end.close()
        self.folder.cleanup()

    def run(self, work, *args) -> None:
        self.threads.append(threading.Thread(target=work, args=args))
        self.threads[-1].start()

    def accept(self) -> None:
        with suppress(OSError):
            while True:
                near, far = self.ends[0].accept()[0], socket.socket(socket.AF_UNIX)
                self.ends += [near, far]
                far.connect(self.real)
                self.run(self.pump, near, far, self.word)
                self.run(self.pump, far, near, None)

    def pump(self, source: socket.socket, target: socket.socket, word: bytes | None) -> None:
        with suppress(OSError):
            while data := source.recv(2**16):
                if word and word in data and not self.cuts:
                    self.cuts += 1
                    self.cut(source, target, data)
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def cut(self, near: socket.socket, far: socket.socket, data: bytes) -> None:
        near.shutdown(socket.SHUT_RDWR)
        if self.after:
            far.sendall(data)
            time.sleep(0.3)  # it commits, and answers nobody
        far.shutdown(socket.SHUT_RDWR)
        raise OSError


@pytest.mark.parametrize(("word", "after"), [(b"BEGIN", False), (b"ledger.append", False), (b"COMMIT", True)])
def test_a_connection_lost_before_or_after_the_commit_gives_one_document_and_its_answer(server, company, word, after):
    with Wire(server, word, after) as wire, postgres.pool(wire.server, "probant_web", min_size=1, max_size=2) as pool:
        books, command, ticket = Books(pool, ExampleMapper(), KEY), uuid4(), uuid4()
        for _ in range(2):
            assert books.do(issue_new, company, command, USER, ticket_id=ticket, client_id=ticket) == "F2026-0001"
        assert wire.cuts == 1
    assert whole(server, company) == ["F2026-0001"]
