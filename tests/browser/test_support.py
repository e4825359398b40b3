"""Help, a request with its mails both ways through a real mail server, the console and the ideas, in a browser."""

from dataclasses import replace
from urllib.parse import quote, urlsplit
from uuid import uuid4

import pytest

from tests.browser.conftest import INSIDE, faults_in_all_looks
from tests.web.support.conftest import SUPPORT, letter
from web.support.mail_in import taken


@pytest.fixture
def house(app, monkeypatch):
    """An installation that takes mails."""
    house = replace(app.extensions["settings"], support_mail=SUPPORT, mail_from="factures@probant.example")
    monkeypatch.setitem(app.extensions, "settings", house)
    return house


def test_help_is_found_and_read_without_an_account(page):
    page.goto("/aide/")
    page.get_by_role("searchbox", name="Chercher dans l’aide").fill("ECHEANCE calculee")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("heading", name="« ECHEANCE calculee »").wait_for()
    page.get_by_role("link", name="Conditions de paiement").first.click()
    page.get_by_role("heading", name="Conditions de paiement", level=1).wait_for()
    page.get_by_role("link", name="Registre et preuve").click()
    page.get_by_role("heading", name="Avec un shell, sans nous").wait_for()
    assert faults_in_all_looks(page) == []
    page.get_by_role("link", name="Aide", exact=True).first.click()
    assert faults_in_all_looks(page) == []
    page.get_by_role("link", name="Nous écrire").first.click()
    page.get_by_label("Votre nom").fill("Jeanne Roy")
    page.get_by_label("Votre adresse e-mail").fill("jeanne@")
    page.get_by_label("Objet").fill("Une question")
    page.get_by_label("Message", exact=True).fill("Bonjour")
    page.locator("form.sheet").evaluate("form => { form.noValidate = true }")
    page.get_by_role("button", name="Envoyer").click()
    page.get_by_role("alert").first.wait_for()
    assert faults_in_all_looks(page) == []
    page.get_by_label("Votre adresse e-mail").fill("jeanne@exemple.fr")
    page.get_by_role("button", name="Envoyer").click()
    page.get_by_text("La réponse viendra à jeanne@exemple.fr.").wait_for()


def test_a_request_goes_both_ways_by_page_and_by_mail(window, sign_in, come_as_operator, house, shop, posted, job_pool):
    asker, console = window(), window()
    name = sign_in(asker, (shop.id, "owner"))
    asker.wait_for_url(INSIDE)
    asker.goto("/clients")
    asker.get_by_role("link", name="Aide", exact=True).first.click()
    asker.get_by_role("heading", name="Clients et prospects").wait_for()
    assert faults_in_all_looks(asker) == []
    asker.set_viewport_size({"width": 360, "height": 800})
    asker.get_by_role("link", name="Écrivez-nous").click()
    asker.get_by_label("Objet").fill(subject := f"Logo flou {uuid4().hex[:6]}")
    asker.get_by_label("Message", exact=True).fill("Que faire ?")
    asker.get_by_role("button", name="Envoyer").click()
    asker.get_by_role("heading", name=subject).wait_for()
    assert subject in posted(f"{name}@exemple.fr")[0].get_body(("plain",)).get_content()
    come_as_operator(console)
    console.goto("/operateur/demandes/")  # by search: other tests left theirs, and who waited longest comes first
    console.get_by_role("searchbox", name="Rechercher dans la liste").fill(subject)
    console.get_by_role("link", name=subject).click()
    console.get_by_label("Réponse", exact=True).fill("Une image plus grande.")
    console.get_by_role("button", name="Répondre", exact=True).click()
    console.get_by_text(f"Réponse envoyée à {name}@exemple.fr.").wait_for()
    (answer,) = posted(f"{name}@exemple.fr")
    reply = letter(f"{name}@exemple.fr", "C’est mieux, merci.")
    reply.replace_header("To", answer["Reply-To"])
    with job_pool.connection() as conn:
        assert taken(conn, house, reply.as_bytes()).startswith("Ajouté")
    asker.goto(urlsplit(answer.get_body(("plain",)).get_content().split()[-1]).path)
    asker.get_by_text("C’est mieux, merci.").wait_for()
    asker.get_by_text("Une image plus grande.").wait_for()
    assert faults_in_all_looks(asker) == []
    console.goto(f"/operateur/demandes/?q={quote(subject)}")
    console.get_by_role("link", name=subject).click()
    console.get_by_text("C’est mieux, merci.").wait_for()
    assert faults_in_all_looks(console) == []
    asker.get_by_role("button", name="C’est réglé").click()
    asker.get_by_text("Demande close.").wait_for()
    assert faults_in_all_looks(asker) == []


def test_the_console_and_the_ideas_are_accessible(page, sign_in, come_as_operator, shop):
    come_as_operator(page)
    page.goto("/idees/nouvelle")
    assert faults_in_all_looks(page) == []
    page.get_by_label("En une phrase").fill(title := f"Exporter en XLSX {uuid4().hex[:6]}")
    page.get_by_role("button", name="Proposer").click()
    page.get_by_role("heading", name=title).wait_for()
    assert faults_in_all_looks(page) == []
    page.goto("/operateur/annonces/")
    page.get_by_label("Titre").fill("Interruption dimanche")
    page.get_by_label("Message").fill("De 8 h à 9 h.")
    page.get_by_role("button", name="Publier").click()
    page.get_by_role("button", name="J’ai lu").wait_for()
    for path in ("annonces", "demandes", "societes", "sante", "idees"):
        page.goto(f"/operateur/{path}/")
        assert faults_in_all_looks(page) == [], path
    page.get_by_role("link", name=title).click()
    assert faults_in_all_looks(page) == []
    page.get_by_role("button", name="J’ai lu").click()
    page.goto("/operateur/annonces/")
    page.get_by_role("button", name="Retirer").click()
    page.get_by_text("Annonce retirée.").wait_for()
    page.goto("/nouveautes")
    assert page.get_by_role("button", name="J’ai lu").count() == 0
    assert faults_in_all_looks(page) == []
