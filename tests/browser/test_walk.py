"""The main job, once by mouse and once by keyboard only: from signing in to the paid invoice, then the proof."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Error, Locator, Page

from tests.browser.conftest import PASSWORD
from web.accounts import store

NAMED = """() => {
  const here = document.activeElement;
  const label = here.labels && here.labels.length ? here.labels[0].innerText : "";
  return [here.tagName, here.getAttribute("aria-label") || label || here.innerText || ""].join(" ").trim();
}"""


class Mouse:
    """A person who clicks."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).first.fill(text)

    def choose(self, label: str, option: str) -> None:
        self.page.get_by_label(label, exact=True).first.select_option(label=option)

    def press(self, name: str) -> None:
        self._act("button", name).click()

    def follow(self, name: str) -> None:
        self._act("link", name).click()

    def _act(self, role: str, name: str) -> Locator:
        return self.page.locator("main, dialog").get_by_role(role, name=name).first  # type: ignore[arg-type]


class Keyboard:
    """A person without a mouse: Tab until the thing has the focus, then keys."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def fill(self, label: str, text: str) -> None:
        self._reach("(INPUT|TEXTAREA)", label)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def choose(self, label: str, option: str) -> None:
        self._reach("SELECT", label)
        self.page.keyboard.type(option)

    def press(self, name: str) -> None:
        self._reach("BUTTON", name)
        self.page.keyboard.press("Enter")

    def follow(self, name: str) -> None:
        self._reach("A", name)
        self.page.keyboard.press("Enter")

    def _reach(self, tag: str, name: str) -> None:
        wanted = re.compile(rf"{tag} {re.escape(name)}")
        for _ in range(150):
            if wanted.match(self._focused()):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{tag} {name} is out of the keyboard's reach on {self.page.url}")

    def _focused(self) -> str:
        try:
            return " ".join(self.page.evaluate(NAMED).split())
        except Error:  # the page is changing under the key just pressed
            self.page.wait_for_load_state()
            return ""


@pytest.fixture
def claire(web_pool, new_shop) -> str:
    """The name of an owner."""
    name = f"u-{uuid4().hex[:12]}"
    store.grant(web_pool, store.create_user(web_pool, name, f"{name}@exemple.fr", PASSWORD), new_shop.id, "owner")
    return name


@pytest.mark.parametrize("hand", [Mouse, Keyboard])
def test_from_signing_in_to_the_paid_invoice(
    page, new_shop, claire, settings, hand: Callable[[Page], Mouse | Keyboard]
):
    person = hand(page)
    page.goto("/connexion")
    person.fill("Nom d’utilisateur ou adresse e-mail", claire)
    person.fill("Mot de passe", PASSWORD)
    person.press("Se connecter")
    page.wait_for_url("**/")

    page.goto("/clients/nouveau")
    person.fill("Nom ou raison sociale", "Hôtel du Parc")
    person.fill("SIREN", "552 100 554")
    person.fill("Rue", "2 rue des Lices")
    person.fill("Code postal", "35000")
    person.fill("Ville", "Rennes")
    person.press("Créer")
    page.get_by_role("heading", name="Hôtel du Parc").wait_for()

    person.follow("Nouveau devis")
    page.wait_for_url("**/devis/nouveau**")
    person.fill("Objet", "Agencement")
    person.fill("Désignation, ligne 1", "Banque d’accueil")
    person.fill("Quantité, ligne 1", "2")
    person.fill("Prix unitaire HT, ligne 1", "3480")
    page.locator("#totaux .ttc", has_text="8 352,00".replace(" ", "\u00a0")).wait_for()
    person.press("Enregistrer le brouillon")
    page.wait_for_url(re.compile("/devis/[0-9a-f-]{36}"))
    page.goto(page.url.partition("/modifier")[0])
    person.follow("Envoyer…")
    person.press("Je le remets moi-même")
    page.get_by_role("button", name="Accepté").wait_for()
    person.press("Accepté")
    page.get_by_role("button", name="Facturer").first.wait_for()
    person.press("Facturer")
    page.wait_for_url(re.compile("/factures/[0-9a-f-]{36}"))
    page.goto(page.url.partition("/modifier")[0] + "/emettre")
    person.press("Émettre la facture F")
    page.get_by_role("heading", name="Vie du document").wait_for()

    invoice = page.url
    page.get_by_role("link", name="Télécharger l’original").wait_for()
    paper = page.request.get(f"{invoice}.pdf")
    assert (paper.status, paper.body()[:5]) == (200, b"%PDF-")
    person.follow("Encaisser")
    page.get_by_role("button", name="Enregistrer le règlement").wait_for()
    person.press("Enregistrer le règlement")
    page.get_by_role("button", name="Enregistrer le règlement").wait_for(state="detached")
    page.goto(invoice)
    assert page.locator("main").get_by_text("Payée").first.is_visible()
    page.goto("/")
    assert "8\u00a0352,00\u00a0€" in page.locator("main").inner_text()

    command = [sys.executable, "-c", "from web.cli import main; main()", "verify", "--company", str(new_shop.id)]
    environment = os.environ | {"PROBANT_DATA": str(settings.data)}
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (told.returncode, "Registre intact." in told.stdout) == (0, True), told
