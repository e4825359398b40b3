"""The closings in a browser."""

from tests.browser.conftest import faults_in_all_looks


def test_the_closings_are_accessible(page, sign_in, shop):
    sign_in(page, (shop.id, "owner"))
    page.goto("/clotures/")
    assert faults_in_all_looks(page) == []


def test_the_total_of_a_period_is_computed_on_request(page, sign_in, new_shop):
    new_shop.invoice(new_shop.client("Hôtel du Parc", card={"siren": "552100554"}), issued_on=new_shop.today)
    sign_in(page, (new_shop.id, "owner"))
    page.goto("/clotures/")
    page.get_by_label("Du").fill(new_shop.today.isoformat())
    page.get_by_role("button", name="Calculer").click()
    assert page.locator("#total").get_by_text("2 131,20 €").first.is_visible()
