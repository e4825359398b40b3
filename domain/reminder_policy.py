"""When a client is reminded of what is due: what the company has chosen, and which step an unpaid invoice has come to.

A step counts days from the due date of the first instalment that is not paid: each instalment is reminded of anew.
"""

from typing import Final, Literal, Self, get_args
from uuid import UUID, uuid5

from domain.aggregate import Aggregate
from domain.errors import Malformed
from domain.parties import Fact

Level = Literal["before", "first", "second", "last"]
LEVELS: Final[tuple[Level, ...]] = get_args(Level)
MOST_DAYS: Final = 365


class Levels(Fact):
    """Days from the due date: before it for `before`, after it for the others. 0: this step is left out."""

    before: int = 3
    first: int = 7
    second: int = 15
    last: int = 30

    def days(self) -> tuple[tuple[Level, int], ...]:
        """The steps that are used with their day, negative before the due date, in their order."""
        found = ((level, getattr(self, level)) for level in LEVELS)
        return tuple((level, -days if level == "before" else days) for level, days in found if days)


class Policy(Fact):
    """What a company decides: `automatic`, or a list from which a person sends; `grouped`: one mail for a client's
    invoices; `statement`: the client's statement goes with it as PDF; `link`: one to the page of the invoice.
    """

    automatic: bool = False
    levels: Levels = Levels()
    grouped: bool = False
    statement: bool = True
    link: bool = True


class ReminderPolicy(Aggregate):
    """The company's choice; without an entry it is `Policy()`."""

    TOPIC = "reminder_policy"

    class Created(Aggregate.Created):
        TOPIC = "parameter.reminders_set"
        policy: Policy

        def apply(self, aggregate: "ReminderPolicy") -> None:
            aggregate.policy = self.policy

    class Changed(Aggregate.Event):
        TOPIC = "parameter.reminders_changed"
        policy: Policy

        def apply(self, aggregate: "ReminderPolicy") -> None:
            aggregate.policy = self.policy

    def __init__(self) -> None:
        self.policy = Policy()

    @classmethod
    def choose(cls, company_id: UUID, policy: Policy) -> Self:
        """Errors: `Malformed`."""
        check(policy)
        return cls._begin(policy_id(company_id), policy=policy)

    def change(self, policy: Policy) -> None:
        """Errors: `Malformed`."""
        check(policy)
        if policy != self.policy:
            self.trigger_event(self.Changed, policy=policy)


def policy_id(company_id: UUID) -> UUID:
    """The stream of the choice."""
    return uuid5(company_id, "reminder policy")


def check(policy: Policy) -> None:
    """Steps follow one another. Errors: `Malformed` with the step's name."""
    previous = -MOST_DAYS - 1
    for level, days in policy.levels.days():
        if (days > 0) == (level == "before") or not previous < days <= MOST_DAYS:
            raise Malformed(f"level_{level}", str(abs(days)))
        previous = days


def step(levels: Levels, days: int, reached: Level | None) -> Level | None:
    """The step that is due `days` after the due date when `reached` was the last one sent; None: none is.

    Steps that were missed are not caught up one after the other: the latest one counts.

    >>> step(Levels(), 20, None), step(Levels(), 20, "second"), step(Levels(), -2, None), step(Levels(), 3, None)
    ('second', None, 'before', None)
    """
    due = [level for level, day in levels.days() if day <= days]
    if days >= 0:  # it is too late to say that it will be due
        due = [level for level in due if level != "before"]
    return due[-1] if due and later(due[-1], reached) else None


def next_step(levels: Levels, days: int, reached: Level | None) -> tuple[Level, int] | None:
    """The step that comes next, now or later, and its day from the due date."""
    now = step(levels, days, reached)
    if now:
        return next((level, day) for level, day in levels.days() if level == now)
    return next(((level, day) for level, day in levels.days() if day > days and later(level, reached)), None)


def suggested(levels: Levels, days: int, reached: Level | None) -> Level:
    """The tone in which a person would remind now: the step that is due, else the one after the last."""
    if days < 0:
        return "before"
    after = LEVELS[min(LEVELS.index(reached) + 1, len(LEVELS) - 1)] if reached else "first"
    return step(levels, days, reached) or after


def later(level: Level, reached: Level | None) -> bool:
    return reached is None or LEVELS.index(level) > LEVELS.index(reached)
