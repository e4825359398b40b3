"""An archive that was made, and where its owner put it: both are entries of the ledger that it holds.

Source: BOI-TVA-DECLA-30-10-30 §§ 220 to 260: archiving operations are traced; a purge wants the archive on a medium
of the user's own.
"""

from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID

from domain.aggregate import Aggregate
from domain.errors import DomainError, Malformed


@dataclass(eq=False)
class AlreadyKept(DomainError):
    """Where this archive is kept was said already."""

    id: UUID


@dataclass(eq=False)
class NotKept(DomainError):
    """Nothing is purged of what no archive on a medium of the owner's holds."""

    id: UUID


class Archive(Aggregate):
    """A file that left, by what it holds and by its digest."""

    TOPIC = "archive"

    class Created(Aggregate.Created):
        """Positions, both included; `sha256` and `size` (bytes) of the file; `state_sha256` of the state after it."""

        TOPIC = "archive.created"
        from_pos: int
        to_pos: int
        sha256: str
        size: int
        state_sha256: str
        from_: date
        to: date

        def apply(self, aggregate: "Archive") -> None:
            aggregate.created = self

    class Kept(Aggregate.Event):
        """The owner put the file on a medium of her own: `where`, in her words."""

        TOPIC = "archive.kept"
        where: str
        kept_on: date

        def apply(self, aggregate: "Archive") -> None:
            aggregate.where = self.where

    class Purged(Aggregate.Event):
        """Frozen files that this archive holds, past their term, are here no more: their SHA-256, in hex."""

        TOPIC = "archive.purged"
        files: tuple[str, ...]

        def apply(self, aggregate: "Archive") -> None:
            pass

    def __init__(self) -> None:
        self.created: Archive.Created
        self.where = ""

    @classmethod
    def create(
        cls, id: UUID, *, from_pos: int, to_pos: int, sha256: str, size: int, state_sha256: str, first: date, last: date
    ) -> Self:
        """`first` and `last`: the days of recording that it holds, both included."""
        return cls._begin(
            id, from_pos=from_pos, to_pos=to_pos, sha256=sha256, size=size, state_sha256=state_sha256, from_=first,
            to=last,
        )  # fmt: skip

    def keep(self, where: str, on: date) -> None:
        """Errors: `Malformed` without words, `AlreadyKept`."""
        if not where:
            raise Malformed("where", where)
        if self.where:
            raise AlreadyKept(self.id)
        self.trigger_event(self.Kept, where=where, kept_on=on)

    def purge(self, files: tuple[str, ...]) -> None:
        """Errors: `NotKept`."""
        if not self.where:
            raise NotKept(self.id)
        self.trigger_event(self.Purged, files=tuple(sorted(files)))
