"""Who came in, who tried, what was taken away, who may: the events of security, for the journal of technical events.

Each is a stream of its own. Sign-ins are recorded afterwards, by a job: `happened_at` says when. The name of a user
never stands in a line, nor what was typed by somebody who is none. Source: BOI-TVA-DECLA-30-10-30 § 120.
"""

from datetime import datetime
from typing import Any, Literal, Self
from uuid import UUID

from domain.aggregate import Aggregate

Role = Literal["owner", "collaborator", "accountant", "inspector"]


class Access(Aggregate):
    """One event of security. `subject_id`: the user that it is about, where that is not who did it."""

    TOPIC = "access"

    class Created(Aggregate.Created):
        """A session opened this company: `role` is what the person was in it."""

        TOPIC = "security.signed_in"
        role: Role
        happened_at: datetime

    class SignedOut(Aggregate.Created):
        TOPIC = "security.signed_out"
        happened_at: datetime

    class SignInFailed(Aggregate.Created):
        """A wrong password for a user of this company; one a minute at most."""

        TOPIC = "security.sign_in_failed"
        subject_id: UUID
        happened_at: datetime

    class FileTaken(Aggregate.Created):
        """An inspector downloaded a file: `place` of the program, `what` there (an id, a position, a number)."""

        TOPIC = "security.file_taken"
        place: str
        happened_at: datetime
        what: str = ""

    class RightsGranted(Aggregate.Created):
        """From now on `subject_id` is `role` here, until that instant if there is one."""

        TOPIC = "security.rights_granted"
        subject_id: UUID
        role: Role
        until_at: datetime | None = None

    class RightsWithdrawn(Aggregate.Created):
        TOPIC = "security.rights_withdrawn"
        subject_id: UUID

    @classmethod
    def record(cls, event: type[Aggregate.Created], id: UUID, **facts: Any) -> Self:
        """One of the events above."""
        return cls._create(event, id=id, **facts)
