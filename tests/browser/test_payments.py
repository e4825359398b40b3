"""Payments in a browser: accessible screens; what the form would do is told while one types."""

from tests.browser.conftest import faults_in_all_looks

SIREN = {"siren": "552100554"}


def test_what_is_searched_and_what_is_paid_is_accessible(page, sign_in, shop):
    sign_in(page, (shop.id, "owner"))
    paid = f"/factures/{shop['paid']}"
    for path in ("/reglements?q=rien", "/recherche?q=parc", f"{paid}/encaisser", f"{paid}/perte"):
        page.goto(path)
        assert faults_in_all_looks(page) == [], path


def test_the_form_tells_what_it_would_do_and_what_is_left_is_put_elsewhere_then_given_back(page, sign_in, new_shop):
    client = new_shop.client("Hôtel du Parc", card=SIREN)
    first, _ = (new_shop.invoice(client, issued_on=new_shop.days_ago(days)) for days in (3, 2))
    sign_in(page, (new_shop.id, "owner"))
    page.goto(f"/factures/{first}/encaisser")
    page.get_by_label("Montant reçu").fill("5 000,00")
    page.locator("#suite").get_by_text("Au crédit du client", exact=True).wait_for()
    assert faults_in_all_looks(page) == []
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("button", name="Enregistrer le règlement").click()
    page.get_by_role("link", name="Affecter").click()
    assert faults_in_all_looks(page) == []
    page.get_by_role("button", name="Enregistrer l’emploi").click()
    assert page.get_by_role("heading", name="Affectation de").is_visible()
    page.go_back()
    page.goto("/reglements?statut=a-affecter")
    page.locator("tbody a").first.click()
    page.get_by_role("link", name="Rembourser").click()
    assert page.get_by_label("Montant", exact=True).input_value() == "737,60"
    assert faults_in_all_looks(page) == []
    page.get_by_role("button", name="Enregistrer le remboursement").click()
    assert page.get_by_role("heading", name="Remboursement de").is_visible()
    assert faults_in_all_looks(page) == []


def test_a_refused_payment_leads_to_its_field_and_is_accessible(page, sign_in, shop):
    sign_in(page, (shop.id, "owner"))
    page.goto(f"/factures/{shop['late']}/encaisser")
    page.get_by_label("Mode de règlement").select_option("cash")
    page.get_by_role("button", name="Enregistrer le règlement").click()
    page.get_by_role("alert").get_by_role("link", name="Mode de règlement").click()
    assert page.evaluate("document.activeElement.id") == "method"
    assert faults_in_all_looks(page) == []
