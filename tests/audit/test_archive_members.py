"""What stands in an archive besides its proofs, tables, keys, a notice; and how far its making is."""

import csv
import io
import re
import zipfile

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from audit.archive import build
from audit.archive.work import Work
from tests.audit.archiving import ground

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-")


@pytest.fixture(scope="module")
def world(settings, server, web_pool, job_pool):
    return ground(settings, server, web_pool, job_pool)


@pytest.fixture(scope="module")
def archive(world, tmp_path_factory):
    path = tmp_path_factory.mktemp("archive") / "a.asice"
    world.build(path)
    with zipfile.ZipFile(path) as opened:
        yield opened


def table(archive, name: str) -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(archive.read(f"tableaux/{name}.csv").decode("utf-8-sig")), delimiter=";")]


def test_payments_are_told_in_french_with_numbers_and_names(archive):
    rows = table(archive, "reglements")
    assert [row["Fait"] for row in rows] == ["Règlement reçu", "Règlement reçu", "Règlement annulé"]
    assert rows[0]["Factures"] == table(archive, "factures")[0]["Numéro"]
    assert [row["Client"] for row in rows] == ["Hôtel du Parc", "Jeanne Roux", "Jeanne Roux"]
    assert {row["Moyen"] for row in rows} == {"Virement"}


@pytest.mark.parametrize("name", ["clients", "clotures", "devis", "factures", "reglements"])
def test_no_table_for_people_shows_an_id_or_a_word_of_the_program(archive, name):
    text = archive.read(f"tableaux/{name}.csv").decode()
    assert not UUID.search(text)
    assert not re.search(r"\b(?:invoice|credit_note|payment|business|person|day|month|year|transfer)\b", text)


def test_periods_and_kinds_are_french(archive):
    assert {row["Période"] for row in table(archive, "clotures")} == {"Jour", "Mois"}
    assert {row["Nature"] for row in table(archive, "factures")} == {"Facture", "Avoir"}
    assert {row["Nature"] for row in table(archive, "clients")} == {"Entreprise", "Particulier"}


def test_each_line_of_the_technical_journal_says_what_happened_and_to_what(archive):
    rows = table(archive, "journal-technique")
    assert all(row["Fait"] != row["Type"] for row in rows), [row for row in rows if row["Fait"] == row["Type"]]
    issued = [row for row in rows if row["Type"] == "invoice.issued"]
    assert [row["Numéro ou nom"] for row in issued] == [row["Numéro"] for row in table(archive, "factures")]
    assert {row["Numéro ou nom"] for row in rows if row["Type"] == "client.created"} >= {"Hôtel du Parc", "Jeanne Roux"}
    assert {row["Par"].split(" ")[0] for row in rows} == {"système", "utilisateur", "tâche"}


def test_the_key_of_the_checkpoints_stands_in_the_archive_as_a_public_key(archive, world):
    (name,) = (name for name in archive.namelist() if name.startswith("cles/registre-"))
    assert load_pem_public_key(archive.read(name)) == world.key.public_key()
    assert name == f"cles/registre-{world.vkey.split('+')[1]}.pem"


def test_the_notice_says_what_proves_what_and_how_it_is_stamped_again(archive):
    notice = archive.read("LISEZMOI.txt").decode()
    assert "tableaux/ : numéros, dates, montants" in notice
    assert "faites horodater de nouveau" in notice
    assert "PROVISOIRE" in notice  # the tests archive today
    assert max(map(len, notice.splitlines())) <= 140


def test_progress_never_goes_back_and_ends_with_all(world, tmp_path):
    shares = []
    world.build(tmp_path / "a.asice", progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_more_files_than_an_archive_may_have_are_refused_before_anything_is_written(world, tmp_path, monkeypatch):
    monkeypatch.setattr(build, "MOST", -1)
    with pytest.raises(build.TooMany):
        world.build(tmp_path / "a.asice")
    assert list(tmp_path.iterdir()) == []


class Enough(Exception):
    pass


@pytest.mark.parametrize("share", [0.0, 0.2, 0.4, 0.6, 0.8, 0.97])
def test_a_cancellation_is_heard_in_every_phase_and_leaves_nothing(world, tmp_path, share):
    def progress(done: float) -> None:
        if done >= share:
            raise Enough

    with pytest.raises(Enough):
        world.build(tmp_path / "a.asice", progress=progress)
    assert list(tmp_path.iterdir()) == []


def test_more_steps_than_were_foreseen_are_no_more_than_all():
    shares = []
    assert list(Work(2, shares.append).each("abc")) == ["a", "b", "c"]
    assert shares == [0.5, 1.0, 1.0]


def test_what_is_left_may_be_more_than_was_foreseen_and_the_bar_stands():
    shares = []
    work = Work(2, shares.append)
    assert list(work.each("a")) == ["a"]
    work.left(4)
    assert list(work.each("bcde")) == ["b", "c", "d", "e"]
    assert shares == [0.5, 0.5, 0.6, 0.8, 1.0]
