"""From the offers to a first draft, as somebody who has nothing but a browser and an address."""

import re
from uuid import uuid4

from tests.browser.conftest import PASSWORD, faults_in_all_looks
from tests.web.subscribing import new_siren
from tests.web.working import at_work
from web.first_run.opening import open_company


def link_in(message) -> str:
    return re.search(r"https?://\S+", message.get_body(("plain",)).get_content().strip().splitlines()[-1])[0]


def test_from_the_offers_to_a_first_draft(window, posted, settings, server, base_url):
    page, name = window(width=360), f"n-{uuid4().hex[:12]}"
    page.goto("/nos-offres")
    assert faults_in_all_looks(page) == []
    page.set_viewport_size({"width": 360, "height": 800})
    page.get_by_role("link", name="Choisir Essentiel").click()
    page.get_by_label("Nom d’utilisateur").fill(name)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_label("Mot de passe, à nouveau").fill(PASSWORD)
    page.get_by_label("Adresse e-mail", exact=True).fill(f"{name}@exemple.fr")
    page.get_by_label("Adresse e-mail, à nouveau").fill(f"{name}@EXEMPLE.fr")
    page.get_by_label("J’accepte les conditions générales").check()
    assert faults_in_all_looks(page) == []
    page.get_by_role("button", name="Ouvrir mon compte").click()
    page.get_by_role("heading", name="Relevez votre courrier").wait_for()

    (message,) = posted(f"{name}@exemple.fr")
    page.goto(link_in(message).replace("http://localhost", base_url))
    page.get_by_label("Mot de passe choisi à l’inscription").fill(PASSWORD)
    assert faults_in_all_looks(page) == []
    page.get_by_role("button", name="Confirmer et continuer").click()

    page.get_by_role("heading", name="Votre société").wait_for()
    siren = new_siren()
    page.get_by_label("SIREN", exact=True).fill("123 456 789")
    page.get_by_label("Forme juridique").select_option("SAS")
    page.get_by_label("Nom ou raison sociale").fill("Ferronnerie Aubin")
    page.get_by_label("Capital social").fill("5 000")
    page.get_by_label("Ville du RCS").fill("Rennes")
    page.get_by_label("Rue").fill("8, quai Lamennais")
    page.get_by_label("Code postal").fill("35000")
    page.get_by_label("Ville", exact=True).fill("Rennes")
    page.get_by_role("button", name="Ouvrir ma société").click()
    page.get_by_text("Sa clé ne tombe pas juste").first.wait_for()
    assert page.get_by_label("Rue").input_value() == "8, quai Lamennais"
    assert faults_in_all_looks(page) == []
    page.get_by_label("SIREN", exact=True).fill(siren)
    page.get_by_role("button", name="Ouvrir ma société").click()
    page.get_by_text("Le registre s’ouvre").wait_for()
    assert faults_in_all_looks(page) == []
    with at_work(settings, server, open_company):
        page.get_by_role("button", name="Continuer").click()  # it appears by itself
    assert faults_in_all_looks(page) == []
    page.get_by_role("link", name="Plus tard").click()
    page.goto("/adhesions")
    page.get_by_role("heading", name="Offre Essentiel").wait_for()
    assert faults_in_all_looks(page) == []
    page.goto("/clients/nouveau")
    page.locator("#name").fill("Hôtel du Lac")
    page.get_by_role("button", name="Créer le client").click()
    page.get_by_role("heading", name="Hôtel du Lac").wait_for()
    page.goto("/factures/nouvelle")
    page.get_by_label("Client", exact=True).select_option(label="Hôtel du Lac")
    page.get_by_label("Désignation, ligne 1").fill("Portail en fer forgé")
    page.locator('[name="lines.1.unit_price"]').fill("1 200")
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    page.wait_for_url(re.compile("/factures/[0-9a-f-]{36}"))


def test_the_pages_of_the_door_are_accessible(window):
    page = window()
    for path in (
        "/conditions-generales",
        "/mot-de-passe/oublie",
        "/mot-de-passe/message",
        "/mot-de-passe/x",
        "/inscription/message",
    ):
        page.goto(path)
        assert faults_in_all_looks(page) == [], path
