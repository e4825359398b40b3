"""A private key in a file: PKCS#8, encrypted, ours alone. The passphrase is elsewhere."""

import os
import re
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from ledger.errors import KeyLocked
from ledger.settings import Settings, write_once

PrivateKey = Ed25519PrivateKey | EllipticCurvePrivateKey | RSAPrivateKey
BLOCK = re.compile(rb"-----BEGIN ([A-Z ]*PRIVATE KEY)-----.*?-----END \1-----\n", re.DOTALL)
SHORTEST = 32  # characters of a passphrase: it is a key made by chance, nothing is done to slow guessing down


def make(file: Path, private: PrivateKey, passphrase: bytes | None) -> None:
    """Writes the key unless the file is there."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if file.exists():
        return
    write_once(file, encrypted(private, passphrase))


def encrypted(private: PrivateKey, passphrase: bytes | None) -> bytes:
    """PEM, as `openssl pkey` reads it; in clear without a passphrase."""
    hidden = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, hidden)


def load(file: Path, passphrase: bytes | None) -> Ed25519PrivateKey:
    """Errors: `KeyLocked` when the passphrase is another one, or the file holds no such key."""
    found = _opened(file, passphrase)
    if not isinstance(found, Ed25519PrivateKey):
        raise KeyLocked(file)
    return found


def unlocked(settings: Settings, file: Path, purpose: str) -> PrivateKey:
    """The key in a file of the installation. Errors: `KeyLocked`.

    One that was encrypted without a passphrase file is encrypted anew with it; certificates beside it stay.
    """
    passphrase = passphrase_of(settings, file, purpose)
    try:
        return _opened(file, passphrase)
    except KeyLocked:
        if not settings.keys_passphrase_file:
            raise
        found = _opened(file, derived(settings, purpose))
        replace(file, BLOCK.sub(lambda _: encrypted(found, passphrase), file.read_bytes()))
        return found


def _opened(file: Path, passphrase: bytes | None) -> PrivateKey:
    block = BLOCK.search(file.read_bytes())
    try:
        found = load_pem_private_key(block[0] if block else b"", passphrase)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyLocked(file) from error
    if not isinstance(found, PrivateKey):
        raise KeyLocked(file)
    return found


def passphrase_of(settings: Settings, file: Path, purpose: str) -> bytes:
    """What the keys of an installation are encrypted with. Errors: `KeyLocked` when its file is missing or short."""
    if not settings.keys_passphrase_file:
        return derived(settings, purpose)
    try:
        found = settings.keys_passphrase_file.read_bytes().strip()
    except OSError as error:
        raise KeyLocked(file) from error
    if len(found) < SHORTEST:
        raise KeyLocked(file)
    return found


def derived(settings: Settings, purpose: str) -> bytes:
    """Without a passphrase file: something made of the installation's key."""
    return settings.secret(purpose).hex().encode()


def replace(file: Path, content: bytes) -> None:
    """Puts a file in the place of the one that is there, whole or not at all, and lasting."""
    draft = file.with_name(f"{file.name}.new")
    draft.unlink(missing_ok=True)
    write_once(draft, content)
    draft.replace(file)
    lasting(file.parent)


def lasting(folder: Path) -> None:
    """What was renamed or removed in it stays so after a crash."""
    found = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(found)
    finally:
        os.close(found)
