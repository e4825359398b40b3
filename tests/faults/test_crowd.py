"""T1, T2, T4, T6, T7: many programs and threads, some killed, issue real documents: no gap, no duplicate, every link
whole, nothing that was answered is lost.
"""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from audit.verify import verify_company
from domain.company import Configuration
from domain.numbering import number as written
from ledger import chain, postgres
from ledger.books import Books
from ledger.commands import companies
from ledger.errors import CommandReused
from ledger.migrate import migrate
from ledger.settings import Settings
from tests.conftest import open_folder
from tests.faults.trade import KEY, USER, issue_new, new_company
from tests.web.shop import MERCIER
from web.app import MAPPER

ROOT = Path(__file__).parents[2]
ISSUED = {"invoice.issued": "issued_on", "quote.sent": "sent_on"}
JOBS = """
    DELETE FROM jobs.procrastinate_jobs
     WHERE task_name = 'render_document' AND args ->> 'company_id' = %s
    RETURNING args ->> 'document_id'
    """


@pytest.fixture
def chance():
    """Chance that can be had again: `SEED=… pytest`."""
    seed = os.environ.get("SEED") or str(time.time_ns())
    print(f"SEED={seed}")
    return random.Random(seed)


def writer(settings, chance, told, firms, *, threads=1, count=10**9):
    command = [
        sys.executable,
        "-m",
        "tests.faults.writer",
        settings.data,
        chance.random(),
        told,
        threads,
        count,
        *firms,
    ]
    return subprocess.Popen([str(part) for part in command], cwd=ROOT, stderr=subprocess.DEVNULL)


def whole(server, company: UUID) -> list[str]:
    """The numbers of a ledger in which everything is right; what it asked of the worker is taken back."""
    assert verify_company(server, company).findings == ()
    with psycopg.connect(server.uri("probant_audit")) as conn:
        conn.execute("SELECT set_config('probant.company', %s, false)", (str(company),))
        rows = conn.execute(
            "SELECT pos, stream_id, version, type, line, hash FROM ledger.entry ORDER BY pos"
        ).fetchall()
        head = conn.execute("SELECT pos, hash, series FROM ledger.head").fetchone()
        digests = {digest for (digest,) in conn.execute("SELECT encode(digest, 'hex') FROM ledger.sealed")}
    last, at, versions, issued, documents = chain.genesis(str(company)), "", {}, {}, []
    for expected, (pos, stream, version, name, line, digest) in enumerate(rows, 1):
        facts = json.loads(line)
        last = chain.link(last, line)
        versions[stream] = versions.get(stream, 0) + 1
        assert (pos, version, digest.hex()) == (expected, versions[stream], last)
        assert (facts["pos"], facts["stream"], facts["version"], facts["type"]) == (pos, str(stream), version, name)
        assert at <= (at := facts["at"])
        if name == "series.opened":
            assert facts["data"]["series"] not in issued
            issued[facts["data"]["series"]] = []
        elif name in ISSUED:
            issued[facts["data"]["series"]].append((facts["data"]["number"], facts["data"][ISSUED[name]]))
            documents.append(str(stream))
            assert facts["data"]["buyer"]["card"]["sealed"] in digests
            assert_balanced(facts["data"].get("postings", []))
    assert head[:2] == (len(rows), bytes.fromhex(last))
    assert head[2].keys() == issued.keys()
    for series, given in issued.items():
        pattern, days = head[2][series]["pattern"], [day for _, day in given]
        assert [number for number, _ in given] == [written(pattern, n) for n in range(1, len(given) + 1)]
        assert days == sorted(days)
        assert head[2][series]["last"] == len(given)
    with psycopg.connect(server.uri("postgres")) as conn:  # each is to be printed, once
        assert Counter(document for (document,) in conn.execute(JOBS, [str(company)])) == Counter(documents)
    return [number for given in issued.values() for number, _ in given]


def assert_balanced(postings) -> None:
    for posting in postings:
        assert sum(line.get("debit_cents", 0) - line.get("credit_cents", 0) for line in posting["lines"]) == 0


def all_whole(server, firms, told: Path) -> int:
    """How many numbers were given; each that was answered is there."""
    given = {f"{company} {number}" for company in firms for number in whole(server, company)}
    answered = told.read_text().splitlines()
    assert len(answered) == len(set(answered))
    assert set(answered) <= given
    return len(answered)


