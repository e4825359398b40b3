"""The base of our aggregates: ids are chosen by the caller, so that a repeated command makes one thing.

An event records itself by `apply`, which runs again at every replay: it only assigns.
"""

from typing import TYPE_CHECKING, Any, ClassVar, Self
from uuid import UUID

from eventsourcing.domain import Aggregate as LibraryAggregate


class Aggregate(LibraryAggregate):
    """A thing with a life of its own; `TOPIC` is its permanent name, as that of each of its events."""

    if TYPE_CHECKING:  # an annotation that runs would make each aggregate a dataclass
        TOPIC: ClassVar[str]

    @classmethod
    def _begin(cls, id: UUID, **facts: Any) -> Self:
        """A new aggregate, by its event `Created`, under the id `id`."""
        return cls._create(cls.Created, id=id, **facts)
