from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.terms import PaymentTerms

days = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("terms", "due_on"),
    [
        (PaymentTerms(days=0), date(2026, 1, 31)),
        (PaymentTerms(), date(2026, 3, 2)),
        (PaymentTerms(days=60), date(2026, 4, 1)),
        (PaymentTerms(days=45, end_of_month=True), date(2026, 3, 31)),
        (PaymentTerms(days=0, end_of_month=True, then_days=10), date(2026, 2, 10)),
        (PaymentTerms(days=30, end_of_month=True, then_days=15), date(2026, 4, 15)),
    ],
)
def test_the_due_date_of_an_invoice_of_31_january(terms, due_on):
    assert terms.due_on(date(2026, 1, 31)) == due_on


def test_the_end_of_february_knows_leap_years():
    assert PaymentTerms(days=0, end_of_month=True).due_on(date(2028, 2, 1)) == date(2028, 2, 29)


@given(days, st.integers(0, 60), st.booleans(), st.integers(0, 30))
def test_nothing_is_due_before_it_is_issued_nor_later_for_an_earlier_invoice(issued_on, count, end_of_month, then):
    terms = PaymentTerms(days=count, end_of_month=end_of_month, then_days=then)
    assert issued_on <= terms.due_on(issued_on) <= issued_on + timedelta(days=count + 31 + then)
    assert terms.due_on(issued_on) <= terms.due_on(issued_on + timedelta(days=1))