def test_writers_killed_at_any_moment_20_times(settings, server, web_pool, job_pool, tmp_path, chance):
    firms, told = [new_company(web_pool, job_pool) for _ in range(2)], tmp_path / "told"
    crowd = [writer(settings, chance, told, firms) for _ in range(3)]
    try:
        for _ in range(20):
            before = told.stat().st_size if told.exists() else 0
            while not told.exists() or told.stat().st_size == before:  # somebody is at work
                time.sleep(0.01)
            time.sleep(chance.uniform(0, 0.3))
            victim = crowd.pop(chance.randrange(len(crowd)))
            victim.kill()
            victim.wait()
            crowd.append(writer(settings, chance, told, firms))
    finally:
        for process in crowd:
            process.kill()
            process.wait()
    assert all_whole(server, firms, told) >= 20


def test_50_threads_of_2_programs_issue_40_documents_each_in_3_series(
    settings, server, web_pool, job_pool, tmp_path, chance
):
    """None of the series is open when they begin: the first document of the year is raced for, too."""
    firms, told = [new_company(web_pool, job_pool)], tmp_path / "told"
    crowd = [writer(settings, chance, told, firms, threads=25, count=40) for _ in range(2)]
    assert [process.wait() for process in crowd] == [0, 0]
    assert all_whole(server, firms, told) == 2000


def test_what_was_answered_survives_a_server_killed_under_load(tmp_path, chance):
    with open_folder() as folder:
        settings, told = Settings.from_env({"PROBANT_DATA": f"{folder}/data"}), tmp_path / "told"
        server = postgres.start(settings)
        migrate(server)
        with (
            postgres.pool(server, "probant_web", min_size=1) as web,
            postgres.pool(server, "probant_job", min_size=1) as job,
        ):
            firms = [new_company(web, job) for _ in range(2)]
        for _ in range(2):
            before = told.stat().st_size if told.exists() else 0
            crowd = [writer(settings, chance, told, firms) for _ in range(2)]
            while not told.exists() or told.stat().st_size < before + 1000:
                time.sleep(0.01)
            time.sleep(chance.uniform(0, 0.3))
            os.kill(int((settings.data / "postgres" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
            for process in crowd:
                process.kill()
                process.wait()
            server = postgres.start(settings)
        assert all_whole(server, firms, told) > 40
        postgres.stop(settings)


# The same command again


@pytest.fixture
def company(web_pool, job_pool):
    return new_company(web_pool, job_pool)


@pytest.fixture
def books(web_pool):
    return Books(web_pool, MAPPER, KEY)


@pytest.fixture
def asked():
    """What a command asks for: an invoice."""
    return {"kind": "invoice", "document_id": uuid4()}


def test_a_command_sent_20_times_at_once_is_done_once(server, books, company, asked):
    command = uuid4()

    def send(_):
        return books.do(issue_new, company, command, USER, **asked)

    with ThreadPoolExecutor(20) as crowd:
        given = [*crowd.map(send, range(20))]
    assert whole(server, company) == [given[0]]
    assert set(given) == {given[0]}
    with pytest.raises(CommandReused):
        books.do(issue_new, company, command, USER, **asked, quantity=2)


def test_a_command_sent_again_a_day_later_gives_its_first_answer_and_no_document(
    server, web_pool, job_pool, books, asked
):
    company, command = new_company(web_pool, job_pool, "training"), uuid4()
    today = date(datetime.now(UTC).year, 12, 31)  # tomorrow, a new document would open another series
    answers = [
        books.on(day).do(issue_new, company, command, USER, **asked)
        for day in (today, today + timedelta(days=1), today + timedelta(days=1))
    ]
    assert answers == whole(server, company) * 3
    assert answers == [f"F{today.year}-0001"] * 3


def test_20_programs_that_open_one_ledger_at_once_open_it_once(server, job_pool):
    company, command, books, year = uuid4(), uuid4(), Books(job_pool, MAPPER, KEY), datetime.now(UTC).year

    def send(_):
        return books.do(
            companies.open_ledger, company, command, "system", origin=f"probant.example/{company}", signer="none",
            software="tests", identity=MERCIER, natural_person=False, mode="live", configuration=Configuration(),
            fiscal_year=(date(year, 1, 1), date(year, 12, 31)),
        )  # fmt: skip

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
def test_a_connection_lost_before_or_after_the_commit_gives_one_document_and_its_answer(
    server, company, asked, word, after
):
    with Wire(server, word, after) as wire, postgres.pool(wire.server, "probant_web", min_size=1, max_size=2) as pool:
        books, command = Books(pool, MAPPER, KEY), uuid4()
        answers = [books.do(issue_new, company, command, USER, **asked) for _ in range(2)]
        assert wire.cuts == 1
    assert answers == whole(server, company) * 2
