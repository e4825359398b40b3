from datetime import date

import pytest

from domain.company import Configuration
from domain.content import Period
from domain.mentions import warnings
from domain.terms import PaymentTerms
from tests.domain.sales import PERSON, sale

MONTH = Period(start_on=date(2026, 10, 1), end_on=date(2026, 10, 31))


def warned(*, sector="general", kind="invoice", content=None, on=date(2026, 11, 24), **terms):
    told = {"terms": PaymentTerms(**terms)} | (content or {})
    return len(warnings(sale(kind=kind, content=told, configuration=Configuration(sector=sector), on=on)))


@pytest.mark.parametrize(
    ("terms", "count"),
    [
        ({"days": 60}, 0),
        ({"days": 61}, 1),
        ({"days": 45, "end_of_month": True}, 0),
        ({"days": 0, "end_of_month": True, "then_days": 45}, 0),
        ({"days": 46, "end_of_month": True}, 1),
        ({"days": 30, "end_of_month": True, "then_days": 16}, 0),  # 9 January less than 60 days after 24 November
        ({"days": 60, "end_of_month": True}, 1),
    ],
)
def test_the_law_caps_at_sixty_days_or_forty_five_end_of_month(terms, count):
    assert warned(**terms) == count


def test_end_of_month_beyond_45_days_is_good_where_it_falls_within_sixty():
    beyond = {"days": 46, "end_of_month": True}
    assert (warned(**beyond, on=date(2026, 11, 15)), warned(**beyond, on=date(2026, 11, 16))) == (0, 1)


def test_a_summary_invoice_is_due_within_forty_five_days():
    assert (warned(days=45, content={"period": MONTH}), warned(days=46, content={"period": MONTH})) == (0, 1)
    assert warned(days=45, end_of_month=True, content={"period": MONTH}) == 1


def test_transport_and_perishable_food_have_thirty_days():
    assert [warned(days=days, sector="transport") for days in (30, 31)] == [0, 1]
    delivered = {"delivered_on": date(2026, 11, 10)}
    assert [warned(days=days, sector="perishable", content=delivered) for days in (16, 17)] == [0, 1]


def test_nobody_is_warned_about_persons_or_credit_notes_but_about_quotes():
    assert warnings(sale(content={"terms": PaymentTerms(days=90)}, **PERSON)) == ()
    assert warned(days=90, kind="credit_note") == 0
    assert warned(days=90, kind="quote") == 1
