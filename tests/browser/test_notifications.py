"""The bell in a real browser: what is new, chosen, opened."""

from datetime import UTC, datetime

from tests.browser.conftest import faults_in_all_looks
from tests.web.postman import workshop_of
from web.notifications.follower import follow


def test_a_payment_by_somebody_else_rings_the_bell(page, sign_in, new_shop, settings, server, job_pool):
    client = new_shop.client("Hôtel des Voyageurs", card={"siren": "552100554"})
    late = new_shop.invoice(client, "Vestiaires", issued_on=new_shop.days_ago(9))
    sign_in(page, (new_shop.id, "owner"))
    new_shop.pay(client, 100, (late, 100))
    follow(workshop_of(settings, server, job_pool), new_shop.id, datetime.now(UTC))
    page.goto("/")
    page.get_by_role("link", name="Notifications : 1 nouvelle").click()
    assert faults_in_all_looks(page) == []
    page.get_by_role("button", name="Règlement de Hôtel des Voyageurs").click()
    page.wait_for_url("**/reglements/*")
    page.get_by_role("link", name="Notifications : rien de nouveau").click()
    page.get_by_role("link", name="Choisir").click()
    page.get_by_role("checkbox", name="Règlement enregistré par un autre, dans Probant").uncheck()
    assert faults_in_all_looks(page) == []
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("Notifications réglées.").wait_for()
    assert not page.get_by_role("checkbox", name="Règlement enregistré par un autre, dans Probant").is_checked()
