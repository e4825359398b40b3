"""« Exercices et numéros » and « TVA exigible » in a browser."""

from tests.browser.conftest import faults_in_all_looks


def test_a_company_says_when_its_year_ends_and_where_its_numbers_go_on(page, sign_in, new_shop):
    year = new_shop.today.year
    sign_in(page, (new_shop.id, "owner"))
    page.goto("/reglages")
    page.get_by_role("link", name="Exercices et numéros").click()
    page.get_by_label("Dernier jour de l’exercice").fill(f"{year + 1}-06-30")
    page.get_by_role("button", name="Enregistrer l’exercice").click()
    page.get_by_text(f"au 30 juin {year + 1} enregistré").wait_for()
    page.get_by_label("Prochain numéro, son rang").fill("118")
    page.get_by_role("button", name="Continuer la série").click()
    page.get_by_role("cell", name=f"F{year}-0118").wait_for()
    assert faults_in_all_looks(page) == []


def test_the_activity_leads_to_the_vat_that_fell_due(page, sign_in, shop):
    sign_in(page, (shop.id, "owner"))
    page.goto("/")
    assert faults_in_all_looks(page) == []
    page.get_by_role("table", name="Facturé, encaissé et TVA exigible").get_by_role("link").last.click()
    page.get_by_role("heading", name="TVA exigible").wait_for()
    page.goto("/tva")
    assert faults_in_all_looks(page) == []
