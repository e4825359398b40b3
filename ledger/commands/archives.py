"""Archives, traced: made by the job, put away by their owner."""

from datetime import date
from uuid import UUID

from domain.archive import Archive
from domain.document import KEPT_YEARS
from ledger.entry import Entry

DUE = """
    SELECT DISTINCT encode(b.sha256, 'hex')
      FROM ledger.entry e
      JOIN ledger.blob b ON b.company_id = e.company_id
                        AND b.sha256 = decode(e.line::json #>> '{data,sha256}', 'hex')
     WHERE e.company_id = %s AND e.type = 'document.rendered' AND e.pos BETWEEN %s AND %s
       AND b.kept_until + make_interval(years => %s) < (now() AT TIME ZONE 'UTC')::date
    """
DROP = "SELECT ledger.drop_files(%(company)s, %(files)s)"


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


def purge_archive(entry: Entry, *, archive_id: UUID, years: int) -> int:
    """Files of documents that this archive holds and whose term is over go; how many. `years`: at least the ten of the
    law, from the end of the fiscal year. Lines, hashes and totals stay. Errors: `NotFound`, `NotKept`.
    """
    archive = entry.get(Archive, archive_id)
    made, longer = archive.created, max(years - KEPT_YEARS, 0)
    files = tuple(sha256 for (sha256,) in entry.rows(DUE, made.from_pos, made.to_pos, longer))
    if files:
        archive.purge(files)
        entry.save(archive)
        entry.beside(DROP, files=[bytes.fromhex(sha256) for sha256 in files])
    return len(files)
