"""A file of clients or articles: read as French spreadsheets write it, shown, made once, undone."""

import io
import os
import re
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from projections import clients, products
from web.imports import jobs
from web.jobs.tasks import Interrupted

CLIENTS = (
    "Raison sociale;N° SIREN;E-mail;CP;Ville;Type;Étiquettes;Solde\r\n"
    "Hôtel du Parc;732 829 320;contact@parc.example;35000;Rennes;;hôtellerie, fidèle;12,50\r\n"
    "Éditions Œuvrard;;;25000;Besançon;Association;;\r\n"
    "Faux Frères;732829321;pas une adresse;;;;;\r\n"
    "Parc bis;732829320;;;;;;\r\n"
)
ARTICLES = (
    "Désignation;Référence;Prix HT;TVA;Unité;Nature;Compte\r\n"
    "Pose de parquet;POSE;48,50;10 %;Heure;service;706\r\n"
    "Tasseau;TAS;1 234,5;20;Mètre;bien;707000\r\n"
    "Mystère;M;douze;3,7;brouette;chose;999\r\n"
)

ROOT = Path(__file__).parents[2]
KILLED = """
import pathlib, sys, time
from ledger import postgres
from ledger.settings import Settings
from tests.web.postman import workshop_of
from web.imports import jobs
company_id, import_id, hung = sys.argv[1:]
def hang(*_):
    pathlib.Path(hung).touch()
    time.sleep(600)
jobs.work_rows.made = hang
settings = Settings.from_env()
server = postgres.start(settings)
with postgres.pool(server, "probant_job", min_size=1, max_size=4) as pool:
    jobs.run_import(workshop_of(settings, server, pool), company_id=company_id, import_id=import_id)
"""


def sent(person, kind, content, name="fichier.csv", **typed):
    """The page of the file that was sent."""
    page = f"/{kind}/importer"
    content = content if isinstance(content, bytes) else content.encode("utf-8-sig")
    form = person.form(page) | typed
    answer = person.http.post(page, data=form | {"file": (io.BytesIO(content), name)})
    return answer.location if answer.status_code == 303 else answer


def id_of(page):
    return page.rsplit("/", 1)[1]


@pytest.fixture
def worked(workshop, new_shop):
    """`worked(task, page)`: as the worker would."""
    return lambda task, page, shop=workshop: task(shop, company_id=str(new_shop.id), import_id=id_of(page))


@pytest.fixture
def names(see):
    def ask(state="active"):
        return [row.name for row in see(lambda tx: clients.page(tx, clients.Filter(state=state), limit=None))]

    return ask


def test_a_file_is_shown_line_by_line_before_anything_is_made(new_shop, keeper, worked, names):
    new_shop.client("Déjà là", card={"email": "CONTACT@parc.example"})
    claire = keeper(new_shop)
    page = sent(claire, "clients", CLIENTS)
    assert "Lecture" in claire.get(page).text
    worked(jobs.judge_import, page)
    shown = claire.get(page).text
    for text in (
        "Existe déjà : Déjà là.", "Même fiche que la ligne 2.", "Sa clé ne tombe pas juste", "nom@domaine.fr",
        "2\u00a0lignes qui existent déjà", "1\u00a0ligne à corriger",
    ):  # fmt: skip
        assert text in shown, text
    assert re.search(r'Solde</strong>.*?<option value="">', shown, re.DOTALL)
    assert names() == ["Déjà là"]


def test_good_lines_become_clients_once_by_commands_of_the_person(new_shop, keeper, worked, names, see, connect):
    claire = keeper(new_shop)
    page = sent(claire, "clients", CLIENTS)
    worked(jobs.judge_import, page)
    claire.submit(page, f"{page}/importer")
    for _ in range(2):
        worked(jobs.run_import, page)
    assert names() == ["Éditions Œuvrard", "Hôtel du Parc"]
    row = see(lambda tx: clients.page(tx, clients.Filter(q="hotel")))[0]
    assert (row.siren, row.city, row.tags) == ("732829320", "Rennes", ["hôtellerie", "fidèle"])
    made = connect("probant_audit", new_shop.id).execute(
        "SELECT line::jsonb ->> 'by' FROM ledger.entry WHERE type = 'client.created'"
    )
    assert {by for (by,) in made} == {f"user:{claire.id}"}
    shown = re.sub("[ \n]+", " ", claire.get(page).text)
    assert "2\u00a0fiches créées. 2\u00a0lignes laissées de côté" in shown
    assert f'href="/clients/{row.id}">Hôtel du Parc</a>' in shown
    rest = claire.get(f"{page}/a-corriger.csv").data.decode("utf-8-sig")
    assert [line.split(";")[0] for line in rest.splitlines()] == ["Raison sociale", "Faux Frères", "Parc bis"]
    assert "clé ne tombe pas juste" in rest
    cells = connect("probant_web", new_shop.id).execute(
        "SELECT count(*) FROM scratch.import_line WHERE result = 'made' AND cells <> '{}'"
    )
    assert cells.fetchone() == (0,)  # what they said stands in the ledger, and there only


