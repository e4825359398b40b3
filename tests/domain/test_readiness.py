from decimal import Decimal
from uuid import UUID

import pytest
from msgspec.structs import replace

from domain.client import Profile
from domain.company import Identity
from domain.content import Content
from domain.lines import DraftLine
from domain.parties import Address, Card
from domain.pricing import price
from domain.readiness import LARGEST_CENTS, LONGEST_LINES, missing
from tests.domain.examples import line

RENNES = Address(postcode="35000", city="Rennes", country="FR")
IDENTITY = Identity(name="Mercier", siren="732829320", vat_number="FR44732829320", address=RENNES)
CARD = Card(name="Hôtel du Parc", siren="552100554", address=RENNES)
PROFILE = Profile(kind="business", card=CARD)


def lacks(*lines: DraftLine, kind="invoice", regime="cash", identity=IDENTITY, card=CARD, profile=PROFILE):
    lines = lines or (line("services", "100"),)
    content = Content(client_id=UUID(int=1), lines=lines)
    return missing(kind, content, price(lines), identity, regime, profile, card)


def test_nothing_is_missing_where_all_is_there():
    assert lacks() == ()


def test_what_the_seller_lacks_is_named_and_franchise_has_no_vat_number():
    empty = Identity(address=Address(city="Rennes"))
    assert lacks(identity=empty) == ("seller.name", "seller.siren", "seller.address", "seller.vat_number")
    assert lacks(identity=replace(IDENTITY, vat_number=""), regime="franchise") == ()


@pytest.mark.parametrize(
    ("kind", "needed"), [("business", True), ("public", True), ("association", False), ("person", False)]
)
def test_businesses_and_public_bodies_of_france_have_a_siren(kind, needed):
    assert lacks(card=replace(CARD, siren=""), profile=replace(PROFILE, kind=kind)) == (
        ("buyer.siren",) if needed else ()
    )


def test_a_buyer_has_a_name_and_a_city():
    assert lacks(card=Card(siren="552100554")) == ("buyer.name", "buyer.address")


def test_a_taxable_buyer_elsewhere_in_the_union_has_a_vat_number():
    assert lacks(profile=replace(PROFILE, country="DE")) == ("buyer.vat_number",)
    assert lacks(profile=replace(PROFILE, country="DE", taxable=False)) == ()
    assert lacks(profile=replace(PROFILE, country="CH")) == ()


@pytest.mark.parametrize("category", ["AE", "K"])
def test_so_has_one_who_owes_the_vat_himself(category):
    assert lacks(line("services", "100", category=category)) == ("buyer.vat_number",)
    assert lacks(line("services", "100", category=category), card=replace(CARD, vat_number="FR96552100554")) == ()


def test_a_line_says_what_and_how_many():
    blank = replace(line("services", "100"), label="", quantity=Decimal(0))
    assert lacks(line("services", "1"), blank) == ("lines.2.label", "lines.2.quantity")


def test_a_document_has_lines_but_not_more_than_can_be_printed():
    assert missing("invoice", Content(client_id=UUID(int=1)), price(()), IDENTITY, "cash", PROFILE, CARD) == ("lines",)
    assert lacks(*[line("services", "1")] * LONGEST_LINES) == ()
    assert lacks(*[line("services", "1")] * (LONGEST_LINES + 1)) == ("lines",)


def test_an_invoice_asks_and_a_credit_note_gives_back():
    back = line("services", "100", "-1")
    assert (lacks(back), lacks(back, kind="credit_note")) == (("total",), ())
    assert (lacks(kind="credit_note"), lacks(line("services", "0"))) == (("total",), ())
    assert lacks(line("services", "0"), kind="credit_note") == ("total",)


def test_a_total_beyond_all_reason_is_a_typing_error():
    most = Decimal(LARGEST_CENTS) / 100
    assert lacks(line("services", most, category="O")) == ()
    assert lacks(line("services", most + 1, category="O")) == ("total",)
