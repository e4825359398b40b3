"""A reason to bill without VAT fits who buys, what is sold and where it goes, or the document is not issued."""

import pytest
from msgspec.structs import replace

from domain import vat
from domain.client import Profile
from domain.company import Configuration
from domain.lines import Deducts
from domain.mentions import lacks
from domain.parties import Address, Card
from tests.domain.examples import INVOICE_ID, line
from tests.domain.sales import CARD, DAY, RENNES, sale
from web.labels import FIELDS

FRANCHISE = {"configuration": Configuration(vat_regime="franchise")}
REUNION = replace(RENNES, postcode="97400", city="Saint-Denis")


def reason(words):
    return next(known for known in vat.EXEMPTIONS if words in known.text)


def sold(words, nature="services", **facts):
    known = reason(words)
    told = {"vat_bp": 0, "vat_category": known.category, "vat_code": known.code, "vat_text": known.text}
    return replace(line(nature, "100"), **told | facts)


def to(country="FR", vat_number="", kind="business", address=RENNES, **facts):
    card = replace(CARD, vat_number=vat_number, address=replace(address, country=country))
    return {"card": card, "profile": Profile(kind=kind, card=card, country=country, **facts)}


GERMAN, FRENCH, SWISS = to("DE", "DE136695976"), to(vat_number="FR96552100554"), to("CH")
PERSON_ABROAD = to("US", kind="person", taxable=False)
IN_GERMANY = {"delivery": Card(name="Lager", address=Address(street="Weg 1", city="Ulm", country="DE"))}
IN_FRANCE = {"delivery": Card(name="Dépôt", address=RENNES)}

CASES = [  # words of the reason, nature, who must not be billed so, who may
    ("262 ter", "goods", [FRENCH, to("DE", "FR96552100554"), SWISS, GERMAN | IN_FRANCE, to("DE", kind="person"),
                          GERMAN | FRANCHISE],
     [GERMAN, to("US", "DE136695976") | IN_GERMANY, to("DE", "DE136695976", taxable=False)]),
    ("262, I", "goods", [FRENCH, GERMAN, SWISS | IN_FRANCE, to("MC")],
     [SWISS, FRENCH | {"delivery": Card(address=Address(city="Genève", country="CH"))}, to("FR", address=REUNION),
      to("FR", territory="MQ"), PERSON_ABROAD, to("ES", address=replace(RENNES, postcode="35001"))]),
    ("283-2", "services", [FRENCH, SWISS, to("DE", kind="person", taxable=False), to("DE", "FR96552100554")],
     [GERMAN, to("DE", "DE136695976", kind="association", taxable=False)]),
    ("259-1", "services", [FRENCH, GERMAN, PERSON_ABROAD, to("MC")],
     [SWISS, to("NC"), to("ES", address=replace(RENNES, postcode="38001"))]),
    ("259 B", "services", [SWISS, GERMAN, to(kind="person", taxable=False)], [PERSON_ABROAD]),
    ("283, 2 nonies", "services", [GERMAN, SWISS, to(kind="person", taxable=False), to(kind="public", taxable=False)],
     [FRENCH, to("DE", "FR96552100554")]),
    ("294, 1", "goods", [FRENCH, SWISS], [to("FR", territory="GF"), to(address=replace(REUNION, postcode="97600"))]),
    ("295", "goods", [FRENCH, SWISS], [to(territory="RE")]),
    ("275", "goods", [to(kind="person", taxable=False)], [FRENCH, SWISS]),
    ("293 B", "services", [FRENCH, GERMAN], [FRENCH | FRANCHISE]),
]  # fmt: skip


def wrong(facts, *lines):
    return [field for field in lacks(sale(*lines, **facts)) if ".vat_" in field and field.startswith("lines")]


@pytest.mark.parametrize(("words", "nature", "bad", "good"), CASES, ids=[case[0] for case in CASES])
def test_a_reason_is_refused_to_a_buyer_whom_the_law_does_not_mean(words, nature, bad, good):
    refused = [f"lines.1.vat_{reason(words).needs}"]
    assert [wrong(facts, sold(words, nature)) for facts in bad] == [refused] * len(bad)
    assert [wrong(facts, sold(words, nature)) for facts in good] == [[]] * len(good)


@pytest.mark.parametrize(
    ("words", "nature"), [("262 ter", "services"), ("283-2", "goods"), ("259-1", "goods"), ("Débours", "services")]
)
def test_goods_and_services_have_reasons_of_their_own(words, nature):
    facts = SWISS if words == "259-1" else GERMAN
    assert wrong(facts, sold(words, nature)) == [f"lines.1.vat_{reason(words).needs}"]


def test_every_reason_that_asks_something_is_among_these_tests_and_says_what_in_french():
    asked = {known.needs for known in vat.EXEMPTIONS if known.needs}
    assert asked == {reason(case[0]).needs for case in CASES} | {"disbursement"}
    assert {f"vat_{need}" for need in asked} | {"vat_reason"} <= FIELDS.keys()


def test_a_company_that_left_the_franchise_no_longer_bills_without_vat():
    old = sold("293 B")
    assert wrong({}, old) == ["lines.1.vat_franchise"]
    assert wrong({"kind": "quote"}, old) == ["lines.1.vat_franchise"]
    assert wrong(FRANCHISE, old) == []


def test_a_deposit_billed_in_franchise_is_still_deducted_after_it():
    deducts = Deducts(invoice_id=INVOICE_ID, number="F2026-0001", issued_on=DAY)
    less = replace(sold("293 B"), id="2", quantity=-line("services", "1").quantity, deducts=deducts)
    assert wrong({}, replace(line("services", "500"), id="1"), less) == []


def test_a_deposit_billed_with_vat_keeps_it_when_the_company_enters_the_franchise():
    deducts = Deducts(invoice_id=INVOICE_ID, number="F2026-0001", issued_on=DAY)
    priced = sale(line("services", "500"), line("services", "100", "-1", deducts=deducts), **FRANCHISE)
    assert priced.gross_cents == 500_00 - 120_00


def test_a_line_at_zero_without_a_reason_or_with_words_of_ones_own_is_refused():
    for facts in ({"vat_category": "Z", "vat_code": "", "vat_text": ""}, {"vat_text": "Exonéré"}):
        assert wrong({}, replace(sold("261, 4"), **facts)) == ["lines.1.vat_reason"]


def test_a_credit_note_repeats_what_its_invoice_said():
    for line_of_old in (sold("293 B"), replace(sold("261, 4"), vat_category="Z", vat_code="", vat_text="")):
        assert wrong({"kind": "credit_note"}, replace(line_of_old, quantity=-line_of_old.quantity)) == []


def test_what_is_sold_under_the_vat_of_guyane_is_outside_whoever_buys():
    assert wrong(FRENCH, sold("294, 1", "goods", territory="GF")) == []
