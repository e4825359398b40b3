"""Which step an unpaid invoice has come to, whatever a company chose."""

from random import Random

import pytest

from domain.errors import Malformed
from domain.reminder_policy import LEVELS, Levels, Policy, check, later, next_step, step, suggested

USUAL = Levels()


@pytest.mark.parametrize(
    ("days", "reached", "expected"),
    [
        (-4, None, None), (-3, None, "before"), (-1, "before", None), (0, None, None), (6, None, None),
        (7, None, "first"), (7, "before", "first"), (14, "first", None), (15, "first", "second"),
        (400, None, "last"), (400, "last", None), (30, "second", "last"),
    ],
)  # fmt: skip
def test_the_latest_step_that_was_not_sent_is_due(days, reached, expected):
    assert step(USUAL, days, reached) == expected


def test_a_step_that_is_left_out_is_never_due():
    assert step(Levels(second=0), 20, "first") is None
    assert step(Levels(before=0, first=0, second=0, last=0), 400, None) is None


def test_no_step_is_ever_due_twice_and_none_goes_back():
    dice = Random(6)
    for _ in range(500):
        first, second, last = sorted(dice.sample(range(1, 100), 3))
        levels, reached, sent = Levels(before=dice.randint(0, 9), first=first, second=second, last=last), None, []
        for days in sorted(dice.choices(range(-12, 120), k=60)):
            due = step(levels, days, reached)
            if due:
                assert later(due, reached), (levels, days)
                reached, sent = due, [*sent, due]
        assert sent == sorted(set(sent), key=LEVELS.index), levels


@pytest.mark.parametrize(
    "levels", [Levels(first=15, second=15), Levels(first=40), Levels(last=366), Levels(before=-3), Levels(second=-1)]
)
def test_steps_follow_one_another_within_a_year(levels):
    with pytest.raises(Malformed):
        check(Policy(levels=levels))


def test_the_next_step_is_told_with_its_day():
    assert next_step(USUAL, -10, None) == ("before", -3)
    assert next_step(USUAL, 8, "first") == ("second", 15)
    assert next_step(USUAL, 8, None) == ("first", 7)
    assert next_step(USUAL, 31, "last") is None


def test_a_person_reminds_in_the_tone_that_follows():
    assert suggested(USUAL, -10, None) == "before"
    assert suggested(USUAL, 3, None) == "first"
    assert suggested(USUAL, 8, "first") == "second"
    assert suggested(USUAL, 99, "last") == "last"
    assert suggested(USUAL, 20, None) == "second"