def test_what_looks_double_is_made_when_it_is_wanted(new_shop, keeper, worked, names):
    claire = keeper(new_shop)
    page = sent(claire, "clients", CLIENTS)
    worked(jobs.judge_import, page)
    claire.submit(page, f"{page}/importer", doubles="1")
    worked(jobs.run_import, page)
    assert names() == ["Éditions Œuvrard", "Hôtel du Parc", "Parc bis"]


def test_an_import_is_undone_but_for_clients_with_documents(new_shop, keeper, worked, names, see):
    claire = keeper(new_shop)
    page = sent(claire, "clients", CLIENTS)
    worked(jobs.judge_import, page)
    claire.submit(page, f"{page}/importer")
    worked(jobs.run_import, page)
    new_shop.invoice(see(lambda tx: clients.page(tx, clients.Filter(q="hotel")))[0].id)
    claire.submit(page, f"{page}/defaire")
    for _ in range(2):
        worked(jobs.undo_import, page)
    assert (names(), names("archived")) == (["Hôtel du Parc"], ["Éditions Œuvrard"])
    shown = claire.get(page).text
    assert "1\u00a0fiche archivée, 1\u00a0gardée parce que des documents s’y rattachent" in shown


@pytest.mark.parametrize(("task", "before"), [(jobs.judge_import, ""), (jobs.run_import, "importer")])
def test_work_that_was_interrupted_goes_on_and_makes_nothing_twice(
    new_shop, keeper, worked, workshop, names, monkeypatch, task, before
):  # fmt: skip
    claire = keeper(new_shop)
    rows = "".join(f"Client {rank:03};;c{rank}@exemple.fr;;;;;\r\n" for rank in range(60))
    page = sent(claire, "clients", CLIENTS.splitlines()[0] + "\r\n" + rows)
    monkeypatch.setattr(jobs, "AT_ONCE", dict.fromkeys(jobs.AT_ONCE, 25))
    if before:
        worked(jobs.judge_import, page)
        claire.submit(page, f"{page}/{before}")
    stopping = Stopping(2)
    with pytest.raises(Interrupted):
        worked(task, page, replace(workshop, stopping=stopping))
    worked(task, page)
    if not before:
        claire.submit(page, f"{page}/importer")
        worked(jobs.run_import, page)
    assert names() == [f"Client {rank:03}" for rank in range(60)]


class Stopping(Event):
    """A worker that is told to end after so many looks."""

    def __init__(self, looks):
        super().__init__()
        self.looks = looks

    def is_set(self):
        self.looks -= 1
        return self.looks < 0


def test_a_command_whose_note_was_lost_is_the_same_command(new_shop, keeper, worked, names, connect):
    claire = keeper(new_shop)
    page = sent(claire, "clients", CLIENTS)
    worked(jobs.judge_import, page)
    claire.submit(page, f"{page}/importer")
    before = connect("probant_owner", new_shop.id)
    kept = before.execute("SELECT line, cells FROM scratch.import_line ORDER BY line").fetchall()
    worked(jobs.run_import, page)
    for line, cells in kept:  # as if the worker had been killed between the last command and its note
        before.execute(
            "UPDATE scratch.import_line SET result = '', made_id = NULL, cells = %s WHERE import_id = %s AND line = %s",
            (cells, id_of(page), line),
        )
    before.execute("UPDATE scratch.import SET state = 'running' WHERE id = %s", (id_of(page),))
    worked(jobs.run_import, page)
    assert names() == ["Éditions Œuvrard", "Hôtel du Parc"]
    assert "2\u00a0fiches créées" in claire.get(page).text


def test_a_worker_that_was_killed_left_nothing_to_be_made_twice(
    new_shop, keeper, worked, names, settings, tmp_path
):  # fmt: skip
    claire, hung = keeper(new_shop), tmp_path / "hung"
    rows = "".join(f"Client {rank:03};;c{rank}@exemple.fr;;;;;\r\n" for rank in range(30))
    page = sent(claire, "clients", CLIENTS.splitlines()[0] + "\r\n" + rows)
    worked(jobs.judge_import, page)
    claire.submit(page, f"{page}/importer")
    environ = os.environ | settings.environ() | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", KILLED, str(new_shop.id), id_of(page), str(hung)]
    with subprocess.Popen(command, env=environ, cwd=ROOT) as worker:
        while not hung.exists():
            assert worker.poll() is None
            time.sleep(0.1)
        worker.kill()
    assert names() == [f"Client {rank:03}" for rank in range(30)]  # made, and no note of it
    worked(jobs.run_import, page)
    assert names() == [f"Client {rank:03}" for rank in range(30)]
    assert "30\u00a0fiches créées" in claire.get(page).text


