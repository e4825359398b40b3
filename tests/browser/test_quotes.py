"""Quotes in a browser: filtered, drafted, sent, they are accessible in all looks; from the draft to its invoice."""

import pytest

from tests.browser.conftest import faults, faults_in_all_looks


def test_quotes_in_other_states_are_accessible(page, sign_in, shop):
    sign_in(page, (shop.id, "owner"))
    drafted, sent = f"/devis/{shop['quote_draft']}", f"/devis/{shop['quote_sent']}"
    for path in ("/devis?du=2026-01-01", "/devis?q=introuvable", drafted, sent):
        page.goto(path)
        assert faults_in_all_looks(page) == [], path


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_quote_goes_from_draft_to_invoice(window, sign_in, new_shop, script):
    page = window(java_script_enabled=script)
    sign_in(page, (new_shop.id, "owner"))
    hotel = new_shop.client("Hôtel du Parc", card={"siren": "552100554"})
    page.goto(f"/devis/{new_shop.quote(hotel, 'Terrasse')}")
    page.get_by_role("link", name="Envoyer…").click()
    page.get_by_role("button", name="Je le remets moi-même").click()
    assert page.get_by_role("status").first.inner_text().endswith("quand elle arrive.")
    page.get_by_label("Numéro de commande").fill("BC-7781")
    page.get_by_role("button", name="Accepté").click()
    page.get_by_label("Part de l’acompte, en %").fill("cent")
    page.get_by_role("button", name="Facture d’acompte").click()
    assert page.get_by_label("Part de l’acompte, en %").input_value() == "cent"
    assert faults(page) == [] if script else True
    page.get_by_label("Part de l’acompte, en %").fill("30")
    page.get_by_role("button", name="Facture d’acompte").click()
    page.wait_for_url("**/factures/*")


def test_the_list_filters_in_the_url_and_tabs_keep_the_filter(page, sign_in, shop):
    sign_in(page, (shop.id, "owner"))
    page.goto("/devis")
    page.get_by_label("Client", exact=True).select_option("Hôtel du Parc")
    page.wait_for_url("**client=*")
    page.wait_for_function("document.querySelectorAll('#resultat tbody tr').length === 3")
    page.get_by_role("link", name="Acceptés").click()
    page.wait_for_url("**statut=acceptes*")
    assert "client=" in page.url
    page.go_back()
    page.wait_for_url(lambda url: "acceptes" not in url)
