"""The dashboard in a browser: « Encaisser » in two clicks, by mouse or keyboard, with and without script."""

import re

from tests.browser.conftest import faults_in_all_looks

SIREN = {"siren": "552100554"}


def owed(shop):
    return shop.invoice(shop.client("Hôtel du Parc", card=SIREN), issued_on=shop.days_ago(3))


def test_the_dashboard_is_accessible(page, sign_in, shop):
    sign_in(page, (shop.id, "owner"))
    page.goto("/")
    for summary in page.locator("main summary").all():
        summary.click()
    assert faults_in_all_looks(page) == []


def test_no_table_scrolls_sideways_on_a_phone(window, sign_in, shop):
    page = window("dark", 360)
    sign_in(page, (shop.id, "owner"))
    for path in ("/", "/clotures/"):
        page.goto(path)
        for summary in page.locator("main summary").all():
            summary.click()
        boxes = page.locator("main :is(.scroll, .wide)")
        assert boxes.count() > 0
        assert boxes.evaluate_all("them => them.filter(it => it.scrollWidth > it.clientWidth).length") == 0, path


def test_the_dashboard_of_a_new_company_is_accessible(page, sign_in, new_shop):
    sign_in(page, (new_shop.id, "owner"))
    page.goto("/")
    assert page.get_by_role("heading", name="Pour commencer").is_visible()
    assert faults_in_all_looks(page) == []


def test_paid_is_two_clicks_in_a_dialog(page, sign_in, new_shop):
    owed(new_shop)
    sign_in(page, (new_shop.id, "owner"))
    page.goto("/")
    page.get_by_role("link", name=re.compile("^Encaisser")).click()
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    assert page.evaluate("document.activeElement.id") == "amount"
    assert faults_in_all_looks(page) == []
    dialog.get_by_role("button", name="Enregistrer le règlement").click()
    page.get_by_text("inscrits au registre").wait_for()
    assert page.get_by_text("Rien à encaisser.").is_visible()


def test_a_refusal_stays_in_the_dialog_and_escape_leaves_it(page, sign_in, new_shop):
    owed(new_shop)
    sign_in(page, (new_shop.id, "owner"))
    page.goto("/")
    page.get_by_role("link", name=re.compile("^Encaisser")).press("Enter")
    page.get_by_label("Montant reçu").fill("beaucoup")
    page.keyboard.press("Enter")
    page.get_by_role("alert").get_by_text("complétez ou corrigez").wait_for()
    assert page.get_by_label("Montant reçu").input_value() == "beaucoup"
    assert faults_in_all_looks(page) == []
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")
    assert page.get_by_role("link", name=re.compile("^Encaisser")).is_visible()


def test_paid_works_without_script(window, sign_in, new_shop):
    page = window(java_script_enabled=False)
    owed(new_shop)
    sign_in(page, (new_shop.id, "owner"))
    page.goto("/")
    page.get_by_role("link", name=re.compile("^Encaisser")).click()
    page.get_by_role("button", name="Enregistrer le règlement").click()
    assert page.get_by_text("Rien à encaisser.").is_visible()
