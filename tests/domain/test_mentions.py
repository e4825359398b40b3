"""Each rule of the law on what a document says, on both its sides."""

from dataclasses import replace as with_facts
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from msgspec.structs import replace

from domain.client import Profile
from domain.company import Configuration
from domain.content import Period, Refs
from domain.lines import Deducts
from domain.mentions import RULES, advices, lacks, mentions
from domain.mentions.references import CGI_UNTIL, NEW_MENTIONS
from domain.parties import Address, Card
from domain.vat import FRANCHISE
from tests.domain.examples import REASONS, line
from tests.domain.sales import BUILDER, CARD, DAY, IDENTITY, PERSON, RENNES, SOLE_TRADER, sale

HOUSE = replace(line("services", "10"), vat_bp=1000)
FRANCHISED = {"configuration": Configuration(vat_regime="franchise")}
GOODS, SERVICES = line("goods", "10"), line("services", "10")
FRANCE = Profile(kind="business", card=CARD)
BACKWARDS = Period(start_on=date(2026, 2, 1), end_on=date(2026, 1, 31))
FORWARDS = Period(start_on=date(2026, 1, 1), end_on=date(2026, 1, 31))
LIEU_DIT = replace(RENNES, street="", extra="Kerbiquet")
NO_PLACE = Card(name="Chantier", address=Address(street="Quai 3", country="FR"))


def without(**facts):
    """The seller without a fact that it must print."""
    return {"identity": replace(IDENTITY, **facts)}


def buyer(**facts):
    return {"card": replace(CARD, **facts)}


def of(kind="business", **facts):
    return {"profile": Profile(kind=kind, card=CARD, **facts)}


