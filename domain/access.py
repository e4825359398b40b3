"""Who came in, who tried, what was taken away, who may: the events of security, for the journal of technical events.

Each is a stream of its own. Sign-ins are recorded afterwards, by a job: `happened_at` says when. The name of a user
never stands in a line, nor what was typed by somebody who is none. Source: BOI-TVA-DECLA-30-10-30 § 120.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Self
from uuid import UUID

from domain.aggregate import Aggregate
from domain.errors import DomainError

Role = Literal["owner", "collaborator", "accountant", "inspector", "reader"]


@dataclass(eq=False)
class LastOwner(DomainError):
    """A company always has an owner: another one is made first."""

    subject_id: UUID


@dataclass(eq=False)
class InvitationOver(DomainError):
    """It was taken, withdrawn, or its time is over."""

    invitation_id: UUID


@dataclass(eq=False)
class AccountStillOpen(DomainError):
    """An account is deleted once no company is open to its person."""

    subject_id: UUID


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

    class SessionExpired(Aggregate.Created):
        """A session ended by itself: not used for hours, or too old."""

        TOPIC = "security.session_expired"
        subject_id: UUID
        happened_at: datetime

    class ListExported(Aggregate.Created):
        """Somebody took a list as a file; `place` of the program, `what`: the name of the file."""

        TOPIC = "security.list_exported"
        place: str
        what: str
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

    class MemberInvited(Aggregate.Created):
        """Whoever takes the invitation becomes `role`: then comes `security.rights_granted`."""

        TOPIC = "security.member_invited"
        role: Role

    class InvitationWithdrawn(Aggregate.Event):
        TOPIC = "security.invitation_withdrawn"

    class PasswordChanged(Aggregate.Created):
        TOPIC = "security.password_changed"
        happened_at: datetime

    class EmailChanged(Aggregate.Created):
        TOPIC = "security.email_changed"
        happened_at: datetime

    class SecondFactorSet(Aggregate.Created):
        TOPIC = "security.second_factor_set"
        happened_at: datetime

    class SecondFactorRemoved(Aggregate.Created):
        TOPIC = "security.second_factor_removed"
        happened_at: datetime

    class RecoveryCodeUsed(Aggregate.Created):
        TOPIC = "security.recovery_code_used"
        happened_at: datetime

    class PasskeyAdded(Aggregate.Created):
        TOPIC = "security.passkey_added"
        happened_at: datetime

    class PasskeyRemoved(Aggregate.Created):
        TOPIC = "security.passkey_removed"
        happened_at: datetime

    class SessionsEnded(Aggregate.Created):
        """She ended sessions of hers on other devices."""

        TOPIC = "security.sessions_ended"
        happened_at: datetime

    @classmethod
    def record(cls, event: type[Aggregate.Created], id: UUID, **facts: Any) -> Self:
        """One of the events above."""
        return cls._create(event, id=id, **facts)

    def withdraw_invitation(self) -> None:
        self.trigger_event(self.InvitationWithdrawn)
