from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import apportion, cents, euros, portion, product_cents, rounded, spread

whole = st.integers(-(10**12), 10**12)


@given(st.decimals(-(10**9), 10**9, places=5))
def test_a_credit_note_cancels_its_invoice_to_the_cent(amount):
    assert cents(-amount) == -cents(amount)


@pytest.mark.parametrize(("euros", "expected"), [("1.005", 101), ("-1.005", -101), ("1.0049", 100), ("0.125", 13)])
def test_half_a_cent_goes_away_from_zero(euros, expected):
    assert cents(Decimal(euros)) == expected


@given(st.decimals(-(10**6), 10**6, places=6), st.decimals(0, 10**6, places=6))
def test_a_product_is_rounded_once_on_its_exact_value(quantity, unit_price):
    exact = Fraction(quantity) * Fraction(unit_price) * 100
    assert abs(product_cents(quantity, unit_price) - exact) <= Fraction(1, 2)


@given(whole, st.integers(1, 10**6))
def test_rounding_is_to_the_nearest_and_odd(numerator, denominator):
    assert abs(rounded(numerator, denominator) - Fraction(numerator, denominator)) <= Fraction(1, 2)
    assert rounded(-numerator, denominator) == -rounded(numerator, denominator) == rounded(numerator, -denominator)


@given(whole)
def test_cents_become_euros_and_cents_again(amount):
    assert cents(euros(amount)) == amount


@given(whole, st.lists(st.integers(0, 10**9), min_size=1).filter(any))
def test_what_is_spread_adds_up_and_no_share_is_a_cent_off(total, weights):
    shares = spread(total, weights)
    assert sum(shares) == total
    assert all(abs(s - Fraction(total * w, sum(weights))) < 1 for s, w in zip(shares, weights, strict=True))
    assert spread(-total, weights) == [-share for share in shares] == spread(-total, weights)


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1), st.integers(0, 10_000))
def test_vat_is_apportioned_even_where_a_return_stands_beside_a_sale(bases, rate_bp):
    vat = portion(sum(bases), rate_bp)
    shares = apportion(vat, [base * rate_bp for base in bases], 10_000)
    assert sum(shares) == vat
    assert all(abs(s - Fraction(b * rate_bp, 10_000)) < 2 for s, b in zip(shares, bases, strict=True))


def test_equal_remainders_go_to_the_first():
    assert spread(100, [1, 1, 1]) == [34, 33, 33]
    assert spread(-100, [1, 1, 1]) == [-34, -33, -33]


def test_what_a_limit_took_from_a_total_is_taken_from_all_shares():
    assert apportion(17, [10, 10], 1) == [8, 9]
    assert apportion(5, [10], 1) == [5]


def test_nothing_can_carry_a_share_of_nothing():
    with pytest.raises(ZeroDivisionError):
        spread(1, [1, -1])
    with pytest.raises(ZeroDivisionError):
        spread(1, [])
    assert spread(0, []) == []
