"""The closings in the browser's eyes: the calendar, each closing, the totals of any period."""

from datetime import date
from uuid import uuid4

import pytest

from domain.closing import closing_id
from ledger.books import Books
from ledger.commands.closings import close_all
from tests.web.shop import open_shop
from web.app import MAPPER


@pytest.fixture
def school(settings, web_pool, job_pool, read_tables, keeper):
    """A training company with 2 131,20 € on 3 March 2026 and again on 4 May; `close()` closes what is over."""
    key = settings.secret("commands")
    school = open_shop(web_pool, job_pool, key, mode="training")
    client = school.client("Hôtel du Parc", card={"siren": "552100554"})
    live = school.books
    for day in (date(2026, 3, 3), date(2026, 5, 4)):
        school.books = live.on(day)
        school.invoice(client, issued_on=day)
    books = Books(job_pool, MAPPER, key)

    def close():
        close_all(lambda do, *ids, **facts: books.do(do, *ids, "job:close-periods", **facts), school.id)

    return school, keeper(school), close


def test_a_day_with_operations_waits_to_be_closed_and_then_opens_its_closing(school):
    company, owner, close = school
    before = owner.get("/clotures/?annee=2026").text
    assert before.count("à clore") == 2
    close()
    after = owner.get("/clotures/?annee=2026").text
    assert "à clore" not in after
    day = f"/clotures/{closing_id(company.id, 'day', date(2026, 3, 3))}"
    assert f'href="{day}"' in after
    assert "Clôture du mardi 3 mars 2026" in owner.get(day).text.replace("\u00a0", " ")


def test_months_are_closed_in_the_table_with_their_perpetual_total(school):
    company, owner, close = school
    close()
    month = owner.get(f"/clotures/{closing_id(company.id, 'month', date(2026, 5, 1))}").text.replace("\u00a0", " ")
    assert "Clôture de mai 2026" in month
    assert "4 262,40 €" in month  # perpetual, of both invoices
    assert "F2026-0002" in month


def test_the_total_of_any_period_is_asked_by_its_days(school):
    _, owner, _ = school
    page = owner.get("/clotures/?du=2026-03-01&au=2026-03-31").text.replace("\u00a0", " ")
    assert '2 131,20 € <span class="muted">· 1 document' in page
    page = owner.get("/clotures/?du=2026-03-01&au=2026-05-31").text.replace("\u00a0", " ")
    assert '4 262,40 € <span class="muted">· 2 documents' in page


def test_an_empty_company_says_when_its_first_closing_comes(new_shop, keeper):
    page = keeper(new_shop).get("/clotures/").text
    assert "La première clôture se fait le lendemain" in page


def test_a_year_that_never_was_shows_the_nearest(school):
    _, owner, _ = school
    assert '<h2 id="t-annee">2026</h2>' in owner.get("/clotures/?annee=1789").text


@pytest.mark.parametrize("typed", ["annee=hier", "du=hier", "au=31/02/2026"])
def test_what_cannot_be_read_in_the_address_breaks_nothing(school, typed):
    _, owner, _ = school
    assert owner.get(f"/clotures/?{typed}").status_code == 200


def test_a_closing_of_another_company_is_not_found(school, new_shop, keeper):
    company, _, close = school
    close()
    other = keeper(new_shop)
    assert other.get(f"/clotures/{closing_id(company.id, 'day', date(2026, 3, 3))}").status_code == 404
    assert other.get(f"/clotures/{uuid4()}").status_code == 404
