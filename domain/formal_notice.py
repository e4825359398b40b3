"""A formal notice (« mise en demeure »): a letter that asks for what is due before the courts are asked, kept as PDF.

Source: Code civil, art. 1231-6 and 1344 (interest at the legal rate runs from it towards a consumer).
"""

from datetime import date
from typing import Self
from uuid import UUID

from domain.aggregate import Aggregate
from domain.errors import Missing
from domain.reminder import Reminded


class FormalNotice(Aggregate):
    """A notice on one invoice or several of a client. A letter may be posted: that is said here; a mail is a
    `reminder.sent` that names it.
    """

    TOPIC = "formal_notice"

    class Created(Aggregate.Created):
        """`sha256` in hex is the name of the PDF in the store."""

        TOPIC = "reminder.notice_made"
        client_id: UUID
        reminded: tuple[Reminded, ...]
        made_on: date
        pay_by: date
        sha256: str
        bytes: int

        def apply(self, aggregate: "FormalNotice") -> None:
            aggregate.made = self

    class Posted(Aggregate.Event):
        """It went by post; `reference`: of the registered letter, empty for a plain one."""

        TOPIC = "reminder.notice_posted"
        posted_on: date
        reference: str = ""

        def apply(self, aggregate: "FormalNotice") -> None:
            aggregate.posted_on = self.posted_on

    def __init__(self) -> None:
        self.made: FormalNotice.Created
        self.posted_on: date | None = None

    @classmethod
    def make(
        cls, id: UUID, client_id: UUID, reminded: tuple[Reminded, ...], *, made_on: date, pay_by: date, sha256: str,
        bytes: int,
    ) -> Self:  # fmt: skip
        """Errors: `Missing` when it is about nothing."""
        if not reminded:
            raise Missing("documents")
        return cls._begin(
            id, client_id=client_id, reminded=reminded, made_on=made_on, pay_by=pay_by, sha256=sha256, bytes=bytes
        )  # fmt: skip

    def post(self, on: date, reference: str) -> None:
        self.trigger_event(self.Posted, posted_on=on, reference=reference)
