"""A verification of the chain and its result: an entry like any other, made by the job."""

from typing import Self
from uuid import UUID

from domain.aggregate import Aggregate


class Verification(Aggregate):
    """One run over the ledger; a stream of its own."""

    TOPIC = "verification"

    class Created(Aggregate.Created):
        TOPIC = "chain.verified"
        to_pos: int
        ok: bool
        findings: int

    @classmethod
    def record(cls, id: UUID, *, to_pos: int, findings: int) -> Self:
        return cls._begin(id, to_pos=to_pos, ok=not findings, findings=findings)
