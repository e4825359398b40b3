"""Clients and prospects: who may be quoted and invoiced.

The profile's card is sealed for a natural person, contacts' cards always. A client that documents name is archived: it
leaves the lists. One that none names is removed: it is nowhere but in the ledger. Personal data go with
`subject.erased`.
"""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from domain.aggregate import Aggregate
from domain.errors import DomainError
from domain.parties import Card, Contact, Fact, PartyKind
from domain.terms import PaymentTerms


@dataclass(eq=False)
class ClientArchived(DomainError):
    """An archived client is brought back before it is changed or invoiced."""

    id: UUID


@dataclass(eq=False)
class MergeRefused(DomainError):
    """Only a client in use is merged, into another one in use."""

    id: UUID


@dataclass(eq=False)
class ClientUsed(DomainError):
    """A client that a document names is not removed but archived; so is one that another was merged into."""

    id: UUID


class Profile(Fact):
    """What is known of a client.

    `natural_person` (a person or a sole trader) decides that the card is sealed; `country` and
    `territory` stay outside the card since they decide the VAT. `siren`, `siret`, `vat_number` of
    others stand in the card too: one place for both. `reminders` False: no automatic reminder goes to it.
    """

    kind: PartyKind
    card: Card
    natural_person: bool = False
    taxable: bool = True
    prospect: bool = False
    country: str = "FR"
    territory: str = "FR"
    delivery: Card = Card()
    contacts: tuple[Contact, ...] = ()
    terms: PaymentTerms | None = None
    language: str = "fr"
    tags: tuple[str, ...] = ()
    reminders: bool = True


class Client(Aggregate):
    """A client; `code` (C000123) is what accounting entries may show of it."""

    TOPIC = "client"

    class Created(Aggregate.Created):
        TOPIC = "client.created"
        code: str
        profile: Profile

        def apply(self, aggregate: "Client") -> None:
            aggregate.code = self.code
            aggregate.profile = self.profile

    class Changed(Aggregate.Event):
        """The whole profile after the change."""

        TOPIC = "client.changed"
        profile: Profile

        def apply(self, aggregate: "Client") -> None:
            aggregate.profile = self.profile

    class Archived(Aggregate.Event):
        TOPIC = "client.archived"

        def apply(self, aggregate: "Client") -> None:
            aggregate.archived = True

    class Restored(Aggregate.Event):
        """In use again; of one that was merged, on its own again."""

        TOPIC = "client.restored"

        def apply(self, aggregate: "Client") -> None:
            aggregate.archived, aggregate.merged_into = False, None

    class Merged(Aggregate.Event):
        """A duplicate of `into`, put away; its documents keep it as their buyer."""

        TOPIC = "client.merged"
        into: UUID

        def apply(self, aggregate: "Client") -> None:
            aggregate.archived, aggregate.merged_into = True, self.into

    class Removed(Aggregate.Event):
        """In no list any more; no document ever named it. Its code is given to nobody else."""

        TOPIC = "client.removed"

        def apply(self, aggregate: "Client") -> None:
            aggregate.archived = aggregate.removed = True

    def __init__(self) -> None:
        self.code = ""
        self.profile = Profile(kind="business", card=Card())
        self.archived = self.removed = False
        self.merged_into: UUID | None = None

    @classmethod
    def create(cls, id: UUID, code: str, profile: Profile) -> Self:
        return cls._begin(id, code=code, profile=profile)

    def change(self, profile: Profile) -> None:
        self.check_active()
        self.trigger_event(self.Changed, profile=profile)

    def archive(self) -> None:
        if not self.archived:
            self.trigger_event(self.Archived)

    def restore(self) -> None:
        if self.archived and not self.removed:
            self.trigger_event(self.Restored)

    def remove(self) -> None:
        if not self.removed:
            self.trigger_event(self.Removed)

    def merge(self, into: "Client") -> None:
        """Errors: `MergeRefused`."""
        for client in (self, into):
            if client.archived or into.id == self.id:
                raise MergeRefused(client.id)
        self.trigger_event(self.Merged, into=into.id)

    def check_active(self) -> None:
        if self.archived:
            raise ClientArchived(self.id)
