"""Recurrences, imports and duplicates in a browser: accessible in all looks, and two walks."""

from uuid import uuid4

from domain.content import Content
from domain.recurring import Plan
from domain.schedule import Schedule
from ledger.commands import recurring as commands
from tests.browser.conftest import faults_in_all_looks
from tests.web.shop import LINE
from tests.web.test_imports import CLIENTS
from tests.web.working import at_work
from web.imports.jobs import judge_import, run_import, undo_import
from web.jobs.recurring import bill_recurring


def define(shop, **facts):
    recurring_id = uuid4()
    content = Content(client_id=shop["hotel"], subject="Entretien", lines=facts.pop("lines", (LINE,)))
    plan = Plan(content=content, schedule=Schedule(first_on=shop.today), **facts)
    shop.do(commands.define_recurring, recurring_id=recurring_id, plan=plan)
    return recurring_id


def test_every_screen_of_recurrences_is_accessible(page, sign_in, new_shop, settings, server):
    shop = new_shop.fill()
    one, refused = define(shop, issue=True, indexation_bp=250), define(shop, issue=True, lines=())
    twin = shop.client("Parc Hôtel", card={"siren": "552100554"})
    sign_in(page, (shop.id, "owner"))
    with at_work(settings, server, bill_recurring):
        page.goto(f"/recurrences/{refused}")
        while not page.get_by_text("Pour émettre, il manque").count():
            page.wait_for_timeout(200)
            page.reload()
    for path in (
        "/", "/recurrences", f"/recurrences/{one}", f"/recurrences/{one}/modifier", "/clients/doublons",
        f"/clients/{shop['hotel']}", f"/clients/{shop['hotel']}/fusionner?avec={twin}", "/clients/importer",
    ):  # fmt: skip
        page.goto(path)
        assert faults_in_all_looks(page) == [], path


def test_a_subscription_is_written_paused_and_resumed(page, sign_in, new_shop):
    new_shop.client("Hôtel du Parc", card={"siren": "552100554"})
    sign_in(page, (new_shop.id, "owner"))
    page.goto("/recurrences")
    page.keyboard.press("n")
    page.wait_for_url("**/recurrences/nouvelle")
    assert not page.get_by_label("Nombre de mois").is_visible()
    page.get_by_label("Facturer").select_option("Tous les … mois")
    page.get_by_label("Nombre de mois").fill("2")
    page.get_by_label("Client", exact=True).select_option("Hôtel du Parc, Rennes")
    page.get_by_label("Objet").fill("Entretien du fonds")
    page.get_by_label("Désignation, ligne 1").fill("Entretien")
    page.get_by_label("Prix unitaire HT, ligne 1").fill("400")
    page.get_by_text("480,00").wait_for()
    page.get_by_role("button", name="Enregistrer la récurrence").click()
    page.get_by_role("heading", name="Entretien du fonds").wait_for()
    assert page.get_by_text("2 400,00 € HT par an".replace(" ", "\u00a0", 1)).is_visible()
    page.get_by_role("button", name="Mettre en pause").click()
    page.get_by_text("rien n’est facturé jusqu’à sa reprise").wait_for()
    page.get_by_role("button", name="Reprendre").click()
    page.get_by_text("Récurrence reprise").first.wait_for()


def test_a_file_of_clients_is_sent_seen_made_and_undone(page, sign_in, new_shop, settings, server, tmp_path):
    file = tmp_path / "clients.csv"
    file.write_text(CLIENTS, encoding="cp1252")
    sign_in(page, (new_shop.id, "owner"))
    with at_work(settings, server, judge_import, run_import, undo_import):
        page.goto("/clients")
        page.get_by_role("link", name="Importer").click()
        page.get_by_label("Fichier CSV").set_input_files(file)
        page.get_by_role("button", name="Lire le fichier").click()
        button = page.get_by_role("button", name="Importer 2\u00a0clients")
        button.wait_for(timeout=30_000)
        assert faults_in_all_looks(page) == []
        button.click()
        page.get_by_role("heading", name="Import terminé").wait_for(timeout=30_000)
        assert faults_in_all_looks(page) == []
        page.get_by_role("button", name="Défaire cet import").click()
        page.get_by_role("heading", name="Import défait").wait_for(timeout=30_000)
    page.goto("/clients")
    assert page.get_by_text("Aucun client pour l’instant").is_visible()