def test_other_columns_may_be_chosen_and_no_field_twice(new_shop, keeper, worked):
    claire = keeper(new_shop)
    page = sent(claire, "clients", "Truc;Machin\r\nHôtel du Parc;Rennes\r\n")
    worked(jobs.judge_import, page)
    assert "Aucune colonne n’est «\u00a0Nom ou raison sociale\u00a0»" in claire.get(page).text
    twice = claire.submit(page, f"{page}/colonnes", **{"column.0": "name", "column.1": "name"})
    assert twice.status_code == 422
    assert "Deux colonnes sont « Nom ou raison sociale »." in twice.text
    claire.submit(page, f"{page}/colonnes", **{"column.0": "name", "column.1": "city"})
    worked(jobs.judge_import, page)
    assert "Importer 1\u00a0client" in claire.get(page).text


def test_articles_come_with_their_price_vat_unit_and_account(new_shop, keeper, worked, see):
    claire = keeper(new_shop)
    page = sent(claire, "catalogue", ARTICLES)
    worked(jobs.judge_import, page)
    shown = claire.get(page).text
    for text in ("Ce n’est pas un nombre", "Un taux d’ici", "« brouette » n’est pas connue", "Un compte de vente"):
        assert text in shown, text
    claire.submit(page, f"{page}/importer")
    worked(jobs.run_import, page)
    rows = {row.reference: row for row in see(lambda tx: products.page(tx, products.Filter()))}
    facts = {
        ref: (f"{row.unit_price.normalize():f}", row.price_mode, row.vat_bp, row.unit, row.nature, row.account)
        for ref, row in rows.items()
    }
    assert facts == {
        "POSE": ("48.5", "net", 1000, "HUR", "services", "706"), "TAS": ("1234.5", "net", 2000, "MTR", "goods", "707"),
    }  # fmt: skip
    claire.submit(page, f"{page}/defaire")
    worked(jobs.undo_import, page)
    assert see(lambda tx: products.page(tx, products.Filter())) == []


def test_our_own_exports_come_back_as_duplicates(new_shop, keeper, worked):
    claire = keeper(new_shop)
    new_shop.client(
        "=Hôtel", "association", card={"email": "h@exemple.fr", "phone": "+33 2 99 00 00 01"}, tags=("a", "b")
    )
    new_shop.product("Pose", "48", reference="POSE", vat_bp=1000, unit="HUR")
    for kind, export in (("clients", "/clients.csv"), ("catalogue", "/catalogue.csv")):
        page = sent(claire, kind, claire.get(export).data)
        worked(jobs.judge_import, page)
        shown = claire.get(page).text
        assert "Existe déjà" in shown
        assert 'À corriger<span class="n">0</span>' in shown


def test_a_formula_stays_a_text_and_leaves_defused(new_shop, keeper, worked, names):
    claire = keeper(new_shop)
    page = sent(claire, "clients", 'Nom;Téléphone\r\n"=HYPERLINK(""http://x"")";+33 2 99\r\n@somme;-1\r\n')
    worked(jobs.judge_import, page)
    claire.submit(page, f"{page}/importer")
    worked(jobs.run_import, page)
    assert names() == ['=HYPERLINK("http://x")', "@somme"]
    exported = claire.get("/clients.csv").data.decode("utf-8-sig")
    assert "\"'=HYPERLINK" in exported
    assert ";'@somme" in exported
    assert ";'+33 2 99" in exported


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Ce fichier est vide"),
        (b"Nom\r\n", "Ce fichier est vide"),
        (b"PK\x03\x04rest of a workbook", "C’est un classeur"),
        (b"Nom\r\n" + b"A\r\n" * 100_001, "cent mille au plus"),
        (b"Nom;" * 101 + b"\r\nA\r\n", "100 au plus"),
    ],
    ids=["nothing", "heads only", "workbook", "lines", "columns"],
)
def test_what_is_no_table_is_refused_in_words(new_shop, keeper, content, said):
    answer = sent(keeper(new_shop), "clients", content)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'href="#file"' in answer.text


def test_a_file_sent_twice_is_one_and_one_thrown_away_leaves_nothing(new_shop, keeper, worked, names):
    claire = keeper(new_shop)
    form = claire.form("/clients/importer")
    pages = {
        claire.http.post("/clients/importer", data=form | {"file": (io.BytesIO(CLIENTS.encode()), "a.csv")}).location
        for _ in range(2)
    }
    (page,) = pages
    worked(jobs.judge_import, page)
    claire.submit(page, f"{page}/ecarter")
    assert claire.get(page).status_code == 404
    assert names() == []


def test_a_file_of_another_company_does_not_exist_here(new_shop, shop, keeper):
    page = sent(keeper(new_shop), "clients", CLIENTS)
    stranger = keeper(shop)
    for path in (page, f"{page}/a-corriger.csv"):
        assert stranger.get(path).status_code == 404
    for act in ("importer", "defaire", "ecarter", "colonnes"):
        assert stranger.post(f"{page}/{act}").status_code == 404
