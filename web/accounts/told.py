"""A change to the safety of an account: an entry in each of the person's companies, and a mail to her."""

from typing import Any, NamedTuple
from uuid import UUID

from flask import request
from psycopg import Connection
from psycopg_pool import ConnectionPool

from web import access
from web.accounts import devices
from web.mail import notices


class Change(NamedTuple):
    """As the mail tells it; `note` names its entry."""

    note: str
    subject: str
    said: str


PASSWORD = Change("password_changed", "Votre mot de passe a été changé", "Le mot de passe de votre compte a été changé")
EMAIL = Change("email_changed", "Votre adresse e-mail a été changée", "L’adresse e-mail de votre compte a été changée")
CODE_SET = Change("second_factor_set", "Un code sera demandé à la connexion", "La connexion demande désormais un code")
CODE_REMOVED = Change(
    "second_factor_removed",
    "Plus de code à la connexion",
    "La connexion ne demande plus de code, le mot de passe suffit",
)
RECOVERY_USED = Change("recovery_code_used", "Un code de secours a servi", "Un code de secours a servi à une connexion")
RECOVERY_NEW = Change(
    "", "De nouveaux codes de secours ont été donnés", "De nouveaux codes de secours remplacent les précédents"
)  # told by mail alone: the second factor stays the one whose setting is in the ledger
KEY_ADDED = Change("passkey_added", "Une clé d’accès a été ajoutée", "Une clé d’accès a été ajoutée à votre compte")
KEY_REMOVED = Change(
    "passkey_removed", "Une clé d’accès a été retirée", "Une clé d’accès a été retirée de votre compte"
)
SESSIONS = Change("sessions_ended", "Des sessions ont été fermées", "Des sessions de votre compte ont été fermées")


def mail(conn: Connection[Any], address: str, change: Change) -> None:
    """In the transaction of the change."""
    notices.send(
        conn, address, "account_changed", subject=change.subject, said=change.said,
        device=devices.named(request.user_agent.string), network=request.remote_addr or "",
    )  # fmt: skip


def note(pool: ConnectionPool[Any], user_id: UUID, change: Change) -> None:
    """Once the change is committed."""
    access.note(pool, change.note, None, user_id)
