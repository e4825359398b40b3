"""Walks of the office in a browser: the offer, cards merged and deleted, reminders, a catalogue in and out."""

import io
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from PIL import Image

from tests.browser.conftest import faults_in_all_looks
from tests.web.working import at_work
from web.imports.jobs import judge_import, run_import
from web.subscriptions import changes, rows

ARTICLES = "Désignation;Référence;Prix HT;TVA;Unité\r\nPose de parquet;POSE;48,50;10 %;Heure\r\n"


@pytest.fixture
def importer(app, settings, server):
    with at_work(settings, server, judge_import, run_import):
        yield


@pytest.fixture
def late(new_shop) -> UUID:
    """An invoice that is late by now, of a company."""
    client_id = new_shop.client("Hôtel du Parc", card={"siren": "552100554", "email": "compta@parc.example"})
    return new_shop.invoice(client_id, "Étagères", issued_on=new_shop.today - timedelta(days=1))


def subscribe(server, name: str, company_id: UUID) -> None:
    """The person `name` has had « Essentiel » by the month since today."""
    with psycopg.connect(server.uri("postgres")) as conn:
        (user_id,) = conn.execute("SELECT id FROM accounts.users WHERE username = %s", [name]).fetchone()
        subscription_id = changes.begin(conn, user_id, company_id, "essentiel", "month", rows.today())
        conn.execute(
            "INSERT INTO accounts.companies (company_id, subscription_id) VALUES (%s, %s)",
            [company_id, subscription_id],
        )


def test_an_offer_is_changed_and_given_up(page, sign_in, new_shop, server):
    name = sign_in(page, (new_shop.id, "owner"))
    page.get_by_role("link", name="Clients").first.wait_for()
    subscribe(server, name, new_shop.id)
    page.goto("/adhesions")
    assert faults_in_all_looks(page) == []
    page.get_by_role("button", name="J’accepte cette version").click()
    page.get_by_text("Votre accord est enregistré.").wait_for()
    page.get_by_role("radio", name="Cabinet, 39,00").check()
    page.get_by_role("button", name="Prendre cette offre").click()
    page.get_by_text("Offre Cabinet, par mois, à compter du").wait_for()
    assert faults_in_all_looks(page) == []
    page.get_by_role("button", name="Mettre fin au").click()
    page.get_by_text("Adhésion close au").wait_for()
    page.get_by_text("L’adhésion prendra fin le").wait_for()
    assert faults_in_all_looks(page) == []
    page.goto("/conditions-generales")
    assert faults_in_all_looks(page) == []


def test_two_cards_become_one_and_a_useless_one_is_deleted(page, sign_in, new_shop):
    stays = new_shop.client("Hôtel du Parc", card={"siren": "552100554"})
    new_shop.client("Hotel du parc", card={"siren": "552100554"})
    useless = new_shop.client("Garage Thévenin", prospect=True)
    sign_in(page, (new_shop.id, "owner"))
    page.goto(f"/clients/{stays}")
    page.get_by_role("link", name="Fusionner les deux fiches…").click()
    assert faults_in_all_looks(page) == []
    page.get_by_role("button", name="Fusionner dans la fiche choisie").click()
    page.get_by_role("heading", name="Vie du client").wait_for()
    page.goto("/clients?etat=archives")
    assert page.get_by_text("parc").count()
    page.goto(f"/clients/{useless}")
    assert faults_in_all_looks(page) == []
    page.get_by_role("button", name="Supprimer ce client").click()
    page.get_by_text("Client supprimé").first.wait_for()
    assert "Thévenin" not in page.get_by_role("main").inner_text()


def test_a_late_invoice_is_put_on_notice_then_disputed(page, sign_in, new_shop, late):
    sign_in(page, (new_shop.id, "owner"))
    page.goto(f"/factures/{late}/mise-en-demeure")
    assert faults_in_all_looks(page) == []
    page.get_by_role("button", name="Établir la lettre").click()
    page.get_by_text("Mise en demeure établie et inscrite au registre.").wait_for()
    assert faults_in_all_looks(page) == []
    page.goto(f"/factures/{late}/relances/suspendre")
    page.get_by_role("radio", name="Litige").check()
    assert faults_in_all_looks(page) == []
    page.get_by_role("button", name="Suspendre les relances").click()
    page.get_by_text("itige").first.wait_for()
    page.goto("/reglages/relances")
    page.get_by_role("radio", name="Probant, chaque matin").check()
    page.get_by_role("button", name="Enregistrer les réglages").click()
    page.get_by_role("status").first.wait_for()
    assert faults_in_all_looks(page) == []


def test_a_catalogue_comes_in_and_goes_out_as_csv(page, sign_in, new_shop, importer):
    sign_in(page, (new_shop.id, "owner"))
    page.goto("/catalogue/importer")
    assert faults_in_all_looks(page) == []
    file = {"name": "articles.csv", "mimeType": "text/csv", "buffer": ARTICLES.encode("utf-8-sig")}
    page.get_by_label("Fichier CSV").set_input_files(file)
    page.get_by_role("button", name="Lire le fichier").click()
    page.get_by_role("heading", name="Colonnes").wait_for(timeout=30_000)
    assert faults_in_all_looks(page) == []
    page.get_by_role("button", name="Importer").last.click()
    page.get_by_text("1 fiche créée").wait_for(timeout=30_000)
    page.goto("/catalogue")
    page.get_by_text("Pose de parquet").wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="Exporter").click()
    assert "Pose de parquet" in download.value.path().read_text(encoding="utf-8-sig")


def test_a_person_takes_her_data_and_gives_a_logo(page, sign_in, new_shop):
    sign_in(page, (new_shop.id, "owner"))
    page.goto("/compte/")
    with page.expect_download() as download:
        page.get_by_role("button", name="Copie en PDF").click()
    assert download.value.suggested_filename == "mes-donnees.pdf"
    picture = io.BytesIO()
    Image.new("RGB", (300, 100), "#0c6b4f").save(picture, "PNG")
    page.goto("/reglages")
    page.get_by_label("Image PNG ou JPEG").set_input_files(
        {"name": "logo.png", "mimeType": "image/png", "buffer": picture.getvalue()}
    )
    page.get_by_role("button", name="Enregistrer le logo").click()
    page.get_by_role("img", name="Votre logo").wait_for()
    assert faults_in_all_looks(page) == []