ASKED = [  # field, a sale that lacks it, one that does not
    ("seller.name", without(name=""), {}),
    ("seller.siren", without(siren=""), {}),
    ("seller.street", without(address=replace(RENNES, street=" ")), without(address=LIEU_DIT)),
    ("seller.postcode", without(address=replace(RENNES, postcode="")), {}),
    ("seller.city", without(address=replace(RENNES, city="")), {}),
    ("seller.legal_form", without(legal_form=""), {}),
    ("seller.legal_form", {"natural_person": True, "identity": replace(SOLE_TRADER, legal_form="")},
     {"natural_person": True, "identity": replace(SOLE_TRADER, legal_form="", name="Léa Marchetti EI")}),
    ("seller.capital", without(capital_cents=0), without(legal_form="Association", capital_cents=0)),
    ("seller.rcs_city", without(rcs_city=""), without(legal_form="Association", rcs_city="")),
    ("seller.vat_number", without(vat_number=""),
     without(vat_number="") | {"configuration": Configuration(vat_regime="franchise")}),
    ("seller.insurer", {"configuration": replace(BUILDER, insurer="")}, {"configuration": BUILDER}),
    ("seller.insurance_cover", {"configuration": replace(BUILDER, insurance_cover="")}, {"configuration": BUILDER}),
    ("seller.quote_days", {"kind": "quote", "configuration": Configuration(quote_days=0)}, {"kind": "quote"}),
    ("buyer.name", buyer(name=" "), {}),
    ("buyer.street", buyer(address=replace(RENNES, street="")), buyer(address=LIEU_DIT)),
    ("buyer.postcode", buyer(address=replace(RENNES, postcode="")),
     buyer(address=replace(RENNES, postcode="")) | of(country="AE")),
    ("buyer.city", buyer(address=replace(RENNES, city=" ")), {}),
    ("buyer.siren", buyer(siren=""), buyer(siren="") | PERSON),
    ("buyer.siren", buyer(siren="") | of("public"), buyer(siren="") | of("public", country="BE", taxable=False)),
    ("buyer.siren", buyer(siren="") | of("association"), buyer(siren="") | of("association", taxable=False)),
    ("buyer.vat_number", of(country="DE"), of(country="DE", taxable=False)),
    ("buyer.vat_number", of(country="DE"), of(country="CH")),
    ("buyer.vat_number", buyer(vat_number="123456789") | of(country="US"),
     buyer(vat_number="GB123456789") | of(country="GB")),
    ("buyer.delivery_city", {"lines": [GOODS], "delivery": NO_PLACE, "on": NEW_MENTIONS["small"]},
     {"lines": [SERVICES], "delivery": NO_PLACE, "on": NEW_MENTIONS["small"]}),
    ("lines.1.label", {"lines": [replace(SERVICES, label="  ")]}, {}),
    ("lines.1.quantity", {"lines": [replace(SERVICES, quantity=Decimal(0))]}, {}),
    ("lines.1.quantity", {"lines": [replace(SERVICES, quantity=Decimal("1.00001"))]},
     {"lines": [replace(SERVICES, quantity=Decimal("1.0001"))]}),
    ("lines.1.unit_price", {"lines": [replace(SERVICES, unit_price=Decimal("1.0000001"))]},
     {"lines": [replace(SERVICES, unit_price=Decimal("1.000001"))]}),
    ("lines.1.label", {"lines": [replace(SERVICES, deducts=Deducts(invoice_id=UUID(int=3), number="", issued_on=DAY))]},
     {"lines": [replace(SERVICES, deducts=Deducts(invoice_id=UUID(int=3), number="F2026-0001", issued_on=DAY))]}),
    ("lines.2.vat", {"lines": [SERVICES, line("penalty", "40", category="O")]},
     {"lines": [line("penalty", "40", category="O")]}),
    ("period_end", {"content": {"period": BACKWARDS}}, {"content": {"period": FORWARDS}}),
    ("lines.1.period", {"lines": [replace(SERVICES, period=BACKWARDS)]},
     {"lines": [replace(SERVICES, period=FORWARDS)]}),
    ("retention", {"content": {"retention_bp": 501}}, {"content": {"retention_bp": 500}}),
    ("credits", {"kind": "credit_note", "credits": None}, {"kind": "credit_note"}),
    ("seller.vat_number", FRANCHISED | without(vat_number="", member_of=CARD), FRANCHISED | without(vat_number="")),
    ("dwelling", {"content": {"dwelling": True}}, {"content": {"dwelling": True}, "lines": [HOUSE]}),
    ("dwelling", {"content": {"dwelling": True}, "lines": [replace(HOUSE, territory="FR-20R")]},
     {"content": {"dwelling": True, "refs": Refs(quote_id=UUID(int=4))}}),
    ("dwelling", {"content": {"dwelling": True}, "kind": "quote"},
     {"content": {"dwelling": True}, "kind": "credit_note"}),
]  # fmt: skip


def made(facts):
    return sale(*facts.get("lines", ()), **{name: value for name, value in facts.items() if name != "lines"})


@pytest.mark.parametrize(("field", "bad", "good"), ASKED)
def test_a_field_that_the_law_asks_for_is_missed_and_no_other(field, bad, good):
    assert (list(lacks(made(bad))), list(lacks(made(good)))) == ([field], [])


def test_every_rule_that_refuses_is_among_these_tests():
    tested = {field.split(".")[0] if field.startswith(("lines", "period")) else field for field, _, _ in ASKED}
    refusing = {rule.code.split(".")[0] if rule.code.startswith("lines") else rule.code for rule in RULES
                if not rule.only_advised and list(rule.says(sale())) == [] and rule.code != "VATEX"}  # fmt: skip
    assert refusing - tested - PRINTED.keys() == {"period"} - tested
    assert {"lines.1.period", "period_end"} <= {field for field, _, _ in ASKED}


@pytest.mark.parametrize(("category", "nature"), [("AE", "services"), ("K", "goods")])
def test_who_owes_the_vat_gives_its_number_and_so_does_the_seller(category, nature):
    german = {"lines": [line(nature, "100", category=category)]} | of(country="DE")
    numbered = german | buyer(vat_number="DE136695976")
    assert list(lacks(made(german))) == ["buyer.vat_number"]
    assert list(lacks(made(numbered))) == []
    assert list(lacks(made(numbered | without(vat_number="")))) == ["seller.vat_number"]


