from datetime import date
from uuid import UUID

import pytest
from msgspec.structs import replace

from domain import vat
from domain.lines import Deducts, VatKey
from tests.domain.examples import line

TODAY = date(2026, 11, 24)
PLATFORM_RATES = {0, 90, 105, 175, 210, 550, 700, 850, 920, 960, 1000, 1300, 1960, 2000, 2060}  # rule BR-FR-16


@pytest.mark.parametrize(
    ("territory", "rates"),
    [
        ("FR", (2000, 1000, 550, 210)),
        ("FR-20R", (2000, 1300, 1000, 550, 210, 90)),
        ("GP", (850, 210, 175, 105)),
        ("RE", (850, 210, 175, 105)),
        ("GF", ()),
        ("YT", ()),
    ],
)
def test_each_territory_has_its_rates(territory, rates):
    assert vat.rates_on(territory, TODAY) == rates


def test_rates_are_data_with_a_date():
    assert vat.rates_on("FR", date(2013, 12, 31)) == ()
    assert vat.rates_on("FR", date(2014, 1, 1))[0] == 2000


def test_every_rate_is_one_that_the_platforms_accept():
    assert {rate for t in vat.TERRITORIES for rate in vat.rates_on(t.code, TODAY)} <= PLATFORM_RATES


def test_every_exemption_has_a_code_a_category_and_words():
    assert all(e.code.startswith("VATEX-") and e.category not in "SZ" and e.text and e.use for e in vat.EXEMPTIONS)
    assert {e.category for e in vat.EXEMPTIONS} == {"E", "AE", "K", "G", "O"}
    assert len({(e.category, e.code, e.text) for e in vat.EXEMPTIONS}) == len(vat.EXEMPTIONS)


def test_words_that_cite_the_cgi_end_with_it():
    assert vat.exemptions_on(date(2028, 6, 30), "G")[0].text == "Exonération de TVA, art. 262, I du CGI"
    assert vat.exemptions_on(date(2028, 7, 1)) == ()


def test_a_line_with_a_rate_of_its_territory_passes():
    vat.check(line("goods", "1", vat_bp=850, territory="MQ"), TODAY)
    vat.check(line("services", "1", category="AE"), TODAY)
    vat.check(line("disbursement", "1", category="E"), TODAY)


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"vat_bp": 1300}, vat.VatRateUnknown),
        ({"vat_bp": 2000, "territory": "MQ"}, vat.VatRateUnknown),
        ({"vat_bp": 2000, "territory": "GF"}, vat.VatRateUnknown),
        ({"vat_bp": 2000, "nature": "penalty"}, vat.VatRateUnknown),
        ({"vat_bp": 2000, "nature": "disbursement"}, vat.VatRateUnknown),
        ({"territory": "XX"}, vat.VatNotSupported),
        ({"vat_country": "DE"}, vat.VatNotSupported),
        ({"vat_code": "VATEX-EU-F"}, vat.VatNotSupported),
    ],
)
def test_vat_that_cannot_be_is_refused(facts, error):
    with pytest.raises(error):
        vat.check(line(facts.pop("nature", "goods"), "1", **facts), TODAY)


def test_france_has_no_rate_of_zero_so_a_line_at_zero_without_a_reason_is_refused():
    with pytest.raises(vat.VatReasonMissing):
        vat.check(line("goods", "1", category="Z"), TODAY)


def test_the_words_are_those_of_the_code_and_not_what_somebody_posts():
    for words in ("Exonéré", "TVA non applicable, art. 293 B du CGI", "Autoliquidation, art. 283-2 du CGI."):
        with pytest.raises(vat.VatReasonMissing):
            vat.check(replace(line("services", "1", category="AE"), vat_text=words), TODAY)


def test_a_line_that_takes_a_deposit_off_repeats_what_was_right_when_that_was_invoiced():
    deducts = Deducts(invoice_id=UUID(int=1), number="F2026-0001", issued_on=TODAY)
    vat.check(line("goods", "1", "-1", vat_bp=1960, deducts=deducts), TODAY)
    vat.check(line("goods", "1", "-1", category="Z", deducts=deducts), TODAY)


def test_a_credit_note_says_the_reasons_of_its_invoice_and_no_other():
    billed = line("services", "1", category="AE")
    vat.check_repeated(line("goods", "1", category="Z"), [line("goods", "1", category="Z")])
    vat.check_repeated(line("goods", "1"), [billed])
    vat.check_repeated(billed, [billed])
    with pytest.raises(vat.VatReasonMissing):
        vat.check_repeated(replace(billed, vat_text="Exonéré"), [billed])


def test_a_group_takes_the_words_of_the_line_that_made_it():
    abroad = next(each for each in vat.exemptions_on(TODAY, "O") if "259-1" in each.text)
    sold = replace(line("services", "1", category="O"), vat_text=abroad.text)
    assert vat.text_of(sold.vat_key, [sold]) == abroad.text
    assert vat.text_of(sold.vat_key) == vat.OUTSIDE.text


def test_an_exempt_line_says_why():
    good = line("services", "1", category="AE")
    for wrong in ({"vat_text": ""}, {"vat_code": ""}, {"vat_code": "VATEX-EU-IC"}):
        with pytest.raises(vat.VatReasonMissing):
            vat.check(type(good)(**{f: getattr(good, f) for f in good.__struct_fields__} | wrong), TODAY)
    with pytest.raises(vat.VatRateUnknown):
        vat.check(type(good)(**{f: getattr(good, f) for f in good.__struct_fields__} | {"vat_bp": 2000}), TODAY)


@pytest.mark.parametrize(
    ("nature", "on_debits", "deposit", "expected"),
    [
        ("goods", False, False, "delivery"),
        ("goods", True, False, "delivery"),
        ("services", False, False, "cash"),
        ("services", True, False, "debit"),
        ("goods", False, True, "cash"),
        ("services", True, True, "cash"),
    ],
)
def test_vat_falls_due_as_the_law_says(nature, on_debits, deposit, expected):
    key = VatKey(rate_bp=2000, category="S")
    assert vat.vat_due(nature, key, on_debits=on_debits, deposit=deposit) == expected


def test_no_vat_falls_due_where_there_is_none():
    for category in ("Z", "E", "AE", "K", "G", "O"):
        assert vat.vat_due("services", VatKey(rate_bp=0, category=category), deposit=True) == "none"
