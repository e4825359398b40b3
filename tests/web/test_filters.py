from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web import filters
from web.exports import cell

PAGE_FONTS_LACK = "\u202f\u2007\u2011"


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        (0, "0,00 €"),
        (5, "0,05 €"),
        (-5, "−0,05 €"),
        (123456, "1 234,56 €"),
        (-100_000_000, "−1 000 000,00 €"),
        (None, "–"),
    ],
)
def test_an_amount_is_written_as_an_accountant_does(cents, text):
    assert filters.euros(cents) == text.replace(" ", "\u00a0")


@given(st.integers(-(10**14), 10**14))
def test_no_amount_uses_a_space_that_the_fonts_lack(cents):
    for text in (filters.euros(cents), filters.euros0(cents), filters.count(cents)):
        assert not set(text) & set(PAGE_FONTS_LACK)
        assert " " not in text


@pytest.mark.parametrize(("cents", "text"), [(49, "0\u00a0€"), (50, "1\u00a0€"), (-50, "−1\u00a0€"), (-49, "0\u00a0€")])
def test_whole_euros_are_rounded_away_from_zero(cents, text):
    assert filters.euros0(cents) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [("18.5", "18,5"), ("100", "100"), ("0.10", "0,1"), ("-3.000", "-3"), ("1E+2", "100"), (None, ""), ("", "")],
)
def test_a_quantity_has_a_comma_and_no_useless_zero(value, text):
    assert filters.decimal(Decimal(value) if value else value) == text


@pytest.mark.parametrize(
    ("rate_bp", "text"), [(2000, "20\u00a0%"), (550, "5,5\u00a0%"), (0, "0\u00a0%"), (210, "2,1\u00a0%")]
)
def test_a_rate_is_written_in_percent(rate_bp, text):
    assert filters.percent(rate_bp) == text


def test_days_and_instants_are_written_in_french():
    assert filters.day(date(2026, 11, 24)) == "24\u00a0nov. 2026"
    assert filters.day("2026-01-01") == "1er\u00a0janv. 2026"
    assert filters.day(None) == "–"
    assert filters.long_day(date(2026, 11, 24)) == "Mardi 24\u00a0novembre 2026"
    assert filters.month(date(2026, 8, 3)) == "août 2026"


def test_an_instant_is_told_where_the_company_is():
    at = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)
    assert filters.moment(at) == "24\u00a0nov. 2026 à 23:30"
    assert filters.moment(at, "Indian/Reunion") == "25\u00a0nov. 2026 à 02:30"


def test_french_counts_from_two():
    assert [filters.plural(n, "facture") for n in (0, 1, 2, 1200)] == [
        "0\u00a0facture", "1\u00a0facture", "2\u00a0factures", "1\u00a0200\u00a0factures",
    ]  # fmt: skip
    assert filters.plural(3, "avoir total", "avoirs totaux") == "3\u00a0avoirs totaux"


def test_a_fingerprint_shows_its_first_eight_digits():
    assert filters.fingerprint(bytes.fromhex("9f3ac21e" + "00" * 28)) == "9f3a c21e"
    assert filters.fingerprint("04d788b1ff") == "04d7 88b1"


@pytest.mark.parametrize("text", ["=1+1", "+33 1 23", "-2+3", "@SUM(A1)", "\tx", "\rx"])
def test_a_cell_never_runs_as_a_formula(text):
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("-12,50", "-12,50"),
        (date(2026, 11, 24), "24/11/2026"),
        (Decimal("1.50"), "1,5"),
        (None, ""),
        (7, "7"),
        (-7, "-7"),
    ],
)
def test_a_cell_is_what_a_french_spreadsheet_reads(value, text):
    assert cell(value) == text
