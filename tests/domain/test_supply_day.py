"""The rate is that of the day of supply; a credit note takes back what its invoice billed, whatever the day."""

from datetime import date

import pytest

from domain import vat
from domain.content import Content
from domain.issuing import supplied_on
from domain.lines import Period
from tests.documents.facturx.cases import DAY, Books, content, line

BEFORE = date(2026, 11, 20)


@pytest.fixture
def rates_changed(monkeypatch):
    """From today on the usual rate is 21 %, and 20 % is none any more."""
    changed = ((date(2014, 1, 1), (2000, 1000)), (DAY, (2100, 1000)))
    mainland = vat.Territory(code="FR", name="France métropolitaine", rates=changed)
    monkeypatch.setattr(vat, "TERRITORIES", (mainland, *vat.TERRITORIES[1:]))


@pytest.mark.usefixtures("rates_changed")
def test_what_was_delivered_before_a_change_and_billed_after_it_is_credited_at_its_own_rate():
    books = Books()
    invoice = books.issue("invoice", content(line(), delivered_on=BEFORE))
    assert books.correct(invoice).issued.vat_cents == -invoice.issued.vat_cents == -20_00


@pytest.mark.usefixtures("rates_changed")
def test_what_is_delivered_after_the_change_has_the_new_rate():
    with pytest.raises(vat.VatRateUnknown):
        Books().issue("invoice", content(line()))
    assert Books().issue("invoice", content(line(vat_bp=2100))).issued.vat_cents == 21_00


@pytest.mark.parametrize(
    ("facts", "day"),
    [
        ({}, DAY),
        ({"delivered_on": BEFORE}, BEFORE),
        ({"period": Period(start_on=date(2026, 11, 1), end_on=BEFORE)}, BEFORE),
        ({"period": Period(start_on=DAY, end_on=date(2027, 11, 23))}, DAY),
    ],
)
def test_the_day_of_supply_is_the_one_that_is_told_else_the_end_of_a_period_that_is_over(facts, day):
    assert supplied_on(Content(client_id=Books().client.id, **facts), DAY) == day
