"""To whom the receipt of the checkpoint goes at each monthly closing: to roles, since addresses are personal."""

from typing import Literal, Self
from uuid import UUID, uuid5

from domain.aggregate import Aggregate

Receiver = Literal["owner", "accountant"]


class ClosingMail(Aggregate):
    """One a company. Nobody is asked for by an empty `to`."""

    TOPIC = "closing_mail"

    class Created(Aggregate.Created):
        TOPIC = "parameter.receipts_asked"
        to: tuple[Receiver, ...]

        def apply(self, aggregate: "ClosingMail") -> None:
            aggregate.to = self.to

    class Changed(Aggregate.Event):
        TOPIC = "parameter.receipts_changed"
        to: tuple[Receiver, ...]

        def apply(self, aggregate: "ClosingMail") -> None:
            aggregate.to = self.to

    def __init__(self) -> None:
        self.to: tuple[Receiver, ...] = ()

    @classmethod
    def ask(cls, company_id: UUID, to: tuple[Receiver, ...]) -> Self:
        return cls._begin(closing_mail_id(company_id), to=to)

    def change(self, to: tuple[Receiver, ...]) -> None:
        """Nothing is recorded when it stays as it is."""
        if to != self.to:
            self.trigger_event(self.Changed, to=to)


def closing_mail_id(company_id: UUID) -> UUID:
    return uuid5(company_id, "closing mail")
