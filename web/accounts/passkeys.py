"""Passkeys (WebAuthn): a key pair in the person's device, unlocked by her finger, face or PIN, instead of a password.

User verification is always required: a passkey is two factors in one. It is bound to the host of this installation.
"""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import webauthn
from flask import current_app, request
from psycopg import Connection
from psycopg.rows import class_row
from psycopg_pool import ConnectionPool
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from web.accounts.store import User

REQUIRED = UserVerificationRequirement.REQUIRED
NAMED = "Probant"
MINE = "SELECT id, name, made_at, used_at FROM accounts.passkeys WHERE user_id = %s ORDER BY made_at, id"
KNOWN = "SELECT credential_id FROM accounts.passkeys WHERE user_id = %s"
FOUND = "SELECT id, user_id, public_key, sign_count FROM accounts.passkeys WHERE credential_id = %s"
KEEP = """
    INSERT INTO accounts.passkeys (id, user_id, name, credential_id, public_key, sign_count)
    VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (credential_id) DO NOTHING
    """
USED = "UPDATE accounts.passkeys SET sign_count = %s, used_at = now() WHERE id = %s"


class Refused(Exception):
    """The browser's answer proves nothing: of another challenge, host, key, or without verification of the person."""


class Passkey(NamedTuple):
    """As its owner sees it."""

    id: UUID
    name: str
    made_at: datetime
    used_at: datetime | None


class Found(NamedTuple):
    """What a signature is checked with."""

    id: UUID
    user_id: UUID
    public_key: bytes
    sign_count: int


def of(pool: ConnectionPool[Any], user_id: UUID) -> list[Passkey]:
    with pool.connection() as conn, conn.cursor(row_factory=class_row(Passkey)) as cursor:
        return list(cursor.execute(MINE, [user_id]))


def to_register(conn: Connection[Any], user: User) -> tuple[str, str]:
    """What the browser is to do, as JSON, and the challenge that its answer must sign."""
    known = [PublicKeyCredentialDescriptor(id=row[0]) for row in conn.execute(KNOWN, [user.id])]
    options = webauthn.generate_registration_options(
        rp_id=_host(), rp_name=NAMED, user_id=user.id.bytes, user_name=user.username, exclude_credentials=known,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=REQUIRED
        ),
    )  # fmt: skip
    return webauthn.options_to_json(options), bytes_to_base64url(options.challenge)


def register(conn: Connection[Any], user_id: UUID, name: str, challenge: str, answer: str) -> None:
    """Errors: `Refused`."""
    try:
        made = webauthn.verify_registration_response(
            credential=answer, expected_challenge=base64url_to_bytes(challenge), expected_rp_id=_host(),
            expected_origin=_origin(), require_user_verification=True,
        )  # fmt: skip
    except (WebAuthnException, ValueError) as error:
        raise Refused from error
    facts = [uuid4(), user_id, name, made.credential_id, made.credential_public_key, made.sign_count]
    if not conn.execute(KEEP, facts).rowcount:
        raise Refused


def to_sign() -> tuple[str, str]:
    """The same for a sign-in: whoever has a passkey of this host may answer."""
    options = webauthn.generate_authentication_options(rp_id=_host(), user_verification=REQUIRED)
    return webauthn.options_to_json(options), bytes_to_base64url(options.challenge)


def signed(conn: Connection[Any], challenge: str, answer: str) -> UUID:
    """Who answered. Errors: `Refused`, for a key that was removed too."""
    try:
        credential = parse_authentication_credential_json(answer)
        with conn.cursor(row_factory=class_row(Found)) as cursor:
            found = cursor.execute(FOUND, [credential.raw_id]).fetchone()
        handle = credential.response.user_handle
        if found is None or (handle and handle != found.user_id.bytes):
            raise Refused
        proven = webauthn.verify_authentication_response(
            credential=credential, expected_challenge=base64url_to_bytes(challenge), expected_rp_id=_host(),
            expected_origin=_origin(), credential_public_key=found.public_key,
            credential_current_sign_count=found.sign_count, require_user_verification=True,
        )  # fmt: skip
    except (WebAuthnException, ValueError) as error:
        raise Refused from error
    conn.execute(USED, [proven.new_sign_count, found.id])
    return found.user_id


def remove(conn: Connection[Any], user_id: UUID, passkey_id: UUID) -> bool:
    return bool(
        conn.execute("DELETE FROM accounts.passkeys WHERE id = %s AND user_id = %s", [passkey_id, user_id]).rowcount
    )


def _origin() -> str:
    return (current_app.extensions["settings"].public_url or request.host_url).rstrip("/")


def _host() -> str:
    return _origin().partition("://")[2].partition("/")[0].rpartition(":")[0] or _origin().partition("://")[2]
