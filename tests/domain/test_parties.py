import msgspec
import pytest

from domain.errors import Malformed
from domain.parties import Address, Card, Sealed, check_card, check_iban, french_vat_number

FRENCH = Card(name="Hôtel du Parc", siren="552100554", siret="55210055400013", vat_number="FR96552100554")


def test_numbers_with_their_key_pass_and_so_do_missing_ones():
    check_card(FRENCH)
    check_card(Card(name="Hôtel du Parc"))
    check_iban("")


@pytest.mark.parametrize(
    ("field", "value"),
    [("siren", "552100555"), ("siren", "55210055"), ("siren", "552 100 554"), ("siret", "55210055400014"),
     ("vat_number", "FR28552100554"), ("vat_number", "DE136695977")],
)  # fmt: skip
def test_a_wrong_key_is_refused_at_its_field(field, value):
    with pytest.raises(Malformed) as refusal:
        check_card(Card(**{field: value}))
    assert (refusal.value.field, refusal.value.value) == (field, value)


def test_a_siret_belongs_to_its_siren():
    with pytest.raises(Malformed):
        check_card(Card(siren="732829320", siret="55210055400013"))


def test_a_vat_number_is_checked_by_its_own_state_and_only_within_the_union():
    check_card(Card(vat_number="DE136695976", address=Address(country="DE")))
    with pytest.raises(Malformed):
        check_card(Card(vat_number="DE136695977", address=Address(country="DE")))
    check_card(Card(vat_number="CHE-123.456.788 TVA", address=Address(country="CH")))


@pytest.mark.parametrize("number", ["12-3456789", "US", "ZZ123456789", "UK123456789", "EU372000000"])
def test_a_number_that_begins_with_no_country_is_no_vat_number(number):
    with pytest.raises(Malformed):
        check_card(Card(vat_number=number, address=Address(country="US")))


def test_the_french_vat_number_follows_from_the_siren():
    assert french_vat_number("552100554") == FRENCH.vat_number


def test_an_iban_has_its_key():
    check_iban("FR7630006000011234567890189")
    with pytest.raises(Malformed):
        check_iban("FR7630006000011234567890188")


def test_a_fact_is_frozen_strict_and_silent_about_what_is_empty():
    assert msgspec.json.encode(Card(name="Zoé")) == '{"name":"Zoé"}'.encode()
    assert msgspec.json.encode(Sealed(sealed="ab")) == b'{"sealed":"ab"}'
    with pytest.raises(AttributeError):
        FRENCH.name = "autre"
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"nom":"Zoe"}', type=Card)
