"""What a person asked of her data, or the law asks for her: to be forgotten, to have a copy.

Source: RGPD art. 15, 17 and 20. No event names anybody: subjects are identifiers.
"""

from dataclasses import dataclass
from typing import Any, Literal, Self
from uuid import UUID

from domain.aggregate import Aggregate
from domain.errors import DomainError

ErasureGround = Literal["asked", "prospect", "needless"]


@dataclass(eq=False)
class NothingToErase(DomainError):
    """Nothing of a natural person is kept under this client or contact."""

    id: UUID


class Privacy(Aggregate):
    """A demand about personal data; a stream of its own."""

    TOPIC = "privacy"

    class Created(Aggregate.Created):
        """`subjects` are to be erased, all of the card of `client_id`: `subject.erased` follows for each. `ground`: she
        asked (`asked`), a prospect silent for three years, or data that serve no purpose any more (`needless`).
        """

        TOPIC = "security.erasure_asked"
        client_id: UUID
        subjects: tuple[UUID, ...]
        ground: ErasureGround

        def apply(self, aggregate: "Privacy") -> None:
            aggregate.erasure = self

    class Given(Aggregate.Created):
        """All that is held about `subject_id` was handed out as a file."""

        TOPIC = "security.personal_data_given"
        subject_id: UUID

        def apply(self, aggregate: "Privacy") -> None:
            """Nothing follows from it."""

    class FilesErased(Aggregate.Created):
        """Frozen files of an erased client's documents, past their term, are here no more: their SHA-256, in hex."""

        TOPIC = "security.files_erased"
        subject_id: UUID
        files: tuple[str, ...]

        def apply(self, aggregate: "Privacy") -> None:
            """Nothing follows from it."""

    def __init__(self) -> None:
        self.erasure: Privacy.Created | None = None

    @classmethod
    def erase(cls, id: UUID, **facts: Any) -> Self:
        return cls._begin(id, **facts)

    @classmethod
    def give(cls, id: UUID, subject_id: UUID) -> Self:
        return cls._create(cls.Given, id=id, subject_id=subject_id)

    @classmethod
    def erase_files(cls, id: UUID, subject_id: UUID, files: tuple[str, ...]) -> Self:
        return cls._create(cls.FilesErased, id=id, subject_id=subject_id, files=files)
