"""Duplicates: found, merged, shown under the one that stays; no document is touched, and it can be undone."""

import pytest

from domain.client import Client, MergeRefused
from domain.invoice import Invoice
from ledger.commands import clients as commands
from projections import clients, duplicates, invoice_lists, receivables, streams
from projections.listing import Filter
from tests.web.money import GROSS


@pytest.fixture
def both(new_shop):
    """The older fiche, and its double, each with an invoice."""
    first = new_shop.client("Hôtel du Parc", card={"siren": "552100554"})
    second = new_shop.client("Parc Hôtel", card={"siren": "552100554"})
    for one in (first, second):
        new_shop.invoice(one, issued_on=new_shop.today)
    return first, second


def merge(person, gone, stays):
    page = f"/clients/{stays}/fusionner"
    form = person.form(f"{page}?avec={gone}", page) | {"stays": str(stays)}
    return person.http.post(page, data=form)


def outstanding(see, client_id):
    row = see(clients.one, client_id)
    return row.outstanding_cents


def test_what_looks_alike_is_told_with_why(new_shop, keeper, see):
    siren = [new_shop.client(name, card={"siren": "552100554"}) for name in ("Parc", "Hôtel")]
    new_shop.client("Élan", card={"email": "A@exemple.fr"})
    new_shop.client("Autre", card={"email": "a@exemple.fr"})
    names = [new_shop.client(name) for name in ("Café Œuvre", "cafe oeuvre")]
    gone = new_shop.client("Café Œuvre")
    new_shop.do(commands.archive_client, client_id=gone)
    told = {pair.reason: (pair.a_id, pair.b_id) for pair in see(duplicates.pairs)}
    assert told["siren"] == tuple(siren)
    assert told["name"] == tuple(names)
    assert set(told) == {"siren", "email", "name"}
    page = keeper(new_shop).get("/clients").text
    assert "3\u00a0doublons possibles" in page
    assert "même adresse e-mail" in keeper(new_shop).get("/clients/doublons").text


def test_documents_and_balance_of_both_are_shown_under_the_one_that_stays(new_shop, keeper, see, both):
    first, second = both
    claire = keeper(new_shop)
    assert f"/clients/{first}/fusionner?avec={second}" in claire.get(f"/clients/{first}").text
    assert merge(claire, second, first).location == f"/clients/{first}"
    assert outstanding(see, first) == 2 * GROSS
    rows = see(invoice_lists.page, Filter(client_id=first), new_shop.today)
    assert {row.client_id for row in rows} == {first, second}
    balance = see(receivables.balance, first, new_shop.today)
    assert (balance.invoiced_cents, balance.outstanding_cents) == (2 * GROSS, 2 * GROSS)
    assert (
        see(
            receivables.overdue,
            new_shop.today,
        ).count
        == 0
    )
    assert {see(streams.load, Invoice, row.id).issued.client_id for row in rows} == {first, second}
    card = claire.get(f"/clients/{second}").text
    assert "qui montre aussi ses documents" in card
    assert "Parc Hôtel" not in claire.get("/clients").text
    assert see(duplicates.pairs) == []


def test_a_merge_is_undone_by_bringing_the_fiche_back(new_shop, keeper, see, both):
    first, second = both
    claire = keeper(new_shop)
    merge(claire, second, first)
    claire.submit(f"/clients/{second}", f"/clients/{second}/reactiver")
    assert [outstanding(see, one) for one in both] == [GROSS, GROSS]
    assert "qui montre aussi ses documents" not in claire.get(f"/clients/{second}").text


def test_those_merged_into_a_merged_one_follow_it(new_shop, see, both):
    first, second = both
    third = new_shop.client("Le Parc")
    new_shop.do(commands.merge_client, client_id=second, into=first)
    new_shop.do(commands.merge_client, client_id=first, into=third)
    assert outstanding(see, third) == 2 * GROSS
    new_shop.do(commands.restore_client, client_id=first)
    assert [outstanding(see, one) for one in (first, third)] == [2 * GROSS, 0]


def test_a_merge_by_a_double_click_is_one(new_shop, keeper, see, both):
    first, second = both
    claire = keeper(new_shop)
    page = f"/clients/{first}/fusionner"
    form = claire.form(f"{page}?avec={second}", page)
    for _ in range(2):
        assert claire.http.post(page, data=form).status_code == 303
    assert see(streams.load, Client, second).version == 2


def test_what_makes_no_sense_is_refused(new_shop, keeper, both):
    first, second = both
    for gone, stays in ((first, first), (second, new_shop.client("X"))):
        new_shop.do(commands.archive_client, client_id=stays)
        with pytest.raises(MergeRefused):
            new_shop.do(commands.merge_client, client_id=gone, into=stays)
        new_shop.do(commands.restore_client, client_id=stays)
    with pytest.raises(MergeRefused):
        new_shop.do(commands.merge_client, client_id=first, into=first)


def test_no_client_of_another_company_is_merged(new_shop, shop, keeper, both):
    claire, page = keeper(new_shop), f"/clients/{both[0]}/fusionner"
    assert claire.get(f"{page}?avec={shop['hotel']}").status_code == 404
    form = claire.form(f"{page}?avec={both[1]}", page)
    theirs = {"other": str(shop["hotel"]), "stays": str(both[0])}
    assert claire.http.post(page, data=form | theirs).status_code == 404
