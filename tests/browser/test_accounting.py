"""The screens of the accounts under the hand: a search as it is typed, an account chosen, one screen from another."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import faults_in_all_looks


def test_from_an_entry_to_its_account_and_back_to_the_balance(page, shop, sign_in):
    days = f"du={shop.days_ago(60)}&au={shop.today}"  # also in January
    sign_in(page, (shop.id, "accountant"))
    page.get_by_role("link", name="Journal", exact=True).click()
    page.goto(f"{page.url}?{days}")
    page.get_by_role("searchbox", name="Rechercher dans la liste").fill("hotel")
    expect(page.locator(".posted .p-piece").filter(has_not_text="Hôtel du Parc")).to_have_count(0)
    expect(page.locator(".posted tfoot")).to_contain_text("Débit = crédit")
    assert faults_in_all_looks(page) == []
    page.get_by_role("link", name="411", exact=True).first.click()
    expect(page.get_by_role("heading", name="411 Clients")).to_be_visible()
    page.get_by_label("Client", exact=True).select_option(label="Hôtel du Parc")
    expect(page.locator(".account p")).to_contain_text("Hôtel du Parc")
    expect(page.locator(".statement")).not_to_contain_text("Tischler")
    assert faults_in_all_looks(page) == []
    page.get_by_label("Compte", exact=True).select_option("44574")
    expect(page.get_by_role("heading", name="44574")).to_be_visible()
    assert re.search(r"compte=44574", page.url)
    page.get_by_role("link", name="Balance", exact=True).click()
    page.goto(f"{page.url}?{days}")
    page.get_by_role("link", name="Clients", exact=True).last.click()
    expect(page.get_by_role("row", name="Tischler GmbH")).to_be_visible()
    assert faults_in_all_looks(page) == []
