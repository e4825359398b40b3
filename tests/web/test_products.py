"""The catalogue on screen: prices as a hand writes them, VAT as the law knows it, conflicts shown."""

import html
import re
from decimal import Decimal
from uuid import uuid4

import pytest

from domain import vat
from projections import products
from tests.web.conftest import fields_of

NEW = "/catalogue/nouveau"


def typed(**fields):
    return {"label": f"Étagère {uuid4().hex[:8]}", "unit_price": "1 234,5", "unit": "MTR"} | fields


def article_of(app, shop, label):
    with app.extensions["engine"].read(shop.id) as tx:
        (row,) = products.page(tx, products.Filter(q=label, archived=None))
        return row


@pytest.mark.parametrize("price", ["1 234,5", "1234.50", "1\u00a0234,50"])
def test_an_article_is_added_with_its_price(owner, app, shop, price):
    fields = typed(unit_price=price, reference="ETA-1", nature="goods", vat="S|550||", price_mode="gross")
    assert owner.submit(NEW, **fields).status_code == 303
    row = article_of(app, shop, fields["label"])
    assert (row.unit_price, row.price_mode, row.unit) == (Decimal("1234.5"), "gross", "MTR")
    assert (row.vat_category, row.vat_bp, row.nature, row.reference) == ("S", 550, "goods", "ETA-1")


def test_an_exempt_article_says_why(owner, app, shop):
    (reason,) = [known for known in vat.EXEMPTIONS if known.code == "VATEX-FR-CGI261-4"]
    fields = typed(vat=f"E|0|{reason.code}|{reason.text}")
    owner.submit(NEW, **fields)
    row = article_of(app, shop, fields["label"])
    assert (row.vat_category, row.vat_bp, row.vat_code, row.vat_text) == ("E", 0, reason.code, reason.text)
    assert "Exonéré" in owner.get("/catalogue", query_string={"q": fields["label"]}).text


def test_reasons_of_one_code_are_told_apart(owner, app, shop):
    """Outside the scope of VAT there is one code (VATEX-EU-O), and several articles of the law."""
    offered = dict(re.findall(r'<option value="(O\|0\|VATEX-EU-O\|[^"]+)"[^>]*>([^<]+)<', owner.get(NEW).text))
    assert len(offered) >= 2
    for key in offered:
        fields = typed(vat=html.unescape(key))
        owner.submit(NEW, **fields)
        row = article_of(app, shop, fields["label"])
        assert f"O|0|VATEX-EU-O|{row.vat_text}" == fields["vat"]
        assert owner.form(f"/catalogue/{row.id}")["vat"] == fields["vat"]


def test_the_description_stands_under_the_label(owner, app, shop):
    fields = typed(description="Chêne massif\nHuilé")
    owner.submit(NEW, **fields)
    row = article_of(app, shop, fields["label"])
    assert (row.label, row.description) == (fields["label"], "Chêne massif\nHuilé")
    assert article_of(app, shop, f"huile {fields['label']}") == row
    again = owner.form(f"/catalogue/{row.id}")
    assert again["label"] == fields["label"]
    assert again["description"].replace("\r\n", "\n") == fields["description"]


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [("label", "", 422), ("unit_price", "beaucoup", 422), ("vat", "tout", 422), ("unit_price", "-3", 409)],
)
def test_a_refused_article_is_shown_as_it_was_typed(owner, field, value, status):
    fields = typed(reference="GARDÉE") | {field: value}
    answer = owner.submit(NEW, **fields)
    assert answer.status_code == status
    assert f'href="#{field}"' in answer.text
    assert 'value="GARDÉE"' in answer.text


def test_a_double_click_makes_one_article(owner, app, shop):
    form = owner.form(NEW) | typed()
    for _ in range(2):
        assert owner.http.post(NEW, data=form).status_code == 303
    assert article_of(app, shop, form["label"]).version == 1


def test_who_comes_second_sees_what_the_first_saved(owner, shop, keeper):
    page = f"/catalogue/{shop.product('Vernis', '12')}"
    mine = owner.form(page) | {"reference": "V-2"}
    keeper(shop).submit(page, unit_price="15", unit="HUR")
    answer = owner.http.post(page, data=mine)
    assert answer.status_code == 409
    assert "<td>15,00</td>" in answer.text
    assert "<td>Heure</td>" in answer.text
    assert owner.http.post(page, data=fields_of(answer.text, page)).status_code == 303
    assert owner.form(page)["unit_price"] == "12,00"


def test_an_archived_article_leaves_the_list_and_comes_back(new_shop, keeper):
    claire = keeper(new_shop)
    page = f"/catalogue/{new_shop.product('Ancien vernis', '12')}"
    claire.submit(page, f"{page}/archiver")
    assert "Le catalogue est vide" in claire.get("/catalogue").text
    assert "Ancien vernis" in claire.get("/catalogue?etat=archives").text
    claire.submit(page, f"{page}/reactiver")
    assert "Ancien vernis" in claire.get("/catalogue").text


def test_the_list_sorts_by_price_and_its_csv_is_what_it_shows(new_shop, keeper):
    claire = keeper(new_shop)
    new_shop.product("Cher", "1000")
    new_shop.product("Bon marché", "9.5", unit="HUR")
    page = claire.get("/catalogue?tri=-unit_price").text
    assert page.index("Cher") < page.index("Bon marché")
    lines = claire.get("/catalogue.csv?q=marche").data.decode("utf-8-sig").splitlines()
    assert lines[1:] == [";Bon marché;;Prestation de services;Heure;9,5;HT;20\u00a0%;;;non"]


def test_rates_are_those_of_the_territory(app, owner):
    page = owner.get(NEW).text
    assert '<option value="S|2000||" selected>' in page
    assert "S|850||" not in page


def test_the_article_of_another_company_does_not_exist_here(new_shop, shop, keeper):
    assert keeper(new_shop).get(f"/catalogue/{shop['oak']}").status_code == 404
