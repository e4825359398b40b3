"""« Exercices et numéros »: the end of a fiscal year, the numbers of another software, who keeps the books."""

from datetime import date

import pytest

from domain.company import Company
from projections import streams

PAGE = "/reglages/exercices/"
YEARS, NUMBERS, KEEPING = PAGE, f"{PAGE}numeros", f"{PAGE}tenue"


def company(app, shop):
    with app.extensions["engine"].read(shop.id) as tx:
        return streams.load(tx, Company, shop.id)


@pytest.fixture
def client(new_shop):
    return new_shop.client("Hôtel du Parc", card={"siren": "552100554"})


def test_a_company_without_entries_says_when_its_year_ends(app, new_shop, keeper):
    year = new_shop.today.year
    answer = keeper(new_shop).submit(PAGE, action=YEARS, last_on=f"{year + 1}-06-30")
    assert answer.status_code == 303
    assert company(app, new_shop).fiscal_years == ((date(year, 1, 1), date(year + 1, 6, 30)),)


def test_once_something_is_recorded_the_next_year_is_chosen_and_the_one_under_way_stays(app, new_shop, keeper, client):
    new_shop.invoice(client, issued_on=new_shop.today)
    person, year = keeper(new_shop), new_shop.today.year
    form = person.form(PAGE, action=YEARS)
    assert (form["first_on"], form["last_on"]) == (f"{year + 1}-01-01", f"{year + 1}-12-31")
    assert person.submit(PAGE, action=YEARS, last_on=f"{year + 1}-06-30").status_code == 303
    assert company(app, new_shop).fiscal_years[1:] == ((date(year + 1, 1, 1), date(year + 1, 6, 30)),)
    assert person.submit(PAGE, action=YEARS, last_on=f"{year + 1}-09-30").status_code == 303  # still to come
    years = company(app, new_shop).fiscal_years
    assert years == ((date(year, 1, 1), date(year, 12, 31)), (date(year + 1, 1, 1), date(year + 1, 9, 30)))
    for first_on, last_on, told in (
        (f"{year}-01-01", f"{year}-06-30", "24 mois au plus"),  # no longer the last one
        (f"{year + 1}-01-01", f"{year + 3}-01-31", "24 mois au plus"),
    ):
        refused = person.submit(PAGE, action=YEARS, first_on=first_on, last_on=last_on)
        assert refused.status_code == 409
        assert told in refused.text
        assert company(app, new_shop).fiscal_years == years


def test_the_end_of_a_year_with_entries_stays(new_shop, keeper, client):
    new_shop.invoice(client, issued_on=new_shop.today)
    year = new_shop.today.year
    refused = keeper(new_shop).submit(PAGE, action=YEARS, first_on=f"{year}-01-01", last_on=f"{year + 1}-06-30")
    assert refused.status_code == 409
    assert "a déjà des écritures" in refused.text


def test_numbers_of_another_software_go_on_until_the_first_one_is_given(app, new_shop, keeper, client):
    person, year = keeper(new_shop), new_shop.today.year
    assert person.submit(PAGE, action=NUMBERS, kind="invoice", first="118").status_code == 303
    assert f"F{year}-0118" in person.get(PAGE).text
    new_shop.invoice(client, issued_on=new_shop.today)
    with app.extensions["engine"].read(new_shop.id) as tx:
        assert tx.values("SELECT number FROM read.invoices WHERE company_id = %(company)s") == [f"F{year}-0118"]
    page = person.get(PAGE).text
    assert f"F{year}-0119" in page
    assert '<option value="invoice"' not in page
    refused = person.submit(PAGE, action=NUMBERS, kind="invoice", first="200")
    assert refused.status_code == 409
    assert f"Cette série a déjà donné F{year}-0118" in refused.text
    for typed in ({"first": "0"}, {"first": "1 000 000"}, {"first": ""}, {"reason": ""}, {"kind": "letter"}):
        assert person.submit(PAGE, action=NUMBERS, **{"kind": "quote", "first": "12"} | typed).status_code == 422


def test_who_keeps_the_books_is_said(app, new_shop, keeper):
    assert keeper(new_shop).submit(PAGE, action=KEEPING, keeping="sales").status_code == 303
    assert company(app, new_shop).keeping == "sales"


def test_who_may_only_read_sees_no_button(new_shop, person):
    reader = person((new_shop.id, "reader"))
    reader.sign_in()
    page = reader.get(PAGE)
    assert page.status_code == 200
    assert "Enregistrer l’exercice" not in page.text
    assert reader.submit(PAGE, action=KEEPING, keeping="sales").status_code == 403


def test_two_kinds_with_one_pattern_are_refused_at_the_field(app, new_shop, keeper):
    refused = keeper(new_shop).submit("/reglages", action="/reglages/documents", number_credit_note="F{yyyy}-####")
    assert refused.status_code == 409
    assert 'id="number_credit_note-erreur"' in refused.text
    assert company(app, new_shop).version == 2
