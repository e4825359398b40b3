"""Clients and catalogue in a browser: what is archived and what is refused is accessible in all looks; walks."""

from playwright.sync_api import expect

from tests.browser.conftest import faults_in_all_looks


def test_what_is_archived_is_accessible(page, sign_in, shop):
    sign_in(page, (shop.id, "owner"))
    for path in (f"/clients/{shop['archived']}", f"/catalogue/{shop['old']}"):
        page.goto(path)
        assert faults_in_all_looks(page) == [], path


def test_a_refused_form_is_accessible_and_leads_to_its_field(page, sign_in, shop):
    sign_in(page, (shop.id, "owner"))
    page.goto("/clients/nouveau")
    page.get_by_label("Nom ou raison sociale").fill("Atelier")
    page.get_by_label("SIREN", exact=True).fill("123456789")
    page.get_by_label("Nom ou raison sociale").press("Enter")
    page.get_by_role("alert").get_by_role("link", name="SIREN").click()
    assert page.evaluate("document.activeElement.id") == "siren"
    assert faults_in_all_looks(page) == []


def test_a_client_is_created_by_keyboard(page, sign_in, new_shop):
    sign_in(page, (new_shop.id, "owner"))
    page.goto("/clients")
    page.keyboard.press("n")
    page.wait_for_url("**/clients/nouveau")
    assert page.evaluate("document.activeElement.id") == "name"
    page.keyboard.type("Hôtel du Parc")
    page.get_by_label("SIREN", exact=True).fill("732 829 320")
    page.keyboard.press("Tab")
    expect(page.locator("#vat_number")).to_have_value("FR44732829320")
    page.get_by_role("button", name="Ajouter un contact").click()
    page.get_by_role("group", name="Contact 1").get_by_label("Adresse e-mail").fill("compta@parc.example")
    page.get_by_label("Ville", exact=True).first.fill("Rennes")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Hôtel du Parc").wait_for()
    assert page.get_by_text("FR44732829320").is_visible()
    assert page.get_by_role("link", name="compta@parc.example").is_visible()


def test_the_form_shows_what_the_kind_of_client_needs(page, sign_in, new_shop):
    sign_in(page, (new_shop.id, "owner"))
    page.goto("/clients/nouveau")
    assert page.get_by_label("SIREN", exact=True).is_visible()
    page.get_by_label("Genre").select_option("Particulier")
    assert not page.get_by_label("SIREN", exact=True).is_visible()
    page.get_by_label("Pays").first.select_option("Allemagne")
    assert not page.get_by_label("Territoire de TVA").is_visible()


def test_the_list_narrows_while_one_types(page, sign_in, shop):
    sign_in(page, (shop.id, "owner"))
    page.goto("/clients")
    page.get_by_label("Rechercher dans la liste").press_sequentially("hotel")
    page.wait_for_url("**/clients?*q=hotel*")
    expect(page.locator("#resultat tbody tr")).to_have_count(1)
    assert page.url.endswith("/clients?q=hotel")
    assert page.get_by_role("link", name="Exporter en CSV").get_attribute("href") == "/clients.csv?q=hotel"
    assert page.evaluate("document.activeElement.name") == "q"
    page.get_by_role("link", name="Archivés").click()
    page.get_by_text("Aucun client ne répond").wait_for()


def test_a_client_is_created_without_script(window, sign_in, new_shop):
    page = window(java_script_enabled=False)
    sign_in(page, (new_shop.id, "owner"))
    page.goto("/clients/nouveau")
    page.get_by_label("Nom ou raison sociale").fill("Atelier Roux")
    page.get_by_label("SIREN", exact=True).fill("732829320")
    page.get_by_role("button", name="Calculer d’après le SIREN").click()
    assert page.get_by_label("Numéro de TVA").input_value() == "FR44732829320"
    page.get_by_role("button", name="Créer le client").click()
    assert page.get_by_role("heading", name="Atelier Roux").is_visible()
