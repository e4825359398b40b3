"""Purge after the retention: of what a kept archive holds, file in hand; the chain, the totals and the numbers stay."""

import os
import subprocess
import sys
from datetime import date
from uuid import uuid4

import psycopg
import pytest

from audit.archive.make import make
from audit.companies import known_companies
from audit.verifier import main
from audit.verify import verify_company
from domain.archive import NotKept
from domain.company import Configuration
from domain.registry import AGGREGATES
from ledger.books import Books
from ledger.codec import EventMapper
from ledger.commands import companies
from ledger.commands.archives import keep_archive, purge_archive, record_archive
from ledger.commands.documents import keeping
from ledger.commands.privacy import erase_files
from ledger.signer import Signer
from tests.audit.archiving import rewritten
from tests.ledger.commands.conftest import IDENTITY, Shop
from tests.today import today

MAPPER = EventMapper(*AGGREGATES)


class World:
    """A training ledger with a frozen invoice of 2014, whose term is over, and one of 2026."""

    def __init__(self, settings, server, web_pool, job_pool, folder):
        self.settings, self.server, self.folder = settings, server, folder
        secret = settings.secret("commands")
        self.shop, self.job = Shop(Books(web_pool, MAPPER, secret), lambda _: []), Books(job_pool, MAPPER, secret)
        origin = f"tests.example/{self.shop.id}"
        self.do(
            companies.open_ledger, origin=origin, signer=str(Signer(settings).key(origin)), software="tests",
            identity=IDENTITY, natural_person=False, mode="training", configuration=Configuration(),
            fiscal_year=(date(2014, 1, 1), date(2014, 12, 31)),
        )  # fmt: skip
        self.clients = []
        self.files = [self.frozen(day) for day in (date(2014, 3, 3), date(2026, 3, 3))]

    def do(self, use_case, **facts):
        return self.job.do(use_case, self.shop.id, uuid4(), "job:test", **facts)

    def frozen(self, day: date) -> str:
        self.shop.day = day
        self.clients.append(self.shop.client())
        invoice_id = self.shop.issued(self.clients[-1])
        return self.do(keeping(f"%PDF {uuid4()}".encode(), "tests"), document_id=invoice_id)

    def archive(self, name: str):
        """Its file, and its id: the id is what the ledger knows it by."""
        company = next(one for one in known_companies(self.server.uri("probant_audit")) if one.id == self.shop.id)
        day, path, id_ = today(), self.folder / name, uuid4()
        built = make(self.settings, self.server, company, day, day, path, progress=lambda _: None)
        self.do(record_archive, archive_id=id_, first=day, last=day, **built._asdict())
        return path, id_

    def keep(self, archive_id) -> None:
        self.shop.do(keep_archive, archive_id=archive_id, where="Coffre de l’étude")

    def purge(self, path, **environment) -> subprocess.CompletedProcess:
        command = [
            sys.executable,
            "-c",
            "from web.cli import main; main(prog_name='probant')",
            "archive",
            "purge",
            path,
        ]
        env = os.environ | {"PROBANT_DATA": str(self.settings.data)} | environment
        return subprocess.run(command, env=env, input="y\n", capture_output=True, text=True, check=False)

    def rows(self, query: str) -> list:
        with psycopg.connect(self.server.uri("probant_audit"), autocommit=True) as conn:
            conn.execute("SELECT set_config('probant.company', %s, false)", (str(self.shop.id),))
            return conn.execute(query).fetchall()

    @property
    def stored(self) -> set[str]:
        return {sha256 for (sha256,) in self.rows("SELECT encode(sha256, 'hex') FROM ledger.blob")}


@pytest.fixture
def world(settings, server, web_pool, job_pool, tmp_path) -> World:
    return World(settings, server, web_pool, job_pool, tmp_path)


