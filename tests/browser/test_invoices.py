from uuid import uuid4

import pytest
from playwright.sync_api import Route, expect

from domain.content import Content
from domain.parties import Address, Card
from ledger.commands import invoices
from tests.browser.conftest import faults, faults_in_all_looks
from tests.web.shop import LINE


def test_invoices_in_other_states_are_accessible(page, sign_in, shop):
    sign_in(page, (shop.id, "owner"))
    correction, corrected = uuid4(), shop.invoice(shop["town"], "À reprendre", issued_on=shop.today)
    shop.do(invoices.draft_credit_note, credit_note_id=correction, invoice_id=corrected)
    for path in (
        f"/factures/{correction}/emettre", "/factures?du=2026-01-01", "/factures?q=introuvable",
        f"/factures/{shop['draft']}", f"/factures/{shop['late']}/abandonner", f"/factures/{shop['credit_note']}",
        f"/factures/{shop['deposit']}/modifier",
    ):  # fmt: skip
        page.goto(path)
        assert faults_in_all_looks(page) == [], path


def test_an_invoice_is_made_and_issued_by_keyboard_alone(page, sign_in, shop):
    sign_in(page, (shop.id, "owner"))
    page.goto("/factures/nouvelle")
    page.get_by_label("Client", exact=True).select_option(label="Hôtel du Parc, Rennes")
    page.get_by_role("checkbox", name="Jeanne Roux").wait_for()
    page.get_by_label("Objet").fill("Au clavier")
    page.get_by_label("Désignation, ligne 1").focus()
    write = page.keyboard.type
    write("Première")
    page.locator('[name="lines.1.quantity"]').focus()
    write("2")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    write("100")
    page.keyboard.press("Enter")
    write("+")
    write("frene")
    page.keyboard.press("Enter")
    write("3")
    page.keyboard.press("Enter")
    write("Troisième")
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator('[name="lines.2.label"]')).to_have_value("Troisième")
    assert page.evaluate("document.activeElement.name") == "lines.2.label"
    page.locator("#totaux .ttc", has_text="585,60").wait_for()
    assert page.locator("#somme-3").inner_text() == "288,00\u00a0€"
    page.locator("#enregistre", has_text="Enregistré à").wait_for()
    page.get_by_role("button", name="Émettre la facture…").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Émettre la facture F").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Vie du document").wait_for()
    assert page.get_by_role("status").first.inner_text().startswith("F20")
    assert page.locator(".paper-lines tbody tr").count() == 3
    assert faults(page) == []


def test_keys_typed_before_the_server_answers_are_not_lost(page, sign_in, shop):
    sign_in(page, (shop.id, "owner"))
    page.goto("/factures/nouvelle")
    awaited: list[Route] = []

    def wait(route: Route) -> None:
        awaited.append(route)

    page.route("**/articles", wait)
    page.get_by_label("Désignation, ligne 1").focus()
    write, press = page.keyboard.type, page.keyboard.press
    write("+frene")
    press("Enter")
    write("34")
    press("Backspace")
    press("Tab")
    press("Tab")
    write("200")
    press("Enter")
    write("Suite")
    press("Alt+ArrowUp")
    assert page.evaluate("document.activeElement.name") == "q_article"
    assert page.get_by_label("Chercher dans le catalogue").input_value() == "frene"
    for route in awaited:
        route.continue_()
    page.unroute("**/articles")
    expect(page.locator('[name="lines.1.label"]')).to_have_value("Suite")
    label, quantity, price = (
        page.locator(f'[name="lines.2.{part}"]').input_value() for part in ("label", "quantity", "unit_price")
    )
    assert (label.startswith("Habillage mural"), quantity, price) == (True, "3", "200")
    assert page.evaluate("document.activeElement.name") == "lines.1.label"


def test_an_invoice_is_made_and_issued_without_script(window, sign_in, shop):
    page = window(java_script_enabled=False)
    sign_in(page, (shop.id, "owner"))
    page.goto("/factures/nouvelle")
    page.locator("#client_id").select_option(label="Hôtel du Parc, Rennes")
    page.get_by_role("button", name="Du catalogue").click()
    page.get_by_role("button", name="Pose et réglages").click()
    page.locator('[name="lines.2.label"]').fill("Fournitures")
    page.locator('[name="lines.2.unit_price"]').fill("1 250,40")
    page.get_by_role("button", name="Monter la ligne 2").click()
    assert page.locator('[name="lines.1.label"]').input_value() == "Fournitures"
    page.get_by_role("button", name="Enregistrer le brouillon").last.click()
    page.get_by_role("link", name="Émettre…").click()
    page.get_by_role("button", name="Émettre la facture F").click()
    assert "est émise" in page.get_by_role("status").inner_text()


