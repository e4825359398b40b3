"""What a reminder asks for, and what stops it."""

from datetime import date
from uuid import uuid4

import pytest

from domain.errors import Malformed, Missing
from domain.reminder import NotSuspended, OpenPart, Suspension, due_cents

DUE = date(2026, 3, 1)


def test_a_reminder_asks_for_what_is_due_and_never_for_what_comes_later():
    parts = (OpenPart(due_on=DUE, cents=40), OpenPart(due_on=date(2027, 3, 1), cents=5, retention=True))
    assert due_cents(parts, date(2026, 2, 26)) == 40
    assert due_cents(parts, date(2026, 12, 1)) == 40
    assert due_cents(parts, date(2027, 3, 1)) == 45


def test_a_promise_holds_until_its_day_and_a_dispute_until_somebody_resumes():
    promise = Suspension.begin(uuid4(), "promise", DUE, "")
    assert promise.holds(DUE)
    assert not promise.holds(date(2026, 3, 2))
    promise.again("dispute", None, "")
    assert promise.holds(date(2030, 1, 1))
    promise.resume()
    assert not promise.holds(DUE)
    with pytest.raises(NotSuspended):
        promise.resume()


def test_a_promise_without_a_day_is_none():
    with pytest.raises(Missing):
        Suspension.begin(uuid4(), "promise", None, "")
    with pytest.raises(Malformed):
        Suspension.begin(uuid4(), "mood", None, "")
