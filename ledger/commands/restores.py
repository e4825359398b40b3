"""The declaration that a ledger was restored, made by the operator through the job's role, while it is read-only."""

from uuid import UUID

from domain.restore import LostNumbers, Restore
from ledger.checkpoint import next_origin
from ledger.entry import Entry


def declare_restore(
    entry: Entry,
    *,
    restore_id: UUID,
    known_size: int,
    known_root: str,
    known_head: str,
    lost_numbers: tuple[LostNumbers, ...] = (),
    lost_erasures: tuple[UUID, ...] = (),
) -> str:
    """Closes every series and goes on under another origin, which it answers. `known_…`: the highest checkpoint that
    was found outside, hashes in hexadecimal.
    """
    ((head, origin),) = entry.rows("SELECT encode(hash, 'hex'), origin FROM ledger.head WHERE company_id = %b")
    restore = Restore.declare(
        restore_id,
        kept_pos=entry.pos,
        kept_head=head,
        known_size=known_size,
        known_root=known_root,
        known_head=known_head,
        origin=next_origin(origin),
        lost_numbers=lost_numbers,
        lost_erasures=lost_erasures,
    )
    entry.save(restore)
    return next_origin(origin)
