"""Who is a member of a company, and as what: invitations, changes of role, departures. Each is an entry.

The pen of the ledger is held meanwhile: two answers to one invitation, or two owners who leave at once, come one after
the other.
"""

from datetime import datetime
from uuid import UUID

from domain.access import Access, InvitationOver, LastOwner, Role
from domain.errors import NotFound
from ledger.commands.security import grant_rights, withdraw_rights
from ledger.entry import Entry

INVITE = """
    INSERT INTO accounts.invitations (company_id, id, token_hash, email, role, invited_by, expires_at, until_at)
    VALUES (%(company)s, %(id)s, %(token_hash)s, %(email)s, %(role)s, %(by)s,
            least(now() + make_interval(days => %(days)s), %(until)s), %(until)s)
    """
GOOD = """
    SELECT role, until_at FROM accounts.invitations
     WHERE company_id = %s AND id = %s
       AND accepted_at IS NULL AND withdrawn_at IS NULL AND expires_at > now()
    """
TAKEN = "UPDATE accounts.invitations SET accepted_at = now(), email = '' WHERE company_id = %(company)s AND id = %(id)s"
GONE = "UPDATE accounts.invitations SET withdrawn_at = now(), email = '' WHERE company_id = %(company)s AND id = %(id)s"
OWNERS = """
    SELECT user_id FROM accounts.memberships
     WHERE company_id = %s AND role = 'owner' AND from_at <= now() AND until_at IS NULL
    """
MEMBER = """
    SELECT role FROM accounts.memberships
     WHERE company_id = %s AND user_id = %s AND (until_at IS NULL OR until_at > now())
    """
OTHERS = """
    SELECT 1 FROM accounts.memberships
     WHERE company_id = %s AND user_id <> %s AND role <> 'inspector' AND (until_at IS NULL OR until_at > now())
    """
NOBODY_COMES = """
    UPDATE accounts.invitations SET withdrawn_at = now(), email = ''
     WHERE company_id = %(company)s AND accepted_at IS NULL AND withdrawn_at IS NULL AND invited_by = %(user)s
    """


def invite_member(entry: Entry, *, invitation_id: UUID, token_hash: str, email: str, role: Role, days: int) -> None:
    """Good for `days`. `token_hash` in hex: SHA-256 of what the mail's link holds. The address is not in the ledger."""
    _invite(entry, invitation_id, token_hash, email, role, days, None)


def invite_inspector(
    entry: Entry, *, invitation_id: UUID, token_hash: str, email: str, days: int, until_at: datetime
) -> None:
    """The same for somebody who reads until an instant: no user of the plan."""
    _invite(entry, invitation_id, token_hash, email, "inspector", days, until_at)


def withdraw_invitation(entry: Entry, *, invitation_id: UUID) -> None:
    """Errors: `NotFound`; `InvitationOver`."""
    invitation = entry.get(Access, invitation_id)
    _good(entry, invitation_id)
    invitation.withdraw_invitation()
    entry.save(invitation)
    entry.beside(GONE, id=invitation_id)


def accept_invitation(entry: Entry, *, invitation_id: UUID, access_id: UUID, subject_id: UUID) -> None:
    """Once. A member gets the new role. Errors: `InvitationOver`; `LastOwner`, who cannot become less by it."""
    role, until_at = _good(entry, invitation_id)
    if role != "owner":
        _keep_an_owner(entry, subject_id)
    grant_rights(entry, access_id=access_id, subject_id=subject_id, role=role, until_at=until_at)
    entry.beside(TAKEN, id=invitation_id)


def change_role(entry: Entry, *, access_id: UUID, subject_id: UUID, role: Role) -> bool:
    """False: she is that already. Errors: `NotFound` for somebody who is no member; `LastOwner`."""
    if _member(entry, subject_id) == role:
        return False
    if role != "owner":
        _keep_an_owner(entry, subject_id)
    grant_rights(entry, access_id=access_id, subject_id=subject_id, role=role)
    return True


def withdraw_member(entry: Entry, *, access_id: UUID, subject_id: UUID) -> None:
    """By an owner, or by the member herself, who leaves. Errors: `NotFound`; `LastOwner`."""
    _member(entry, subject_id)
    _keep_an_owner(entry, subject_id)
    withdraw_rights(entry, access_id=access_id, subject_id=subject_id)


def leave_for_good(entry: Entry, *, access_id: UUID, subject_id: UUID) -> None:
    """Her account goes; a company that is hers alone stays, open to nobody, without the persons that no law keeps.
    Errors: `LastOwner`: others are in it.
    """
    if entry.rows(OTHERS, subject_id):
        _keep_an_owner(entry, subject_id)
    else:
        entry.defer("erase_left")
    withdraw_rights(entry, access_id=access_id, subject_id=subject_id)
    entry.beside(NOBODY_COMES, user=subject_id)


def _invite(
    entry: Entry, invitation_id: UUID, token_hash: str, email: str, role: Role, days: int, until_at: datetime | None
) -> None:
    entry.save(Access.record(Access.MemberInvited, invitation_id, role=role))
    entry.beside(
        INVITE, id=invitation_id, token_hash=bytes.fromhex(token_hash), email=email, role=role,
        by=entry.actor.removeprefix("user:"), days=days, until=until_at,
    )  # fmt: skip


def _good(entry: Entry, invitation_id: UUID) -> tuple[Role, datetime | None]:
    found = entry.rows(GOOD, invitation_id)
    if not found:
        raise InvitationOver(invitation_id)
    role, until_at = found[0]
    return role, until_at


def _member(entry: Entry, subject_id: UUID) -> Role:
    found = entry.rows(MEMBER, subject_id)
    if not found:
        raise NotFound("member", subject_id)
    role: Role = found[0][0]
    return role


def _keep_an_owner(entry: Entry, subject_id: UUID) -> None:
    owners = {user_id for (user_id,) in entry.rows(OWNERS)}
    if owners == {subject_id}:
        raise LastOwner(subject_id)