def test_what_was_typed_and_not_saved_is_offered_again(page, sign_in, shop):
    sign_in(page, (shop.id, "owner"))
    page.goto("/factures/nouvelle")
    page.get_by_label("Objet").fill("Interrompue")
    page.locator("#enregistre", has_text="Enregistré à").wait_for()
    page.goto("/factures")
    page.goto("/factures/nouvelle")
    page.get_by_role("link", name="Reprendre la saisie").click()
    assert page.get_by_label("Objet").input_value() == "Interrompue"


def test_a_new_client_comes_back_into_the_invoice_with_what_was_typed(page, sign_in, shop):
    sign_in(page, (shop.id, "owner"))
    page.goto("/factures/nouvelle")
    page.get_by_label("Objet").fill("Pour un nouveau")
    page.get_by_role("button", name="Nouveau", exact=True).click()
    page.locator("#name").fill("Scierie Martin")
    page.get_by_role("button", name="Créer le client").click()
    assert page.get_by_label("Objet").input_value() == "Pour un nouveau"
    assert page.locator("#client_id option:checked").inner_text().startswith("Scierie Martin")


@pytest.mark.parametrize("page", [("light", 360), ("dark", 1280)], indirect=True, ids=["360", "1280"])
def test_a_conflict_shows_both_versions(page, sign_in, shop):
    invoice_id = shop.invoice(shop["hotel"], "Premier")
    sign_in(page, (shop.id, "owner"))
    page.goto(f"/factures/{invoice_id}/modifier")
    page.get_by_label("Objet").fill("Le mien")
    theirs = Content(client_id=shop["hotel"], subject="Le sien", lines=(LINE,))
    shop.do(invoices.revise_invoice, invoice_id=invoice_id, content=theirs, base_version=1)
    page.get_by_role("button", name="Enregistrer le brouillon").last.click()
    row = page.get_by_role("row", name="Objet")
    assert row.get_by_role("cell").all_inner_texts() == ["Le sien", "Le mien"]
    assert page.get_by_label("Objet").input_value() == "Le mien"
    assert faults(page) == []


def test_the_list_follows_the_hand_without_a_new_page(page, sign_in, shop):
    sign_in(page, (shop.id, "owner"))
    page.goto("/factures")
    page.get_by_label("Rechercher dans la liste").press_sequentially("vestiaires")
    page.get_by_text("1 à 1 sur 1").wait_for()
    assert page.url.endswith("/factures?q=vestiaires")  # what is not asked is not in the address
    assert page.get_by_role("link", name="Exporter en CSV").get_attribute("href") == "/factures.csv?q=vestiaires"
    page.get_by_role("navigation", name="Statut").get_by_text("Brouillons").click()
    page.get_by_text("Aucune facture ne répond").wait_for()
    assert "statut=brouillons" in page.url
    assert "statut=brouillons" in page.get_by_role("link", name="Exporter en CSV").get_attribute("href")


def test_an_invoice_of_the_list_is_paid_in_a_dialog_and_the_list_comes_back(page, sign_in, shop):
    number = shop.issue(shop.invoice(shop["hotel"], "Réglée de la liste"), shop.today)
    sign_in(page, (shop.id, "owner"))
    page.goto("/factures?q=liste")
    page.get_by_role("link", name=f"Encaisser : {number}").click()
    page.get_by_role("dialog").wait_for()
    assert faults(page) == []
    page.get_by_role("button", name="Enregistrer le règlement").click()
    page.get_by_role("status").get_by_text("inscrits au registre").wait_for()
    assert page.url.endswith("/factures?q=liste")
    assert page.get_by_role("row", name=number).get_by_text("Payée", exact=True).is_visible()


def test_a_document_is_delivered_elsewhere_than_its_client_has_all_delivered(page, sign_in, shop):
    depot = Card(name="Dépôt", address=Address(street="3, quai du Port", city="Saint-Malo", country="FR"))
    shop.client("Grossiste du Port", delivery=depot)
    sign_in(page, (shop.id, "owner"))
    page.goto("/factures/nouvelle")
    page.get_by_text("Livrer ailleurs").click()
    place = page.get_by_role("group", name="Livrer ailleurs")
    page.get_by_label("Client", exact=True).select_option(label="Grossiste du Port, Rennes")
    place.get_by_text("3, quai du Port").wait_for()
    page.locator("#enregistre", has_text="Enregistré à").wait_for()  # what waits for an answer is pale
    assert faults_in_all_looks(page) == []
    place.get_by_label("Nom du lieu").fill("Sans adresse")
    page.get_by_role("button", name="Enregistrer le brouillon").last.click()
    place.get_by_text("Indiquez la rue ou la ville.").wait_for()
    assert faults_in_all_looks(page) == []
    place.get_by_label("Ville").fill("Dinard")
    page.get_by_role("button", name="Enregistrer le brouillon").last.click()
    page.get_by_text("Dinard").first.wait_for()
