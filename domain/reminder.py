"""Reminders that were sent, what stops them on an invoice for a while, and formal notices (« mises en demeure »)."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, Self, get_args
from uuid import UUID, uuid5

from domain.aggregate import Aggregate
from domain.errors import DomainError, Malformed, Missing
from domain.invoice import Invoice
from domain.parties import Fact, Sealed, Text
from domain.reminder_policy import Level

Cause = Literal["pause", "promise", "dispute"]
Hindrance = Literal["not_issued", "settled", "doubtful", "suspended", "changed", "retention", "under_way", "repeated"]


@dataclass(eq=False)
class NotReminded(DomainError):
    """This invoice is not reminded of now: `why`."""

    invoice_id: UUID
    why: Hindrance


@dataclass(eq=False)
class NotSuspended(DomainError):
    """The reminders of this invoice are not stopped."""

    invoice_id: UUID


class Reminded(Fact):
    """An invoice in a reminder: `due_on` = its first instalment that is not paid; `due_cents` = what is due of it;
    interest and fee as the text says them, 0 where it says none.
    """

    invoice_id: UUID
    level: Level
    due_on: date
    due_cents: int
    interest_cents: int = 0
    fee_cents: int = 0


class OpenPart(Fact):
    """A part of an instalment that is not paid."""

    due_on: date
    cents: int
    retention: bool = False


def open_parts(document: Invoice.Issued, outstanding_cents: int) -> tuple[OpenPart, ...]:
    """What is left of each instalment, the first due first: money covers the first ones first."""
    left, parts = outstanding_cents, []
    for instalment in sorted(document.instalments, key=lambda i: i.due_on, reverse=True):
        cents = min(instalment.amount_cents, left)
        if cents > 0:
            parts.append(OpenPart(due_on=instalment.due_on, cents=cents, retention=instalment.kind == "retention"))
        left -= max(cents, 0)
    return tuple(reversed(parts))


def due_cents(parts: tuple[OpenPart, ...], on: date) -> int:
    """What a reminder of that day asks for: all that is due by then, at least the first part.

    >>> parts = (OpenPart(due_on=date(2026, 1, 1), cents=10), OpenPart(due_on=date(2026, 2, 1), cents=5))
    >>> due_cents(parts, date(2025, 12, 30)), due_cents(parts, date(2026, 2, 1))
    (10, 15)
    """
    return sum(part.cents for part in parts if part.due_on <= max(on, parts[0].due_on))


class Reminder(Aggregate):
    """A mail that reminds a client of one invoice or of several; it is recorded when the mail server took it."""

    TOPIC = "reminder"

    class Created(Aggregate.Created):
        """`to`: each address sealed under its own subject. `notice_id`: the formal notice that went with it."""

        TOPIC = "reminder.sent"
        client_id: UUID
        reminded: tuple[Reminded, ...]
        to: tuple[Sealed, ...]
        message_id: str
        notice_id: UUID | None = None

        def apply(self, aggregate: "Reminder") -> None:
            aggregate.sent = self

    def __init__(self) -> None:
        self.sent: Reminder.Created

    @classmethod
    def send(
        cls, id: UUID, client_id: UUID, reminded: tuple[Reminded, ...], to: tuple[Sealed, ...], message_id: str,
        notice_id: UUID | None = None,
    ) -> Self:  # fmt: skip
        return cls._begin(
            id, client_id=client_id, reminded=reminded, to=to, message_id=message_id, notice_id=notice_id
        )  # fmt: skip


class Suspension(Aggregate):
    """What stops the reminders of an invoice: a pause, a promise to pay, a dispute. One stream for an invoice.

    `until_on`: the last day on which it holds; None: until somebody resumes them. A promise always has its day.
    """

    TOPIC = "suspension"

    class Created(Aggregate.Created):
        TOPIC = "reminder.suspended"
        invoice_id: UUID
        cause: Cause
        until_on: date | None = None
        note: Text = ""

        def apply(self, aggregate: "Suspension") -> None:
            aggregate.invoice_id = self.invoice_id
            aggregate.cause, aggregate.until_on = self.cause, self.until_on

    class Again(Aggregate.Event):
        TOPIC = "reminder.suspended_again"
        invoice_id: UUID
        cause: Cause
        until_on: date | None = None
        note: Text = ""

        def apply(self, aggregate: "Suspension") -> None:
            aggregate.cause, aggregate.until_on = self.cause, self.until_on

    class Resumed(Aggregate.Event):
        TOPIC = "reminder.resumed"
        invoice_id: UUID

        def apply(self, aggregate: "Suspension") -> None:
            aggregate.cause = None

    def __init__(self) -> None:
        self.invoice_id: UUID
        self.cause: Cause | None = None
        self.until_on: date | None = None

    @classmethod
    def begin(cls, invoice_id: UUID, cause: Cause, until_on: date | None, note: Text) -> Self:
        """Errors: `Missing`, `Malformed`."""
        check_cause(cause, until_on)
        return cls._begin(
            suspension_id(invoice_id), invoice_id=invoice_id, cause=cause, until_on=until_on, note=note
        )  # fmt: skip

    def again(self, cause: Cause, until_on: date | None, note: Text) -> None:
        """Errors: `Missing`, `Malformed`."""
        check_cause(cause, until_on)
        self.trigger_event(self.Again, invoice_id=self.invoice_id, cause=cause, until_on=until_on, note=note)

    def resume(self) -> None:
        """Errors: `NotSuspended`."""
        if self.cause is None:
            raise NotSuspended(self.invoice_id)
        self.trigger_event(self.Resumed, invoice_id=self.invoice_id)

    def holds(self, on: date) -> bool:
        return self.cause is not None and (self.until_on is None or on <= self.until_on)


def suspension_id(invoice_id: UUID) -> UUID:
    return uuid5(invoice_id, "reminders suspended")


def check_cause(cause: Cause, until_on: date | None) -> None:
    """Errors: `Missing`, `Malformed`."""
    if cause not in get_args(Cause):
        raise Malformed("cause", cause)
    if cause == "promise" and until_on is None:
        raise Missing("until_on")
