"""What a person does for the safety of her account, to its end, with links out of mails that a server really took."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, faults_in_all_looks

NEW, LAST = "une autre phrase assez longue", "encore une phrase, la derniere"
IBAN = "FR1420041010050500013M02606"


def come_in(page: Page, name: str, password: str) -> None:
    page.goto("/connexion")
    page.get_by_label("Nom d’utilisateur ou adresse e-mail").fill(name)
    page.get_by_label("Mot de passe").fill(password)
    page.get_by_role("button", name="Se connecter", exact=True).click()


def inside(page: Page, name: str) -> None:
    expect(page.get_by_role("button", name=f"{name}, votre compte")).to_be_visible()


def outside(page: Page) -> None:
    page.goto("/compte/")
    expect(page.get_by_role("heading", name="Connexion")).to_be_visible()


def choose(page: Page, password: str) -> None:
    page.get_by_label("Nouveau mot de passe", exact=True).fill(password)
    page.get_by_label("Nouveau mot de passe, à nouveau").fill(password)


@pytest.fixture
def follow(posted, base_url) -> Callable[[Page, str], None]:
    """`follow(page, address)`: the link of the last mail that came to that address."""

    def there(page: Page, address: str) -> None:
        text = posted(address)[-1].get_body(("plain",)).get_content()
        page.goto(re.sub(r"^https?://[^/]+", base_url, re.search(r"https?://\S+", text)[0]))

    return there


def test_a_forgotten_password_is_chosen_anew_and_ends_the_session_elsewhere(window, sign_in, new_shop, follow):
    elsewhere, page = window(), window(width=360)
    name = sign_in(elsewhere, (new_shop.id, "owner"))
    page.goto("/connexion")
    page.get_by_role("link", name="Mot de passe oublié").click()
    page.get_by_label("Nom d’utilisateur ou adresse e-mail").fill(name)
    assert faults_in_all_looks(page) == []
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("heading", name="Relevez votre courrier")).to_be_visible()
    follow(page, f"{name}@exemple.fr")
    assert faults_in_all_looks(page) == []
    choose(page, "motdepasse123")
    page.get_by_role("button", name="Changer le mot de passe").click()
    expect(page.get_by_text("trop courant").first).to_be_visible()
    choose(page, NEW)
    page.get_by_role("button", name="Changer le mot de passe").click()
    expect(page.get_by_text("toutes vos sessions sont closes")).to_be_visible()
    outside(elsewhere)
    come_in(page, name, NEW)
    inside(page, name)


def test_a_changed_password_and_a_closed_session_end_what_is_open_elsewhere(window, sign_in, new_shop):
    page, elsewhere = window(), window()
    name = sign_in(page, (new_shop.id, "owner"))
    come_in(elsewhere, name, PASSWORD)
    inside(elsewhere, name)
    page.goto("/compte/")
    page.get_by_role("region", name="Sessions").get_by_role("button", name=re.compile("^Fermer la session")).click()
    expect(page.get_by_text("l’appareil devra se connecter de nouveau")).to_be_visible()
    outside(elsewhere)
    come_in(elsewhere, name, PASSWORD)
    form = page.get_by_role("form", name="Mot de passe", exact=True)
    form.get_by_label("Mot de passe actuel").fill(PASSWORD)
    form.get_by_label("Nouveau mot de passe").fill(NEW)
    form.get_by_label("Nouveau, à nouveau").fill(NEW)
    form.get_by_role("button", name="Changer le mot de passe").click()
    expect(page.get_by_text("Vos autres sessions sont fermées")).to_be_visible()
    outside(elsewhere)
    come_in(elsewhere, name, NEW)
    inside(elsewhere, name)


def test_an_address_is_changed_and_taken_back_by_the_old_one(window, sign_in, new_shop, follow):
    page, other = window(), f"n-{uuid4().hex[:8]}@exemple.fr"
    name = sign_in(page, (new_shop.id, "owner"))
    page.goto("/compte/")
    form = page.get_by_role("form", name="Adresse e-mail")
    form.get_by_label("Nouvelle adresse").fill(other)
    form.get_by_label("Mot de passe actuel").fill(PASSWORD)
    form.get_by_role("button", name="Envoyer la confirmation").click()
    expect(page.get_by_text(f"Un message est parti à {other}")).to_be_visible()
    follow(page, other)
    assert faults_in_all_looks(page) == []
    page.get_by_role("button", name="Confirmer cette adresse").click()
    expect(page.get_by_text(f"Votre adresse est désormais {other}")).to_be_visible()
    victim = window("dark", 360)
    follow(victim, f"{name}@exemple.fr")
    expect(victim.get_by_role("heading", name="Rétablir l’adresse")).to_be_visible()
    assert faults_in_all_looks(victim) == []
    choose(victim, LAST)
    victim.get_by_role("button", name="Rétablir cette adresse").click()
    expect(victim.get_by_text(f"de nouveau à l’adresse {name}@exemple.fr")).to_be_visible()
    outside(page)
    come_in(victim, f"{name}@exemple.fr", LAST)
    inside(victim, name)


def test_an_account_is_deleted_to_the_end(page, sign_in, new_shop, posted):
    name = sign_in(page, (new_shop.id, "owner"))
    page.goto("/compte/")
    page.get_by_role("link", name="Supprimer mon compte…").click()
    page.get_by_label("Mot de passe actuel").fill(PASSWORD)
    page.get_by_label("Mes archives sont à l’abri").check()
    page.get_by_role("button", name="Supprimer mon compte").click()
    expect(page.get_by_text("Votre compte est supprimé")).to_be_visible()
    come_in(page, name, PASSWORD)
    expect(page.get_by_text("Nom ou mot de passe inconnu")).to_be_visible()
    assert "supprimé" in posted(f"{name}@exemple.fr")[-1]["Subject"]


def test_another_iban_asks_for_the_password_and_stands_on_every_page(page, sign_in, new_shop):
    name = sign_in(page, (new_shop.id, "owner"))
    page.goto("/reglages")
    page.get_by_label("IBAN").fill(IBAN)
    page.get_by_role("button", name="Enregistrer l’identité").click()
    expect(page.get_by_role("heading", name="Votre mot de passe")).to_be_visible()
    assert faults_in_all_looks(page) == []
    page.get_by_label("Mot de passe actuel").fill(PASSWORD)
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_text("Identité enregistrée")).to_be_visible()
    page.goto("/clients")
    expect(page.get_by_role("region", name="IBAN changé")).to_contain_text(name)
    assert faults_in_all_looks(page) == []


def test_an_inspector_is_invited_by_mail_and_her_access_is_closed(window, sign_in, new_shop, follow):
    page, guest, name = window(), window("dark", 360), f"Agent-{uuid4().hex[:6]}"
    sign_in(page, (new_shop.id, "owner"))
    page.goto("/controle/")
    page.get_by_role("link", name="Ouvrir un accès").click()
    assert faults_in_all_looks(page) == []
    page.get_by_label("Adresse e-mail").fill(f"{name}@exemple.fr")
    page.get_by_label("Jusqu’au").fill((new_shop.today + timedelta(days=5)).isoformat())
    page.get_by_role("button", name="Envoyer l’invitation").click()
    page.get_by_label("Mot de passe actuel").fill(PASSWORD)
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_text("invitation à accepter avant")).to_be_visible()
    assert faults_in_all_looks(page) == []
    follow(guest, f"{name}@exemple.fr")
    guest.get_by_label("Nom d’utilisateur").fill(name)
    guest.get_by_label("Mot de passe", exact=True).fill(NEW)
    guest.get_by_label("Mot de passe, à nouveau").fill(NEW)
    guest.get_by_label("J’accepte les conditions générales").check()
    guest.get_by_role("button", name="Ouvrir mon compte et entrer").click()
    expect(guest.get_by_text("Bienvenue")).to_be_visible()
    page.reload()
    page.get_by_role("button", name=f"Fermer l’accès de {name}").click()
    page.get_by_label("Mot de passe actuel").fill(PASSWORD)
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_text("Accès fermé")).to_be_visible()
    guest.goto("/factures")
    expect(guest.get_by_text("Aucune société ne vous est ouverte")).to_be_visible()
