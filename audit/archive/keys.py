"""`cles/*.pem`: the certificates of the seal, the public keys that the ledger named for its checkpoints."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ledger.note import Key, NoteRefused


def pems(
    chain: Iterable[bytes], signers: Iterable[str], changes: Sequence[dict[str, Any]]
) -> Iterator[tuple[str, str]]:
    """Names and texts of the files, by name. `chain`: certificates (DER); `signers`: keys as the ledger writes them, up
    to the end of the archive; `changes`: every `signer.declared`, later ones too.
    """
    yield "cles/cachet.pem", "".join(map(_certificate, chain))
    later = (json.loads(change["line"])["data"]["signer"] for change in changes)
    keys = (_key(text) for text in (*signers, *later))
    yield from sorted({f"cles/registre-{key.id.hex()}.pem": _public(key) for key in keys if key}.items())


def _key(text: str) -> Key | None:
    """None for what is no key: the verifier says so."""
    try:
        return Key.read(text)
    except NoteRefused:
        return None


def _public(key: Key) -> str:
    public = Ed25519PublicKey.from_public_bytes(key.public)
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _certificate(content: bytes) -> str:
    return x509.load_der_x509_certificate(content).public_bytes(Encoding.PEM).decode()
