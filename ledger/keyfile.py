"""A private key in a file: PKCS#8, encrypted, ours alone. The passphrase is elsewhere."""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from ledger.errors import KeyLocked
from ledger.settings import write_once


def make(file: Path, private: Ed25519PrivateKey, passphrase: bytes | None) -> None:
    """Writes the key unless the file is there."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if file.exists():
        return
    write_once(file, encrypted(private, passphrase))


def encrypted(private: Ed25519PrivateKey, passphrase: bytes | None) -> bytes:
    """PEM, as `openssl pkey` reads it; in clear without a passphrase."""
    hidden = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, hidden)


def load(file: Path, passphrase: bytes | None) -> Ed25519PrivateKey:
    """Errors: `KeyLocked` when the passphrase is another one, or the file holds no such key."""
    try:
        found = load_pem_private_key(file.read_bytes(), passphrase)
    except (ValueError, TypeError) as error:
        raise KeyLocked(file) from error
    if not isinstance(found, Ed25519PrivateKey):
        raise KeyLocked(file)
    return found


def replace(file: Path, content: bytes) -> None:
    """Puts a file in the place of the one that is there, whole or not at all, and lasting."""
    draft = file.with_name(f"{file.name}.new")
    draft.unlink(missing_ok=True)
    write_once(draft, content)
    draft.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
