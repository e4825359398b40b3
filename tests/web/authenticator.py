"""A device that keeps one passkey, as browsers hand its answers on (WebAuthn level 2, ES256, attestation « none »)."""

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def wire(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


class Authenticator:
    """`count` grows with each signature, unless a test sets it; a device that shares its keys does not count."""

    counts = True

    def __init__(self, host: str, origin: str) -> None:
        self.host, self.origin = host, origin
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id, self.handle, self.count = secrets.token_bytes(16), b"", 0

    def create(self, options: dict[str, Any]) -> str:
        """The answer to `navigator.credentials.create`."""
        self.handle = urlsafe_b64decode(options["user"]["id"] + "==")
        point = self.key.public_key().public_numbers()
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})
        kept = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        attestation = cbor2.dumps(
            {"fmt": "none", "attStmt": {}, "authData": self._data(PRESENT | VERIFIED | ATTESTED) + kept}
        )
        client = self._client("webauthn.create", options["challenge"], self.origin)
        return self._answer({"clientDataJSON": wire(client), "attestationObject": wire(attestation)})

    def get(self, options: dict[str, Any], **changed: Any) -> str:
        """The answer to `navigator.credentials.get`; `changed` makes it a lie."""
        self.count += self.counts
        flags = PRESENT | (VERIFIED if changed.get("verified", True) else 0)
        data = self._data(flags, changed.get("host", self.host))
        client = self._client(
            changed.get("kind", "webauthn.get"), changed.get("challenge", options["challenge"]),
            changed.get("origin", self.origin),
        )  # fmt: skip
        key = ec.generate_private_key(ec.SECP256R1()) if changed.get("forged") else self.key
        signature = key.sign(data + sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer({
            "clientDataJSON": wire(client), "authenticatorData": wire(data), "signature": wire(signature),
            "userHandle": wire(changed.get("handle", self.handle)),
        })  # fmt: skip

    def _data(self, flags: int, host: str = "") -> bytes:
        return sha256((host or self.host).encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str, origin: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}).encode()

    def _answer(self, response: dict[str, str]) -> str:
        return json.dumps({
            "id": wire(self.id), "rawId": wire(self.id), "type": "public-key", "clientExtensionResults": {},
            "response": response,
        })  # fmt: skip
