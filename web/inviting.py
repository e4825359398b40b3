"""What « Équipe » and « Contrôle » share: who may be invited, the mail of an invitation, that mail once more."""

from datetime import datetime
from uuid import UUID

from flask import abort, current_app, request
from flask_security import current_user

from ledger.commands import members as commands
from ledger.settings import Settings
from web import forms, frame
from web.accounts import invitations, members
from web.accounts.invitations import Waiting
from web.books import company, do, read
from web.days import zone
from web.filters import moment
from web.mail import notices
from web.roles import ROLES


def known(email: str, invitation_id: UUID) -> str:
    """Why nobody is invited at that address; the form sent twice is the same invitation."""
    pool = current_app.extensions["pool"]
    mine = {one.email.casefold(): one.role for one in members.every(pool, company())}
    if role := mine.get(email.casefold()):
        return "Cet accès est déjà ouvert." if role == "inspector" else "Cette personne est déjà membre."
    others = {one.email.casefold() for one in waiting() if one.id != invitation_id}
    return "Une invitation y attend déjà : retirez-la d’abord." if email.casefold() in others else ""


def waiting() -> list[Waiting]:
    """Those of the company that is open."""
    return invitations.waiting(current_app.extensions["pool"], company())


def token_hash(invitation_id: UUID) -> str:
    return invitations.token_hash(_settings(), invitation_id)


def withdraw(invitation_id: UUID) -> None:
    do(commands.withdraw_invitation, invitation_id=invitation_id)


def mail_again(invitation_id: UUID) -> str:
    """The address that it goes to; 404 for one that does not wait."""
    one = next((one for one in waiting() if one.id == invitation_id), None) or abort(404)
    mail(one.id, one.email, one.role, one.until_at, again=f":{forms.uuid(request.form['command_id'])}")
    return one.email


def mail(invitation_id: UUID, email: str, role: str, until_at: datetime | None = None, again: str = "") -> None:
    token = invitations.token(_settings(), invitation_id)
    with read() as tx:
        until = moment(until_at, zone(tx)) if until_at else ""
    with current_app.extensions["pool"].connection() as conn:
        notices.send(
            conn, email, "invitation", key=f"invitation:{invitation_id}{again}",
            link=("Voir l’invitation", notices.address("invitations.show_", token=token)),
            company=frame.name_of(company()), by=current_user.username, role=ROLES[role].label.lower(),
            told=ROLES[role].told, days=invitations.DAYS, until=until,
        )  # fmt: skip


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
