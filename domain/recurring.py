"""Recurring invoices: what is invoiced again and again, when, and what the worker does of it by itself."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, Self
from uuid import UUID

from msgspec.structs import replace

from domain.aggregate import Aggregate
from domain.content import Content, check_version
from domain.errors import DomainError, Malformed
from domain.parties import Fact
from domain.schedule import Schedule

MOST_INDEXATION_BP = 5_000

RecurringState = Literal["active", "paused", "finished", "ended"]


@dataclass(eq=False)
class RecurringStopped(DomainError):
    """What is asked is not possible to a recurrence in this state."""

    state: RecurringState


@dataclass(eq=False)
class StartsInPast(DomainError):
    """A recurrence never makes invoices of days gone by: its first date is `day` or later."""

    first_on: date
    day: date


@dataclass(eq=False)
class NotDue(DomainError):
    """No invoice is due for that date: it was made already, or the recurrence changed meanwhile."""

    due_on: date


class Plan(Fact):
    """What each invoice says and when. `issue`: by itself, else a draft waits; `mail`: sent too, to the content's
    contacts. `period`: the invoice names the period that begins (`ahead`) or ended (`behind`) on its date.

    Unit prices grow by `indexation_bp` with each whole year since `prices_on`.
    """

    content: Content
    schedule: Schedule
    issue: bool = False
    mail: bool = False
    period: Literal["", "ahead", "behind"] = ""
    indexation_bp: int = 0
    prices_on: date | None = None


class Recurring(Aggregate):
    """One thing invoiced again and again; `next_rank` of its schedule comes next."""

    TOPIC = "recurring"

    class Created(Aggregate.Created):
        """`copied_from` = the invoice whose content it took over."""

        TOPIC = "recurring.defined"
        plan: Plan
        copied_from: UUID | None = None

        def apply(self, aggregate: "Recurring") -> None:
            aggregate.plan = self.plan

    class Revised(Aggregate.Event):
        """The whole plan after the change; its dates go on from `next_rank`."""

        TOPIC = "recurring.revised"
        plan: Plan
        next_rank: int

        def apply(self, aggregate: "Recurring") -> None:
            aggregate.plan, aggregate.next_rank = self.plan, self.next_rank

    class Paused(Aggregate.Event):
        TOPIC = "recurring.paused"

        def apply(self, aggregate: "Recurring") -> None:
            aggregate.paused = True

    class Resumed(Aggregate.Event):
        """`skipped` = the dates that went by and are not caught up."""

        TOPIC = "recurring.resumed"
        next_rank: int
        skipped: tuple[date, ...] = ()

        def apply(self, aggregate: "Recurring") -> None:
            aggregate.paused, aggregate.next_rank = False, self.next_rank

    class Ended(Aggregate.Event):
        TOPIC = "recurring.ended"

        def apply(self, aggregate: "Recurring") -> None:
            aggregate.ended = True

    class Invoiced(Aggregate.Event):
        """The invoice of a date was drafted; it names this recurrence, and says itself whether it was issued."""

        TOPIC = "recurring.invoiced"
        due_on: date
        invoice_id: UUID
        next_rank: int

        def apply(self, aggregate: "Recurring") -> None:
            aggregate.made_on, aggregate.next_rank = self.due_on, self.next_rank

    def __init__(self) -> None:
        self.plan = Plan(content=Content(client_id=self.id), schedule=Schedule(first_on=date.max))
        self.next_rank = 1
        self.made_on: date | None = None
        self.paused = self.ended = False

    @classmethod
    def define(cls, id: UUID, plan: Plan, day: date, *, copied_from: UUID | None = None) -> Self:
        """Errors: `Malformed`, `StartsInPast`."""
        _check(plan)
        if plan.schedule.first_on < day:
            raise StartsInPast(plan.schedule.first_on, day)
        return cls._begin(id, plan=replace(plan, prices_on=plan.schedule.first_on), copied_from=copied_from)

    @property
    def content(self) -> Content:
        return self.plan.content

    @property
    def next_on(self) -> date | None:
        """The next date, also of one that is paused; None when there is none to come."""
        return None if self.ended else self.plan.schedule.date_of(self.next_rank)

    @property
    def state(self) -> RecurringState:
        if self.ended:
            return "ended"
        if self.next_on is None:
            return "finished"
        return "paused" if self.paused else "active"

    def revise(self, plan: Plan, base_version: int, day: date) -> None:
        """A new rhythm counts from today on: no date gone by, nor one invoiced already, comes again."""
        self._check_state("active", "paused", "finished")
        check_version(self.id, self.version, base_version)
        _check(plan)
        next_rank, same = self.next_rank, _prices(plan) == _prices(self.plan)
        if plan.schedule.rhythm != self.plan.schedule.rhythm:
            next_rank = plan.schedule.rank_from(day)
            if self.made_on and plan.schedule.beyond(next_rank) == self.made_on:
                next_rank += 1
        plan = replace(plan, prices_on=self.plan.prices_on if same else day)
        self.trigger_event(self.Revised, plan=plan, next_rank=next_rank)

    def pause(self) -> None:
        self._check_state("active")
        self.trigger_event(self.Paused)

    def resume(self, day: date) -> tuple[date, ...]:
        """Goes on with the first date from `day` on: the dates passed over."""
        if not self.paused or self.ended:
            raise RecurringStopped(self.state)
        skipped = self.plan.schedule.before(day, self.next_rank)
        self.trigger_event(self.Resumed, next_rank=self.next_rank + len(skipped), skipped=skipped)
        return skipped

    def end(self) -> None:
        self._check_state("active", "paused", "finished")
        self.trigger_event(self.Ended)

    def invoice(self, due_on: date, invoice_id: UUID, day: date) -> None:
        """Errors: `NotDue`."""
        if self.state != "active" or self.next_on != due_on or due_on > day:
            raise NotDue(due_on)
        self.trigger_event(self.Invoiced, due_on=due_on, invoice_id=invoice_id, next_rank=self.next_rank + 1)

    def _check_state(self, *states: RecurringState) -> None:
        if self.state not in states:
            raise RecurringStopped(self.state)


def _prices(plan: Plan) -> list[Decimal]:
    """New prices are those of the day they are written: they grow from then on."""
    return [line.unit_price for line in plan.content.lines]


def _check(plan: Plan) -> None:
    plan.schedule.check()
    if not 0 <= plan.indexation_bp <= MOST_INDEXATION_BP:
        raise Malformed("indexation_bp", str(plan.indexation_bp))
