"""The attestation that was made, kept with its entry; by the job, after a clean verification."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from domain.certificate import Certificate
from ledger.entry import Entry

KEPT = timedelta(days=12 * 366)  # with the books of the years that it is used in


def keeping_certificate(content: bytes) -> Callable[..., str]:
    """The use case that keeps this PDF and records it: its SHA-256, in hex."""

    def issue_certificate(
        entry: Entry, *, certificate_id: UUID, edition: str, version: str, major_root: str, checkpoint_size: int,
        to_pos: int,
    ) -> str:  # fmt: skip
        sha256 = entry.keep(content, entry.day + KEPT)
        entry.save(
            Certificate.issue(
                certificate_id, edition=edition, version=version, major_root=major_root,
                checkpoint_size=checkpoint_size, sha256=sha256, size=len(content), to_pos=to_pos,
            )
        )  # fmt: skip
        return sha256

    return issue_certificate
