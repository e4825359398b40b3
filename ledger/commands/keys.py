"""Keys told by the job: the one that signs from now on, the seal that archives have from now on."""

from datetime import date
from typing import Literal
from uuid import UUID

from domain.keys import ArchiveSeal, Cause, SignerKey
from ledger.entry import Entry


def declare_signer(
    entry: Entry, *, declaration_id: UUID, signer: str, previous: str, cause: Cause, trusted_to: int = 0
) -> None:
    """`trusted_to`: after a theft, how many entries the last note counts that the thief cannot have made.

    A key that changes as planned signs this very entry too; one that is lost signed nothing after the entry before.
    """
    valid_to_pos = {"rotation": entry.pos + 1, "loss": entry.pos, "compromise": trusted_to}[cause]
    entry.save(
        SignerKey.declare(
            declaration_id, signer=signer, previous=previous, cause=cause, valid_to_pos=valid_to_pos
        )
    )  # fmt: skip


def declare_seal(
    entry: Entry, *, declaration_id: UUID, sha256: str, expires_on: date, owner: Literal["installation", "company"]
) -> None:
    entry.save(ArchiveSeal.declare(declaration_id, sha256=sha256, expires_on=expires_on, owner=owner))
