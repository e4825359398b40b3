"""What the invoice of one date of a recurrence says: prices of its year, its period."""

from datetime import date, timedelta
from decimal import Decimal

from msgspec.structs import replace

from domain.content import Content
from domain.lines import Period
from domain.money import rounded
from domain.recurring import Plan
from domain.schedule import Schedule


def content_of(plan: Plan, due_on: date) -> Content:
    """The plan's content on that date."""
    years = whole_years(plan.prices_on or plan.schedule.first_on, due_on)
    lines = tuple(
        replace(line, unit_price=indexed(line.unit_price, plan.indexation_bp, years)) for line in plan.content.lines
    )
    return replace(plan.content, lines=lines, period=_period(plan, due_on) or plan.content.period)


def indexed(price: Decimal, bp: int, years: int) -> Decimal:
    """A price after so many years, rounded once, with its own decimals and two at least.

    >>> indexed(Decimal(400), 250, 3), indexed(Decimal("0.125"), 250, 1)
    (Decimal('430.76'), Decimal('0.128'))
    """
    if not bp or years < 1:
        return price
    exponent = price.as_tuple().exponent
    places = max(2, -exponent if isinstance(exponent, int) else 2)
    above, below = price.as_integer_ratio()
    return Decimal(rounded(above * 10**places * (10_000 + bp) ** years, below * 10_000**years)).scaleb(-places)


def whole_years(since: date, on: date) -> int:
    """Anniversaries reached; that of 29 February is 28 February in a common year."""
    return max(0, Schedule(first_on=since, every_months=12).rank_from(on + timedelta(days=1)) - 2)


def _period(plan: Plan, due_on: date) -> Period | None:
    """From this date to the day before the next, or from the one before to the day before this."""
    if not plan.period:
        return None
    rank, day = plan.schedule.rank_from(due_on), timedelta(days=1)
    other = plan.schedule.beyond(rank + (1 if plan.period == "ahead" else -1))
    if other is None:
        return None
    return Period(start_on=min(due_on, other), end_on=max(due_on, other) - day)
