"""The keys of a ledger, told anew: the one that signs its checkpoints, the seal that closes its archives.

Source: ledger-format.md § 5 (`signer.declared`). Only public halves and fingerprints ever stand in a line.
"""

from datetime import date
from typing import Literal, Self
from uuid import UUID

from domain.aggregate import Aggregate

Cause = Literal["rotation", "loss", "compromise"]


class SignerKey(Aggregate):
    """One change of the key of the checkpoints; a stream of its own."""

    TOPIC = "signer"

    class Created(Aggregate.Created):
        """From this entry on `signer` signs, a C2SP verifier key; notes of `previous` count up to `valid_to_pos`."""

        TOPIC = "signer.declared"
        signer: str
        previous: str
        cause: Cause
        valid_to_pos: int

    @classmethod
    def declare(cls, id: UUID, *, signer: str, previous: str, cause: Cause, valid_to_pos: int) -> Self:
        return cls._begin(id, signer=signer, previous=previous, cause=cause, valid_to_pos=valid_to_pos)


class ArchiveSeal(Aggregate):
    """One change of the seal of the archives; a stream of its own."""

    TOPIC = "seal"

    class Created(Aggregate.Created):
        """From now on archives are sealed by the certificate of this SHA-256, in hex, until that day at most.

        `owner`: whose it is, the `installation`'s own or the `company`'s.
        """

        TOPIC = "seal.declared"
        sha256: str
        expires_on: date
        owner: Literal["installation", "company"]

    @classmethod
    def declare(cls, id: UUID, *, sha256: str, expires_on: date, owner: Literal["installation", "company"]) -> Self:
        return cls._begin(id, sha256=sha256, expires_on=expires_on, owner=owner)