def test_a_seller_in_franchise_gives_its_number_for_a_service_in_the_union():
    german = {"lines": [line("services", "100", category="AE")]} | of(country="DE") | buyer(vat_number="DE136695976")
    franchise = {"configuration": Configuration(vat_regime="franchise")}
    assert list(lacks(made(german | franchise | without(vat_number="")))) == ["seller.vat_number"]
    assert list(lacks(made(german | franchise))) == []


@pytest.mark.parametrize(("size", "since"), NEW_MENTIONS.items())
def test_the_new_mentions_oblige_by_the_size_of_the_issuer_from_its_day_on(size, since):
    goods = {"lines": [GOODS], "delivery": NO_PLACE, "configuration": Configuration(size=size)}
    assert list(lacks(made(goods | {"on": since - timedelta(days=1)}))) == []
    assert list(lacks(made(goods | {"on": since}))) == ["buyer.delivery_city"]


OF_HOUSE, ENERGY = {"content": {"dwelling": True}, "kind": "quote"}, replace(HOUSE, vat_bp=550)
SIGNED = (
    "Je soussigné(e) …………………………………………… (Nom, prénom) certifie, en qualité de preneur de la prestation, que les travaux"
    " réalisés concernent des locaux à usage d’habitation achevés depuis plus de deux ans"
)
NOT_NEW = (
    " qu’ils n’ont pas eu pour effet, sur une période de deux ans au plus, de concourir à la production d’un immeuble"
    " neuf au sens du 2° du 2 du I de l’article 257 du CGI, ni d’entraîner une augmentation de la surface de plancher"
    " des locaux existants supérieure à 10 %"
)


def test_a_member_of_an_assujetti_unique_has_the_dates_of_the_large():
    goods = {"lines": [GOODS], "delivery": NO_PLACE, "on": NEW_MENTIONS["large"]}
    assert list(lacks(made(goods))) == []
    assert list(lacks(made(goods | without(member_of=CARD)))) == ["buyer.delivery_city"]


PRINTED = {  # code: (a sale that prints it, its words, a sale that does not)
    "NATURE": ({"lines": [GOODS]}, "Opération : livraison de biens.", {"kind": "quote"}),
    "DEBITS": ({"configuration": Configuration(vat_regime="debit")},
               "Option pour le paiement de la taxe d’après les débits.",
               {"configuration": Configuration(vat_regime="debit"), "lines": [GOODS]}),
    "PMT": ({}, "Indemnité forfaitaire pour frais de recouvrement en cas de retard de paiement : 40 €.", PERSON),
    "PMD": ({}, "Pénalités de retard : taux de refinancement de la BCE majoré de 10 points.", PERSON),
    "AAB": ({}, "Escompte pour paiement anticipé : néant.", {"kind": "quote"}),
    "RETENTION": ({"content": {"retention_bp": 500}},
                  "Retenue de garantie de 5 %, loi n° 71-584 du 16 juillet 1971, libérée un an après la réception.",
                  {}),
    "INSURANCE": ({"configuration": BUILDER},
                  "Assurance professionnelle obligatoire : MAAF, 79000 Niort. Couverture géographique : France.", {}),
    "RENOVATION": (OF_HOUSE | {"lines": [HOUSE]}, f"{SIGNED} et{NOT_NEW}.", OF_HOUSE | {"lines": [ENERGY]}),
    "ENERGY": (OF_HOUSE | {"lines": [ENERGY]},
               f"{SIGNED},{NOT_NEW} et qu’ils ont la nature de travaux de rénovation énergétique.",
               {"lines": [ENERGY]}),
    "QUOTE_FEE": ({"kind": "quote", "configuration": BUILDER}, "Devis gratuit.", {"configuration": BUILDER}),
    "MEDIATOR": (PERSON | {"configuration": Configuration(mediator="CM2C, Paris")},
                 "Litige de consommation : le client peut saisir gratuitement le médiateur CM2C, Paris.",
                 {"configuration": Configuration(mediator="CM2C, Paris")}),
}  # fmt: skip


