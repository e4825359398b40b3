"""Dates that come back, and what the invoice of each says."""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.content import Content
from domain.errors import Malformed
from domain.lines import DraftLine, Period
from domain.recurring import NotDue, Plan, Recurring, RecurringStopped, StartsInPast
from domain.recurring_content import content_of, indexed, whole_years
from domain.schedule import Schedule

DAYS = st.dates(date(1990, 1, 1), date(2200, 12, 31))
SCHEDULES = st.builds(
    Schedule, first_on=DAYS, every_months=st.integers(1, 36), end_of_month=st.booleans(),
    last_on=st.none(), times=st.integers(0, 40),
)  # fmt: skip
START = date(2027, 1, 31)


def plan(first_on=START, price="100", **facts):
    line = DraftLine(
        id="1", label="Entretien", nature="services", unit_price=Decimal(price), vat_bp=2000, vat_category="S"
    )
    schedule = Schedule(first_on=first_on, **facts.pop("schedule", {}))
    return Plan(content=Content(client_id=uuid4(), lines=(line,)), schedule=schedule, **facts)


def defined(**facts):
    return Recurring.define(uuid4(), plan(**facts), START)


@given(SCHEDULES, st.integers(1, 40))
def test_each_date_is_so_many_months_after_the_one_before_on_its_day_or_the_last(schedule, rank):
    first, on = schedule.first_on, schedule.beyond(rank)
    months = (on.year - first.year) * 12 + on.month - first.month
    assert months == (rank - 1) * schedule.every_months
    last = monthrange(on.year, on.month)[1]
    assert on.day == (last if schedule.end_of_month else min(first.day, last))


@given(SCHEDULES, DAYS)
def test_the_rank_from_a_day_is_the_first_date_not_before_it(schedule, day):
    rank = schedule.rank_from(day)
    assert schedule.beyond(rank) >= day
    assert rank == 1 or schedule.beyond(rank - 1) < day


@given(SCHEDULES)
def test_dates_only_go_forward_and_end_after_their_number(schedule):
    dates = [schedule.date_of(rank) for rank in range(1, 45)]
    known = [on for on in dates if on]
    assert all(before < after for before, after in pairwise(known))
    assert dates[: len(known)] == known
    assert len(known) == min(44, schedule.times or 44)


@given(SCHEDULES, st.integers(0, 3000))
def test_the_last_date_is_included_and_none_comes_after_it(schedule, days):
    last_on = schedule.first_on + timedelta(days=days)
    ending = Schedule(first_on=schedule.first_on, every_months=schedule.every_months, last_on=last_on)
    rank = ending.rank_from(last_on + timedelta(days=1))
    assert ending.date_of(rank) is None
    assert rank == 1 or ending.date_of(rank - 1) <= last_on


@given(SCHEDULES, DAYS, st.integers(1, 10))
def test_dates_before_a_day_are_those_from_a_rank_up_to_it(schedule, day, rank):
    before = schedule.before(day, rank)
    assert all(on < day for on in before)
    following = schedule.date_of(rank + len(before))
    assert following is None or following >= day


def test_the_calendar_has_an_end():
    assert Schedule(first_on=date(9999, 6, 1), every_months=12).date_of(2) is None


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("every_months", {"every_months": 0}), ("every_months", {"every_months": 121}), ("times", {"times": -1}),
        ("last_on", {"last_on": date(2027, 1, 30)}),
    ],
)  # fmt: skip
def test_a_schedule_that_cannot_be_kept_is_refused(field, facts):
    with pytest.raises(Malformed) as refused:
        defined(schedule=facts)
    assert refused.value.field == field


def test_a_recurrence_does_not_begin_in_the_past():
    with pytest.raises(StartsInPast):
        defined(first_on=date(2027, 1, 30))


def test_each_date_is_invoiced_once_in_its_order_and_never_before_its_day():
    recurring, first, second = defined(), START, date(2027, 2, 28)
    with pytest.raises(NotDue):
        recurring.invoice(first, uuid4(), date(2027, 1, 30))
    with pytest.raises(NotDue):
        recurring.invoice(second, uuid4(), date(2027, 3, 1))
    recurring.invoice(first, uuid4(), first)
    with pytest.raises(NotDue):
        recurring.invoice(first, uuid4(), first)
    assert recurring.next_on == second


def test_what_went_by_during_a_pause_is_told_and_not_invoiced():
    recurring = defined()
    recurring.pause()
    with pytest.raises(NotDue):
        recurring.invoice(START, uuid4(), START)
    skipped = recurring.resume(date(2027, 3, 31))
    assert skipped == (START, date(2027, 2, 28))
    assert recurring.next_on == date(2027, 3, 31)


def test_a_number_of_times_counts_what_was_passed_over():
    recurring = defined(schedule={"times": 2})
    recurring.pause()
    recurring.resume(date(2027, 3, 1))
    assert recurring.state == "finished"


def test_a_new_rhythm_repeats_no_date_that_was_invoiced():
    recurring = defined()
    recurring.invoice(START, uuid4(), START)
    recurring.revise(plan(schedule={"every_months": 3}), recurring.version, START)
    assert recurring.next_on == date(2027, 4, 30)
    recurring.revise(plan(first_on=date(2027, 2, 15)), recurring.version, date(2027, 5, 1))
    assert recurring.next_on == date(2027, 5, 15)


def test_one_that_ended_stays_ended():
    recurring = defined()
    recurring.end()
    for act in (recurring.pause, recurring.end, lambda: recurring.resume(START)):
        with pytest.raises(RecurringStopped):
            act()
    assert (recurring.next_on, recurring.state) == (None, "ended")


def test_prices_grow_at_each_anniversary_of_the_day_they_were_written():
    recurring = defined(indexation_bp=250, price="400")
    prices = [
        content_of(recurring.plan, on).lines[0].unit_price for on in (START, date(2028, 1, 30), date(2028, 1, 31))
    ]
    assert prices == [400, 400, 410]
    recurring.revise(plan(price="500", indexation_bp=250), recurring.version, date(2028, 6, 1))
    assert content_of(recurring.plan, date(2029, 5, 31)).lines[0].unit_price == 500
    assert content_of(recurring.plan, date(2029, 6, 1)).lines[0].unit_price == Decimal("512.5")


@given(st.decimals(0, 10**6, places=2), st.integers(0, 5000), st.integers(0, 20))
def test_an_indexed_price_is_the_exact_one_to_half_a_cent(price, bp, years):
    exact = price * (1 + Decimal(bp) / 10_000) ** years
    assert abs(indexed(price, bp, years) - exact) <= Decimal("0.005")


@given(DAYS, DAYS)
def test_whole_years_are_anniversaries_reached(since, on):
    years = whole_years(since, on)
    assert years == 0 or Schedule(first_on=since, every_months=12).beyond(years + 1) <= on
    assert on < Schedule(first_on=since, every_months=12).beyond(years + 2)


@pytest.mark.parametrize(
    ("period", "start_on", "end_on"),
    [("ahead", date(2027, 2, 28), date(2027, 3, 30)), ("behind", date(2027, 1, 31), date(2027, 2, 27))],
)
def test_the_invoice_names_the_period_that_begins_or_ended_on_its_date(period, start_on, end_on):
    content = content_of(defined(period=period).plan, date(2027, 2, 28))
    assert content.period == Period(start_on=start_on, end_on=end_on)
