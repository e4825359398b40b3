"""An identity is refused at the command, at its field, before anything is recorded."""

import pytest
from msgspec.structs import replace

from domain.company import Identity
from domain.errors import Malformed, Missing
from domain.identity import SeatAbroad, check_identity
from domain.parties import Address, Card

RENNES = Address(street="1 place de la Gare", postcode="35200", city="Rennes", country="FR")
GROUP = Card(name="Groupe Mercier", vat_number="FR86901234526", address=RENNES)
IDENTITY = Identity(
    name="Ateliers Mercier", siren="732829320", siret="73282932000074", vat_number="FR44732829320",
    address=Address(postcode="35000", city="Rennes", country="FR"), iban="FR7630006000011234567890189",
)  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [("siren", "732829321"), ("siret", "73282932000075"), ("siret", "55210055400013"), ("vat_number", "FR45732829320"),
     ("vat_number", "FR 44 732829320"), ("iban", "FR7630006000011234567890188"), ("name", "")],
)  # fmt: skip
def test_a_wrong_number_is_refused_at_its_field(field, value):
    check_identity(IDENTITY)
    with pytest.raises(Malformed) as refusal:
        check_identity(replace(IDENTITY, **{field: value}))
    assert (refusal.value.field, refusal.value.value) == (field, value)


@pytest.mark.parametrize("country", ["US", "CH", "DE"])
def test_a_seat_abroad_is_refused_since_no_document_names_a_fiscal_representative(country):
    with pytest.raises(SeatAbroad) as refusal:
        check_identity(replace(IDENTITY, vat_number="", address=Address(city="Ailleurs", country=country)))
    assert refusal.value.country == country


@pytest.mark.parametrize(
    ("lacking", "field"),
    [(replace(GROUP, name=" "), "group_name"), (replace(GROUP, vat_number=""), "group_vat_number"),
     (replace(GROUP, address=replace(RENNES, street="")), "group_street"),
     (replace(GROUP, address=replace(RENNES, postcode="")), "group_postcode"),
     (replace(GROUP, address=replace(RENNES, city="")), "group_city")],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_an_assujetti_unique_is_told_whole_or_not_at_all(lacking, field):
    check_identity(replace(IDENTITY, member_of=GROUP))
    check_identity(replace(IDENTITY, member_of=replace(GROUP, address=replace(RENNES, street="", extra="Kerbiquet"))))
    with pytest.raises(Missing) as refusal:
        check_identity(replace(IDENTITY, member_of=lacking))
    assert refusal.value.field == field


@pytest.mark.parametrize("number", ["FR87901234526", "FR86901234527", "FR8690123452 6", "DE136695976", "86901234526"])
def test_the_number_of_an_assujetti_unique_is_french_and_holds_its_siren(number):
    with pytest.raises(Malformed) as refusal:
        check_identity(replace(IDENTITY, member_of=replace(GROUP, vat_number=number)))
    assert (refusal.value.field, refusal.value.value) == ("group_vat_number", number)
