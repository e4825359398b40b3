"""An archive opened again in another installation: the same bytes, the same lists and papers, and nothing to write."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from audit import reading
from audit.archive.make import make
from audit.companies import known_companies
from audit.verifier import main
from audit.verify import verify_company
from ledger import checkpoints, postgres
from ledger.errors import LedgerReadOnly
from ledger.settings import Settings
from ledger.signer import Signer
from tests.audit.archiving import ground, rewritten
from tests.conftest import open_folder
from tests.web.conftest import PASSWORD, Person
from web.app import create_app
from web.jobs.access import running

COMMAND = [sys.executable, "-c", "from web.cli import main; main(prog_name='probant')"]


@dataclass
class Elsewhere:
    """Another installation, in a folder of its own."""

    settings: Settings

    def run(self, *arguments: str, typed: str = "") -> subprocess.CompletedProcess:
        env = os.environ | {"PROBANT_DATA": str(self.settings.data)}
        return subprocess.run([*COMMAND, *arguments], env=env, input=typed, capture_output=True, text=True, check=False)

    def restore(self, *paths: Path, typed: str = f"{PASSWORD}\n{PASSWORD}\n") -> subprocess.CompletedProcess:
        account = ("--user", "claire", "--email", "claire@exemple.fr")
        return self.run("archive", "restore", *map(str, paths), *account, typed=typed)


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Elsewhere]:
    with open_folder() as folder:
        found = Elsewhere(Settings.from_env({"PROBANT_DATA": f"{folder}/data"}))
        assert found.run("init").returncode == 0
        yield found
        postgres.stop(found.settings)


@pytest.fixture
def archived(new_shop, render, settings, server, tmp_path):
    """A shop, one of its papers frozen, and its archive."""
    new_shop.fill()
    render(new_shop, new_shop["late"])
    company = next(one for one in known_companies(server.uri("probant_audit")) if one.id == new_shop.id)
    path = tmp_path / "a.asice"
    make(settings, server, company, new_shop.today, new_shop.today, path, progress=lambda _: None)
    return new_shop, path


def lines(server, company: UUID) -> list[bytes]:
    with reading.snapshot(server.uri("probant_audit"), company) as conn:
        return [*reading.lines(conn, company)]


def test_an_archive_is_read_in_another_installation_as_where_it_was_made(archived, elsewhere, server, keeper):
    shop, path = archived
    done = elsewhere.restore(path)
    assert done.returncode == 0, done.stderr
    assert "sont ouvertes en lecture seule à claire" in done.stdout
    there = postgres.start(elsewhere.settings)
    assert lines(there, shop.id) == lines(server, shop.id)[: len(lines(there, shop.id))]
    result = verify_company(there, shop.id)
    assert (result.findings, result.notices) == ((), ())

    app = create_app(elsewhere.settings)
    try:
        claire = Person(app, uuid4(), "claire")
        assert claire.sign_in().status_code == 302
        _look(claire, keeper(shop), shop)
    finally:
        app.extensions["pool"].close()
    _nothing_is_written(elsewhere, there, shop, path)


def _look(claire: Person, owner: Person, shop) -> None:
    page = claire.get("/factures").text
    assert "Archive du " in page
    assert "lecture seule" in page
    assert len(documents(page)) >= 4
    for path in ("/factures", "/clients", "/devis", "/reglements"):
        assert documents(claire.get(path).text) == documents(owner.get(path).text), path
    paper = claire.get(f"/factures/{shop['late']}.pdf")
    assert (paper.status_code, paper.data[:5]) == (200, b"%PDF-")
    assert "Nouvelle facture" not in page
    answer = claire.post("/clients/nouveau", page="/factures", command_id=str(uuid4()), name="Autre")
    assert answer.status_code in (403, 409)


def documents(page: str) -> set[str]:
    """What a list leads to, and the amounts that it shows."""
    return {*re.findall(r"/[a-z]+/[0-9a-f]{8}-[0-9a-f-]{27}\b|[0-9\u202f\u00a0]+,[0-9]{2}", page)}


def _nothing_is_written(elsewhere: Elsewhere, there, shop, path: Path) -> None:
    head = lines(there, shop.id)
    second = elsewhere.restore(path, typed="")
    assert (second.returncode, "est déjà dans cette installation" in second.stderr) == (2, True), second.stderr
    declared = elsewhere.run("restore", "declare", "--company", str(shop.id), "--yes")
    assert (declared.returncode, "archive" in declared.stderr) == (2, True), declared.stderr
    assert elsewhere.run("archive", "create", "--company", str(shop.id), "--from", "2026-01-01", "--to", "2026-12-31",
                         "-o", str(path.with_name("b.asice"))).returncode == 2  # fmt: skip
    with running(elsewhere.settings, there), psycopg.connect(there.uri("probant_job"), autocommit=True) as conn:
        with pytest.raises(LedgerReadOnly):
            checkpoints.make(conn, Signer(elsewhere.settings), shop.id)
        with pytest.raises(psycopg.Error, match="read-only"):
            conn.execute("SELECT ledger.erase_subject(%s, %s, 'demande')", (shop.id, uuid4()))
    assert lines(there, shop.id) == head


def test_an_archive_is_not_opened_over_the_ledger_that_lives_here(archived, settings, server):
    shop, path = archived
    before = lines(server, shop.id)
    here = Elsewhere(settings)
    done = here.restore(path)
    assert (done.returncode, "une archive ne s’ouvre pas par-dessus" in done.stderr) == (2, True), done.stderr
    assert lines(server, shop.id)[: len(before)] == before
    with psycopg.connect(server.uri("probant_job"), autocommit=True) as conn:
        frozen = "SELECT frozen FROM ledger.head WHERE company_id = %s"
        conn.execute("SELECT set_config('probant.company', %s, false)", (str(shop.id),))
        assert conn.execute(frozen, (shop.id,)).fetchone() == (False,)


def test_archives_that_follow_each_other_are_opened_together_and_in_any_order(
    elsewhere, settings, server, web_pool, job_pool, tmp_path
):
    """An erasure, a restore of the clock of training, credit notes and closings are among them."""
    world = ground(settings, server, web_pool, job_pool)
    world.build(tmp_path / "one.asice", last=9)
    world.build(tmp_path / "two.asice", first=10)
    alone = elsewhere.restore(tmp_path / "two.asice")
    assert (alone.returncode, "commencent à l’écriture 10" in alone.stderr) == (2, True), alone.stderr
    done = elsewhere.restore(tmp_path / "two.asice", tmp_path / "one.asice")
    assert done.returncode == 0, done.stderr
    there = postgres.start(elsewhere.settings)
    assert lines(there, world.shop.id) == lines(server, world.shop.id)
    result = verify_company(there, world.shop.id)
    assert not result.findings
    assert {notice.code for notice in result.notices} == {"erased"}


def test_an_archive_that_is_not_conform_is_not_opened(elsewhere, archived, tmp_path):
    shop, path = archived
    changed = rewritten(
        path, tmp_path / "x.asice", lambda name, text: text.replace(b"vestiaires", b"vestibules")
        if name.startswith("registre/ecritures") else text,
    )  # fmt: skip
    assert not main.verify(str(changed)).conform
    done = elsewhere.restore(changed)
    assert (done.returncode, "n’est pas conforme" in done.stderr) == (1, True)
    assert str(shop.id) not in elsewhere.run("companies").stdout


def test_who_has_no_account_needs_an_address(elsewhere, tmp_path):
    (tmp_path / "no.asice").write_bytes(b"no archive")
    nobody = elsewhere.run("archive", "restore", str(tmp_path / "no.asice"), "--user", "personne")
    assert (nobody.returncode, "--email" in nobody.stderr) == (2, True)
    known = elsewhere.run("archive", "restore", str(tmp_path / "no.asice"), "--user", "personne", "--email",
                          "personne@exemple.fr", typed=f"{PASSWORD}\n{PASSWORD}\n")  # fmt: skip
    assert (known.returncode, "pas une archive lisible" in known.stderr) == (2, True), known.stderr
