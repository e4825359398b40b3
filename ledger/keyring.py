"""The keys of an installation that sign checkpoints: the one in use, and the next while they are being changed.

Files: `<data>/keys/checkpoint.pem` and `checkpoint.next.pem`, encrypted. The next takes the place of the first once
every ledger names it; the old one is then gone: what does not exist cannot be stolen. Its notes stay checkable.
"""

from contextlib import nullcontext, suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger import keyfile
from ledger.errors import KeyLocked, KeyUndeclared
from ledger.settings import Settings

PURPOSE = "keys at rest"


class Keyring:
    """Files are opened when they are needed, and again when a key is asked for that was not there."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._known: dict[bytes, Ed25519PrivateKey] = {}
        self.file = settings.data / "keys" / "checkpoint.pem"
        self.next_file = self.file.with_name("checkpoint.next.pem")

    def newest(self) -> Ed25519PrivateKey:
        """The key that ledgers are opened under now. Errors: `KeyLocked`."""
        return self._opened(self.next_file) if self.next_file.exists() else checkpoint_key(self._settings)

    def holding(self, public: bytes) -> Ed25519PrivateKey:
        """The key with that public half; the newest for a ledger that names none. Errors: `KeyUndeclared`."""
        if not public:
            return self.newest()
        if not self.holds(public):
            raise KeyUndeclared(self.file)
        return self._known[public]

    def holds(self, public: bytes) -> bool:
        """Whether that key is here."""
        if public not in self._known:
            self._known = {public_of(found): found for found in self._all()}
        return public in self._known

    def begin(self) -> Ed25519PrivateKey:
        """The next key, made unless a change is under way already."""
        passphrase = keyfile.passphrase_of(self._settings, self.next_file, PURPOSE)
        keyfile.make(self.next_file, Ed25519PrivateKey.generate(), passphrase)
        return self._opened(self.next_file)

    def finish(self) -> None:
        """The next key is the key; the old one is gone."""
        self.next_file.replace(self.file)
        _clear(self.file).unlink(missing_ok=True)
        keyfile.lasting(self.file.parent)
        self._known.clear()

    def _all(self) -> list[Ed25519PrivateKey]:
        """Those that open: once the next one is there, the key that it follows may be lost."""
        found = [self._opened(self.next_file)] if self.next_file.exists() else []
        if self.file.exists() or _clear(self.file).exists():
            with suppress(KeyLocked) if found else nullcontext():
                found.append(checkpoint_key(self._settings))
        return found

    def _opened(self, file: Path) -> Ed25519PrivateKey:
        return _loaded(self._settings, file)


def public_of(private: Ed25519PrivateKey) -> bytes:
    return private.public_key().public_bytes_raw()


def checkpoint_key(settings: Settings) -> Ed25519PrivateKey:
    """The installation's checkpoint key, made at the first call. Errors: `KeyLocked`.

    A key that an earlier version left in clear is encrypted; one that was encrypted without a passphrase file, with it.
    """
    file = settings.data / "keys" / "checkpoint.pem"
    clear = _clear(file)
    passphrase = keyfile.passphrase_of(settings, file, PURPOSE)
    if not file.exists():
        private = Ed25519PrivateKey.generate()
        if clear.exists():
            private = Ed25519PrivateKey.from_private_bytes(clear.read_bytes())
        keyfile.make(file, private, passphrase)
    found = _loaded(settings, file)
    clear.unlink(missing_ok=True)
    return found


def _clear(file: Path) -> Path:
    """Where an earlier version left the key."""
    return file.with_name("checkpoint.ed25519")


def _loaded(settings: Settings, file: Path) -> Ed25519PrivateKey:
    found = keyfile.unlocked(settings, file, PURPOSE)
    if not isinstance(found, Ed25519PrivateKey):
        raise KeyLocked(file)
    return found
