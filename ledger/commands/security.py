"""Events of security and of the program, recorded by the job; rights, by the owner."""

from datetime import datetime
from uuid import UUID

from domain.access import Access, Role
from domain.aggregate import Aggregate
from domain.errors import NotFound
from domain.program import Program, program_stream
from ledger.entry import Entry

GRANT = """
    INSERT INTO accounts.memberships (company_id, user_id, role, until_at)
    VALUES (%(company)s, %(user)s, %(role)s, %(until)s)
    ON CONFLICT (company_id, user_id) DO UPDATE
       SET role = excluded.role, from_at = least(accounts.memberships.from_at, now()), until_at = excluded.until_at
    """
WITHDRAW = """
    UPDATE accounts.memberships
       SET from_at = least(from_at, now()),
           until_at = greatest(now(), least(from_at, now()) + interval '1 microsecond')
     WHERE company_id = %(company)s AND user_id = %(user)s AND (until_at IS NULL OR until_at > now())
    """
CHANGES: dict[str, type[Aggregate.Created]] = {  # what a person did to the safety of her own account
    "password_changed": Access.PasswordChanged,
    "email_changed": Access.EmailChanged,
    "second_factor_set": Access.SecondFactorSet,
    "second_factor_removed": Access.SecondFactorRemoved,
    "recovery_code_used": Access.RecoveryCodeUsed,
    "passkey_added": Access.PasskeyAdded,
    "passkey_removed": Access.PasskeyRemoved,
    "sessions_ended": Access.SessionsEnded,
}


def note_signed_in(entry: Entry, *, access_id: UUID, role: Role, happened_at: datetime) -> None:
    entry.save(Access.record(Access.Created, access_id, role=role, happened_at=happened_at))


def note_signed_out(entry: Entry, *, access_id: UUID, happened_at: datetime) -> None:
    entry.save(Access.record(Access.SignedOut, access_id, happened_at=happened_at))


def note_sign_in_failed(entry: Entry, *, access_id: UUID, subject_id: UUID, happened_at: datetime) -> None:
    entry.save(Access.record(Access.SignInFailed, access_id, subject_id=subject_id, happened_at=happened_at))


def note_file_taken(entry: Entry, *, access_id: UUID, place: str, what: str, happened_at: datetime) -> None:
    entry.save(Access.record(Access.FileTaken, access_id, place=place, what=what, happened_at=happened_at))


def note_account_changed(entry: Entry, *, access_id: UUID, what: str, happened_at: datetime) -> None:
    """`what`: one of `CHANGES`."""
    entry.save(Access.record(CHANGES[what], access_id, happened_at=happened_at))


def note_list_exported(entry: Entry, *, access_id: UUID, place: str, what: str, happened_at: datetime) -> None:
    entry.save(Access.record(Access.ListExported, access_id, place=place, what=what, happened_at=happened_at))


def note_session_expired(entry: Entry, *, access_id: UUID, subject_id: UUID, happened_at: datetime) -> None:
    entry.save(Access.record(Access.SessionExpired, access_id, subject_id=subject_id, happened_at=happened_at))


def grant_rights(
    entry: Entry, *, access_id: UUID, subject_id: UUID, role: Role, until_at: datetime | None = None
) -> None:
    """The membership and its entry, in one transaction."""
    entry.save(Access.record(Access.RightsGranted, access_id, subject_id=subject_id, role=role, until_at=until_at))
    entry.beside(GRANT, user=subject_id, role=role, until=until_at)


def withdraw_rights(entry: Entry, *, access_id: UUID, subject_id: UUID) -> None:
    entry.save(Access.record(Access.RightsWithdrawn, access_id, subject_id=subject_id))
    entry.beside(WITHDRAW, user=subject_id)


def note_started(entry: Entry, *, software: str, major_root: str, perimeter: str, happened_at: datetime) -> None:
    """The program began to work on this ledger; first of all, whether it is the one of the last time."""
    entry.fetch(program_stream(entry.company_id))
    try:
        program = entry.get(Program, program_stream(entry.company_id))
        program.become(software, major_root, perimeter)
    except NotFound:
        program = Program.install(entry.company_id, software, major_root, perimeter)
    program.start(happened_at)
    entry.save(program)


def note_stopped(entry: Entry, *, happened_at: datetime) -> None:
    program = entry.get(Program, program_stream(entry.company_id))
    program.stop(happened_at)
    entry.save(program)
