"""The rate of the half-year as people meet it: the notice that it is unknown, its field, the least to be agreed."""

from datetime import date

import pytest
from msgspec.structs import replace

from domain import half_years, late
from domain.company import Company
from domain.half_years import LateRateTooLow
from ledger.commands import companies
from projections import streams
from tests.web.conftest import fields_of
from web import late_rates

DOCUMENTS, NOTICE = "/reglages/documents", "n’est pas connu de Probant"


@pytest.fixture
def boss(new_shop, keeper):
    return keeper(new_shop)


def told(see):
    return see(lambda tx: streams.load(tx, Company, tx.company)).configuration


def test_an_unknown_rate_is_announced_where_it_counts_until_it_is_said(boss, new_shop, see):
    late_one = new_shop.invoice(new_shop.client("Hôtel", card={"siren": "552100554"}), issued_on=new_shop.days_ago(9))
    places = ("/relances", f"/factures/{late_one}/penalites", "/reglages")
    assert half_years.unknown(new_shop.today)
    assert all(NOTICE in boss.get(place).text for place in places)
    start = half_years.start(new_shop.today)
    said = boss.submit("/reglages", action=DOCUMENTS, **{f"ecb.{start}": "1,9", f"legal.{start}": "2,5"})
    assert said.status_code == 303
    assert not any(NOTICE in boss.get(place).text for place in places)
    kept = told(see).half_years
    assert (half_years.ecb(new_shop.today, kept).bp, half_years.floor_bp(new_shop.today, kept)) == (190, 750)
    assert late.rate(new_shop.today, late.Terms(told=kept)).bp == 1190
    assert fields_of(boss.get("/reglages").text, DOCUMENTS)[f"ecb.{start}"] == "1,9"


def test_a_rate_beyond_reason_is_told_at_its_field(boss, new_shop):
    field = f"ecb.{half_years.start(new_shop.today)}"
    refused = boss.submit("/reglages", action=DOCUMENTS, **{field: "190"})
    assert (refused.status_code, "de 0 à 30" in refused.text) == (422, True)


def test_an_agreed_rate_below_the_floor_is_refused_at_its_field(boss, new_shop, see):
    refused = boss.submit("/reglages", action=DOCUMENTS, late_rate="5", discount_text="2 % à 8 jours")
    least = half_years.floor_bp(new_shop.today)
    assert refused.status_code == 409
    assert "late_rate-erreur" in refused.text
    assert "trois fois l’intérêt légal" in refused.text.replace("\n", " ")
    assert fields_of(refused.text, DOCUMENTS)["discount_text"] == "2 % à 8 jours"
    assert told(see).late_rate_bp == 0
    good = boss.submit("/reglages", action=DOCUMENTS, late_rate=f"{least / 100:.2f}".replace(".", ","))
    assert (good.status_code, told(see).late_rate_bp) == (303, least)


def test_the_command_refuses_it_whoever_asks(new_shop, see):
    with pytest.raises(LateRateTooLow):
        new_shop.do(companies.configure, configuration=replace(told(see), late_rate_bp=100))


def test_the_operator_is_told_too():
    assert "2,15" in late_rates.sentence(date(2026, 9, 1))
    assert late_rates.sentence(date(2026, 3, 1)) == ""