def test_what_is_past_its_term_goes_once_a_kept_archive_is_shown_and_everything_still_verifies(world, tmp_path):
    path, id_ = world.archive("a.asice")
    refused = world.purge(path)
    assert (refused.returncode, "mise en lieu sûr : rien n’est purgé" in refused.stderr) == (2, True), refused.stderr
    world.keep(id_)
    longer = world.purge(path, PROBANT_RETENTION_YEARS="30")
    assert (longer.returncode, "n’a passé son terme (30 ans)" in longer.stderr) == (2, True), longer.stderr
    lines = world.rows("SELECT line FROM ledger.entry ORDER BY pos")

    done = world.purge(path)
    assert (done.returncode, "Purge inscrite : 1 fichier." in done.stdout) == (0, True), done.stderr
    assert world.stored == {world.files[1]}
    assert world.rows("SELECT line FROM ledger.entry ORDER BY pos")[: len(lines)] == lines
    ((entry,),) = world.rows("SELECT line FROM ledger.entry WHERE type = 'archive.purged'")
    assert world.files[0] in entry
    assert world.files[1] not in entry
    assert verify_company(world.server, world.shop.id).findings == ()
    assert "Rien à purger" in world.purge(path).stderr

    later, _ = world.archive("b.asice")
    report = main.verify(str(later))
    assert report.conform, report.lines()
    assert "dont 1 purgés à leur terme" in "\n".join(report.lines())
    for name, change in (("hidden", lambda _: None), ("of nothing", lambda text: text.replace(b"purged", b"kept"))):
        told = rewritten(
            later, tmp_path / "x.asice", lambda n, text, c=change: c(text) if n == "coffre/purges.jsonl" else text
        )
        assert main.verify(str(told)).defects[11], name


def test_a_file_that_went_before_its_term_is_no_purge(world, tmp_path):
    path, id_ = world.archive("a.asice")
    world.keep(id_)
    world.purge(path)
    later, _ = world.archive("b.asice")

    def too_early(name: str, content: bytes) -> bytes | None:
        if f"-{world.files[1][:16]}." in name:
            return None
        changed = content.replace(world.files[0].encode(), world.files[1].encode())
        return changed if name == "coffre/purges.jsonl" else content

    told = rewritten(later, tmp_path / "x.asice", too_early)
    assert any("à conserver jusqu’au 2036-03-03 au moins" in text for text in main.verify(str(told)).defects[11])


def test_files_of_an_erased_client_go_after_their_term_and_a_later_archive_can_say_why(world):
    for client_id in world.clients:
        world.do(erase_files, erased_id=uuid4(), subject_id=client_id)
    assert world.stored == {world.files[1]}
    assert verify_company(world.server, world.shop.id).findings == ()
    later, _ = world.archive("a.asice")
    report = main.verify(str(later))
    assert report.conform, report.lines()
    assert "dont 1 purgés à leur terme" in "\n".join(report.lines())


def test_an_archive_that_is_altered_or_unknown_purges_nothing(world, tmp_path):
    path, id_ = world.archive("a.asice")
    world.keep(id_)
    altered = rewritten(path, tmp_path / "x.asice", lambda name, text: text + b" " if name == "LISEZMOI.txt" else text)
    assert world.purge(altered).returncode == 1
    again, _ = world.archive("again.asice")
    assert world.purge(again).returncode == 2
    assert world.stored == set(world.files)


def test_the_rule_holds_below_the_command_line_too(world):
    _, id_ = world.archive("a.asice")
    with pytest.raises(NotKept):
        world.do(purge_archive, archive_id=id_, years=10)
    with world.job.pool.connection() as conn, pytest.raises(psycopg.Error, match="kept until"):
        conn.execute("SELECT ledger.drop_files(%s, %s)", (world.shop.id, [bytes.fromhex(world.files[1])]))
    assert world.stored == set(world.files)


def test_a_retention_below_the_law_is_refused(world):
    refused = world.purge(__file__, PROBANT_RETENTION_YEARS="9")
    assert (refused.returncode, "PROBANT_RETENTION_YEARS" in refused.stderr) == (2, True)
