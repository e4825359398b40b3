"""The result of a verification, recorded by the job."""

from uuid import UUID

from domain.verification import Verification
from ledger.entry import Entry


def record_verification(entry: Entry, *, verification_id: UUID, to_pos: int, findings: int) -> None:
    """`to_pos` = the last position that was read; `findings` = how many defects it found."""
    entry.save(Verification.record(verification_id, to_pos=to_pos, findings=findings))
