"""The token of a link: 32 bytes that nobody guesses, kept nowhere.

It is made of the link's random id under a key of the installation (HMAC-SHA256), so that its owner may copy it again,
a form sent twice names the same one, and a job that mails it carries an id only; the database holds its SHA-256 and
cannot tell it. It stands in the path, since the page works without script: `Referrer-Policy: no-referrer` keeps it from
other sites, and we never log an address.
"""

import hmac
import re
from base64 import urlsafe_b64encode
from hashlib import sha256
from uuid import UUID

from flask import current_app

from ledger.settings import Settings

FORM = re.compile(r"[A-Za-z0-9_-]{43}")


def path(settings: Settings, link_id: UUID) -> str:
    """Where a link leads, on this host; the whole address is `settings.public_url` and this."""
    return f"/d/{token(settings, link_id)}"


def token(settings: Settings, link_id: UUID) -> str:
    digest = hmac.digest(settings.secret("client links"), link_id.bytes, "sha256")
    return urlsafe_b64encode(digest).decode().rstrip("=")


def token_hash(settings: Settings, link_id: UUID) -> str:
    """What is kept of it, in hex."""
    return hashed(token(settings, link_id))


def hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def settings() -> Settings:
    """Those of the application that answers."""
    found: Settings = current_app.extensions["settings"]
    return found


def address_hash(address: str) -> str:
    """Stands for a network address in the ledger: told again by us, guessed by nobody without the key."""
    return hmac.digest(settings().secret("client addresses"), address.encode(), "sha256").hex()
