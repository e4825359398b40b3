"""The closings in a browser."""

import re
from datetime import date

from ledger.books import Books
from ledger.commands.closings import close_all
from tests.browser.conftest import faults_in_all_looks
from tests.web.shop import open_shop
from web.app import MAPPER


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


def test_the_accountant_closes_a_month_and_a_locked_ledger_says_why(page, sign_in, settings, web_pool, job_pool):
    key, day, year = settings.secret("commands"), date(2026, 1, 15), (date(2026, 1, 1), date(2026, 12, 31))
    school = open_shop(web_pool, job_pool, key, mode="training", fiscal_year=year)
    school.books = school.books.on(day)
    school.invoice(school.client("Hôtel du Parc", card={"siren": "552100554"}), issued_on=day)
    sign_in(page, (school.id, "accountant"))
    books = Books(job_pool, MAPPER, key).on(date(2026, 2, 2))
    close_all(lambda do, *ids, **facts: books.do(do, *ids, "job:close-periods", **facts), school.id)
    page.goto("/clotures/")
    page.get_by_role("table").get_by_role("link").first.click()
    page.wait_for_url(re.compile("/clotures/[0-9a-f-]{36}$"))
    assert faults_in_all_looks(page) == []
    page.goto("/clotures/")
    page.get_by_role("link", name="Clôture comptable").click()
    page.get_by_label("Jusqu’à la fin de").select_option(index=0)
    page.get_by_role("button", name="Clore la comptabilité").click()
    assert page.get_by_text("Comptabilité close jusqu’au 31 janv.").first.is_visible()
    page.get_by_label("Comptable", exact=True).check()
    page.get_by_role("button", name="Enregistrer").click()
    assert page.get_by_text("Le reçu partira à chaque clôture mensuelle.").is_visible()
    with job_pool.connection() as conn:
        conn.execute("SELECT ledger.freeze(%s)", (school.id,))
    page.reload()
    assert page.get_by_role("region", name="Registre en lecture seule").is_visible()
    assert faults_in_all_looks(page) == []