def said(facts):
    return {mention.code: mention.text for mention in mentions(made(facts))}


@pytest.mark.parametrize("code", PRINTED)
def test_a_sentence_is_printed_where_the_law_wants_it_and_nowhere_else(code):
    where, words, elsewhere = PRINTED[code]
    assert (said(where)[code], code in said(elsewhere)) == (words, False)


@pytest.mark.parametrize("reason", [*REASONS.values(), FRANCHISE])
def test_a_line_without_vat_prints_why_under_the_code_of_its_reason(reason):
    exempt = replace(SERVICES, vat_bp=0, vat_category=reason.category, vat_code=reason.code, vat_text=reason.text)
    assert said({"lines": [exempt, exempt]})[reason.code] == f"{reason.text}."
    assert reason.code not in said({})


def test_a_rate_of_penalties_and_a_discount_that_were_agreed_are_printed_as_they_are():
    agreed = Configuration(late_rate_bp=1250, discount_text="Escompte de 2 % sous 8 jours.")
    told = said({"configuration": agreed})
    assert told["PMD"] == "Pénalités de retard : taux annuel de 12,5 %."
    assert told["AAB"] == "Escompte de 2 % sous 8 jours."


def test_shipping_follows_the_goods_and_disbursements_are_no_operation():
    shipping, advance = line("shipping", "9"), line("disbursement", "5", category="E")
    assert said({"lines": [SERVICES, shipping]})["NATURE"] == "Opération : prestation de services."
    assert said({"lines": [GOODS, shipping, advance]})["NATURE"] == "Opération : livraison de biens."
    assert said({"lines": [GOODS, SERVICES]})["NATURE"].startswith("Opération mixte")
    assert said({"lines": [line("shipping", "9", category="G")]})["NATURE"] == "Opération : livraison de biens."


def test_a_quote_to_a_person_had_better_say_more_but_may_leave_without():
    quote = {"kind": "quote", "card": Card(name="Claire", address=RENNES)} | PERSON
    assert list(lacks(made(quote))) == []
    assert advices(made(quote)) == ("buyer.email", "seller.email", "seller.mediator", "delivered_on")
    told = {"configuration": Configuration(mediator="CM2C"), "content": {"delivered_on": DAY}}
    reached = without(phone="02 99 00 00 00") | {
        "card": Card(name="Claire", address=RENNES, email="claire@example.org")
    }
    assert advices(made(quote | told | reached)) == ()


def test_no_sentence_holds_a_name_since_mentions_are_not_sealed():
    names = (IDENTITY.name, CARD.name, CARD.siren)
    told = [mention.text for where, _, _ in PRINTED.values() for mention in mentions(made(where))]
    assert [text for text in told if any(name in text for name in names)] == []


def test_every_rule_cites_the_law_on_every_day_that_it_may_be_cited():
    for day in (date(2026, 1, 1), date(2027, 1, 1), CGI_UNTIL):
        assert [rule.code for rule in RULES if not rule.source(day)] == []


def test_the_cgi_is_not_cited_after_its_last_day():
    after = [rule.source(CGI_UNTIL + timedelta(days=1)) for rule in RULES]
    assert not any("CGI" in source for source in after)
    assert any("CGI" in rule.source(CGI_UNTIL) for rule in RULES)


def test_a_draft_without_its_insurer_prints_no_half_a_sentence():
    assert "INSURANCE" not in said({"configuration": Configuration(sector="building")})


def test_a_rule_that_ended_is_silent():
    rule = next(rule for rule in RULES if rule.code == "AAB")
    assert with_facts(rule, until=DAY).concerns(sale())
    assert not with_facts(rule, until=DAY - timedelta(days=1)).concerns(sale())
