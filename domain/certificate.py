"""The publisher's individual attestation, given to this company: what was given, for which version, on which proof.

Source: CGI art. 286 I 3° bis; BOI-LETTRE-000242.
"""

from typing import Self
from uuid import UUID

from domain.aggregate import Aggregate


class Certificate(Aggregate):
    """One attestation; a stream of its own."""

    TOPIC = "certificate"

    class Created(Aggregate.Created):
        """`edition` of the model's wording; `version` and `major_root` of the software; `to_pos` entries were verified
        and found intact; `checkpoint_size` of the checkpoint that it cites; `sha256` in hex and `size` of the file.
        """

        TOPIC = "certificate.issued"
        edition: str
        version: str
        major_root: str
        checkpoint_size: int
        sha256: str
        size: int
        to_pos: int

    @classmethod
    def issue(
        cls, id: UUID, *, edition: str, version: str, major_root: str, checkpoint_size: int, sha256: str, size: int,
        to_pos: int,
    ) -> Self:  # fmt: skip
        return cls._begin(
            id, edition=edition, version=version, major_root=major_root, checkpoint_size=checkpoint_size,
            sha256=sha256, size=size, to_pos=to_pos,
        )  # fmt: skip
