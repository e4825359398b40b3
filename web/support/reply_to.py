"""The address that an answer by mail comes back to: `aide+<token>@…`, where the token names the request and proves us.

The token is the request's id and eight bytes of a HMAC under a key of the installation, in Base32 because mail servers
do not keep capitals. Nothing stores it.
"""

import base64
import hmac
import re
from uuid import UUID

from ledger.settings import Settings

ID, PROOF = 16, 8  # bytes
TOKEN = re.compile(r"\+([a-z2-7]{39})@", re.IGNORECASE)


def address(settings: Settings, ticket_id: UUID) -> str:
    """Empty when no mails come in."""
    local, _, domain = settings.support_mail.partition("@")
    return f"{local}+{_token(settings, ticket_id)}@{domain}" if local else ""


def ticket_of(settings: Settings, recipients: str) -> UUID | None:
    """The request that one of these addresses names; None when none does, or another installation's."""
    for found in TOKEN.finditer(recipients):
        raw = base64.b32decode(f"{found[1].upper()}=")
        ticket_id = UUID(bytes=raw[:ID])
        if hmac.compare_digest(raw[ID:], _proof(settings, ticket_id)):
            return ticket_id
    return None


def _token(settings: Settings, ticket_id: UUID) -> str:
    return base64.b32encode(ticket_id.bytes + _proof(settings, ticket_id)).decode().rstrip("=").lower()


def _proof(settings: Settings, ticket_id: UUID) -> bytes:
    return hmac.digest(settings.secret("support mail"), ticket_id.bytes, "sha256")[:PROOF]
