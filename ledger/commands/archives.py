"""Archives, traced: made by the job, put away by their owner."""

from datetime import date
from uuid import UUID

from domain.archive import Archive
from ledger.entry import Entry


def record_archive(
    entry: Entry,
    *,
    archive_id: UUID,
    from_pos: int,
    to_pos: int,
    sha256: str,
    size: int,
    state_sha256: str,
    first: date,
    last: date,
) -> None:
    """After the file is complete and durable."""
    entry.save(
        Archive.create(
            archive_id, from_pos=from_pos, to_pos=to_pos, sha256=sha256, size=size, state_sha256=state_sha256,
            first=first, last=last,
        )
    )  # fmt: skip


def keep_archive(entry: Entry, *, archive_id: UUID, where: str) -> None:
    """The owner says where she put the file. Errors: `NotFound`, `Malformed`, `AlreadyKept`."""
    archive = entry.get(Archive, archive_id)
    archive.keep(where, entry.day)
    entry.save(archive)
