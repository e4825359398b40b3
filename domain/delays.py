"""What of an invoice was late, and for how long: each instalment against the money that came, the first due first."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from domain.lines import Instalment


class Delay(NamedTuple):
    """A sum that was due on one day and came on another, or has not come by then."""

    base_cents: int
    due_on: date
    on: date


class Settled(NamedTuple):
    """What took some of the debt away: `money`, or a credit note, on which no interest is owed."""

    on: date
    cents: int
    money: bool = True


def delays(instalments: Iterable[Instalment], settled: Iterable[Settled], on: date) -> tuple[Delay, ...]:
    """Up to `on`, in the order of the due dates.

    >>> parts = [Instalment(due_on=date(2026, 3, 1), amount_cents=100)]
    >>> [(late.base_cents, late.on.day) for late in delays(parts, [Settled(date(2026, 3, 9), 40)], date(2026, 3, 20))]
    [(40, 9), (60, 20)]
    """
    came, found = [*sorted(settled)], []
    for part in sorted(instalments, key=lambda part: part.due_on):
        left = part.amount_cents
        while left > 0:
            one = came.pop(0) if came else Settled(on, left)
            taken = min(left, one.cents)
            if one.money and one.on > part.due_on:
                found.append(Delay(taken, part.due_on, one.on))
            left -= taken
            if one.cents > taken:
                came.insert(0, one._replace(cents=one.cents - taken))
    return tuple(found)
