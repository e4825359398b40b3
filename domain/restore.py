"""A backup was restored: the ledger says what it gives up, and begins a history of its own."""

from typing import Self
from uuid import UUID

import msgspec

from domain.aggregate import Aggregate
from domain.parties import Fact


class LostNumbers(Fact, kw_only=True):
    """Numbers of a series given in the history that is lost, both ends included: they are never given again."""

    series: str
    from_: int = msgspec.field(name="from")
    to: int


class Restore(Aggregate):
    """One declaration; a stream of its own. Hashes are hexadecimal.

    `kept_…`: where the ledger stands; `known_…`: the highest checkpoint of it that was found outside; `lost_erasures`:
    persons who had been erased since, whose values came back. What was lost is told as far as it is known.
    """

    TOPIC = "restore"

    class Created(Aggregate.Created):
        TOPIC = "ledger.restored"
        kept_pos: int
        kept_head: str
        known_size: int
        known_root: str
        known_head: str
        origin: str
        lost_numbers: tuple[LostNumbers, ...] = ()
        lost_erasures: tuple[UUID, ...] = ()

    @classmethod
    def declare(
        cls,
        id: UUID,
        *,
        kept_pos: int,
        kept_head: str,
        known_size: int,
        known_root: str,
        known_head: str,
        origin: str,
        lost_numbers: tuple[LostNumbers, ...] = (),
        lost_erasures: tuple[UUID, ...] = (),
    ) -> Self:
        return cls._begin(
            id,
            kept_pos=kept_pos,
            kept_head=kept_head,
            known_size=known_size,
            known_root=known_root,
            known_head=known_head,
            origin=origin,
            lost_numbers=lost_numbers,
            lost_erasures=lost_erasures,
        )
