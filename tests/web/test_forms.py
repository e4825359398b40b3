import unicodedata
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web import filters, forms
from web.forms import Fields, Invalid, Unreadable

AMOUNTS = st.integers(-(10**11), 10**11)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1234,56", "1234.56"),
        ("1234.56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1\u00a0234,56", "1234.56"),
        ("1\u202f234,56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1.234.567,8", "1234567.8"),
        ("1'234.5", "1234.5"),
        ("−3,5", "-3.5"),
        ("+2", "2"),
        (",5", "0.5"),
        (" 0,10 ", "0.10"),
    ],
)
def test_a_number_is_read_as_the_hand_wrote_it(typed, read):
    assert forms.decimal(typed) == Decimal(read)


@pytest.mark.parametrize(
    "typed",
    ["abc", "1,2,3", "1.2.3", "1e5", "NaN", "Infinity", "--1", "1-", "٣", "1_000", "0x10", "1,", "9" * 21, "=1+1"],
)
def test_what_is_no_number_is_refused_and_never_guessed(typed):
    with pytest.raises(Unreadable):
        forms.decimal(typed)


@given(AMOUNTS)
def test_an_amount_on_screen_is_read_back_to_the_cent(cents):
    assert forms.cents(filters.euros(cents)) == cents
    assert forms.cents(filters.amount(cents)) == cents


@given(st.decimals(-(10**9), 10**9, places=4))
def test_a_quantity_in_its_field_is_read_back_exactly(quantity):
    assert forms.decimal(filters.decimal(quantity)) == quantity


@given(st.integers(0, 10_000))
def test_a_rate_on_screen_is_read_back_to_the_point(rate_bp):
    assert forms.rate_bp(filters.percent(rate_bp)) == rate_bp


def test_an_amount_has_no_third_decimal():
    with pytest.raises(Unreadable, match="deux décimales"):
        forms.cents("1,234")


@given(st.dates())
def test_a_day_is_read_in_french_and_as_browsers_send_it(day):
    assert forms.date(day.isoformat()) == day
    assert forms.date(f"{day.day}/{day.month}/{day.year:04}") == day


@pytest.mark.parametrize("typed", ["31/02/2026", "2026-13-01", "20261124", "2026-W48-2", "24/11/26", "hier", "1/1/1/1"])
def test_a_day_that_is_none_is_refused(typed):
    with pytest.raises(Unreadable):
        forms.date(typed)


@given(st.text())
def test_every_text_that_enters_is_normal_and_visible(typed):
    try:
        text = forms.text(typed)
    except Unreadable:
        return
    assert unicodedata.is_normalized("NFC", text)
    assert text == text.strip()
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in text)


def test_an_accent_typed_apart_becomes_one_letter():
    assert forms.text(" e\u0301te\u0301 ") == "été"


@pytest.mark.parametrize("typed", ["a\x00b", "a\x1bb", "a\nb", "a\x7fb", "a\u2028b", "a\ud800b", "a\x85b"])
def test_a_control_character_is_refused(typed):
    with pytest.raises(Unreadable, match="invisible"):
        forms.text(typed)


def test_a_note_keeps_its_lines_and_nothing_else_that_is_invisible():
    assert forms.note(" un\r\ndeux\rtrois\tquatre\n") == "un\ndeux\ntrois quatre"
    with pytest.raises(Unreadable):
        forms.note("un\x00")


def test_a_text_that_is_too_long_says_by_how_much():
    with pytest.raises(Unreadable, match="200 caractères au plus ; il y en a 201"):
        forms.text("é" * 201)


def test_all_messages_of_a_form_come_together():
    fields = Fields({"price": "douze", "day": "31/02/2026", "label": " "})
    fields.need("label", forms.text)
    fields.need("price", forms.cents)
    fields.get("day", forms.date, None)
    fields.refuse("price", "plus tard")
    with pytest.raises(Invalid) as invalid:
        fields.check()
    assert invalid.value.errors == {
        "label": "À remplir.",
        "price": "Ce n’est pas un nombre. Exemple : 1234,56.",
        "day": "Cette date n’existe pas. Exemple : 24/11/2026.",
    }


def test_a_field_that_may_stay_empty_has_its_default():
    fields = Fields({"note": "  ", "on": "24/11/2026", "id": "5b0e6c1e-0000-4000-8000-000000000000", "unit": "C62"})
    assert fields.get("note", forms.text, "") == ""
    assert fields.get("absent", forms.cents, None) is None
    assert fields.need("on", forms.date) == date(2026, 11, 24)
    assert fields.need("id", forms.uuid) == UUID("5b0e6c1e-0000-4000-8000-000000000000")
    assert fields.need("unit", forms.one_of({"C62"})) == "C62"
    fields.check()


def test_a_choice_is_one_of_the_list():
    with pytest.raises(Unreadable):
        forms.one_of(["a", "b"])("c")
    with pytest.raises(Unreadable):
        forms.uuid("pas un identifiant")
