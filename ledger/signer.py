"""Signs checkpoints with the installation's key, and remembers the last of each ledger outside the database.

It never signs two histories under one name: what does not extend the last one is refused, unless the ledger itself
says that it was restored. The key signs nothing but notes. Files: `<data>/keys/checkpoint.pem`, encrypted;
`<data>/checkpoints/<ledger>.txt`, the last note.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger import checkpoint, keyfile
from ledger.checkpoint import Checkpoint
from ledger.errors import KeyLocked, NotAnExtension
from ledger.merkle import Tree, consistent
from ledger.note import SIGNS, Key, Note, sign
from ledger.settings import Settings

SHORTEST = 32  # characters of a passphrase: it is a key made by chance, nothing is done to slow guessing down


@dataclass(frozen=True)
class Restored:
    """What a `ledger.restored` says: the history that begins there, and the highest checkpoint that it gives up."""

    origin: str
    kept_pos: int
    known_size: int
    known_root: str


class Signer:
    """The signer of an installation; its files are opened when they are needed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._memory = settings.data / "checkpoints"

    def key(self, origin: str) -> Key:
        """The verifier key of a ledger's checkpoints."""
        return Key(origin, SIGNS, self._private.public_key().public_bytes_raw())

    def last(self, ledger: str) -> tuple[Checkpoint, Note] | None:
        """The last checkpoint signed for a ledger, whatever its database says. Errors: `NoteRefused`."""
        try:
            return checkpoint.read(self._file(ledger).read_bytes())
        except FileNotFoundError:
            return None

    def sign(self, asked: Checkpoint, tree: Tree, restored: Sequence[Restored] = ()) -> Note:
        """The signed note; it is remembered, on the disk, before it is given. `restored`: what the ledger declares.

        Errors: `NotAnExtension`, `KeyLocked`, `NoteRefused` when the memory is damaged.
        """
        with self._alone():
            known = self.last(asked.ledger)
            if known and known[0] == asked:
                return known[1]
            if known and not _extends(known[0], asked, tree, restored):
                raise NotAnExtension(asked.ledger, known[0].size, asked.size)
            note = Note(asked.text, (sign(asked.text, asked.origin, self._private),))
            keyfile.replace(self._file(asked.ledger), note.bytes)
            return note

    def sign_earlier(self, asked: Checkpoint, tree: Tree) -> Note:
        """A checkpoint that the last one extends: an archive that ends before wants one. Nothing is remembered.

        Errors: `NotAnExtension`.
        """
        known = self.last(asked.ledger)
        if not known or known[0].origin != asked.origin or not _extends(asked, known[0], tree, ()):
            raise NotAnExtension(asked.ledger, known[0].size if known else 0, asked.size)
        return Note(asked.text, (sign(asked.text, asked.origin, self._private),))

    def remember(self, ledger: str, raw: bytes) -> None:
        """Takes up a checkpoint of this ledger that was kept elsewhere, when the memory has none."""
        with self._alone():
            if self.last(ledger) is None:
                keyfile.replace(self._file(ledger), raw)

    def _file(self, ledger: str) -> Path:
        return self._memory / f"{ledger}.txt"

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One signs at a time, in whatever process."""
        self._memory.mkdir(mode=0o700, exist_ok=True)
        lock = os.open(self._memory / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    @cached_property
    def _private(self) -> Ed25519PrivateKey:
        return checkpoint_key(self._settings)


def checkpoint_key(settings: Settings) -> Ed25519PrivateKey:
    """The installation's checkpoint key, made at the first call. Errors: `KeyLocked`.

    A key that an earlier version left in clear is encrypted; one that was encrypted without a passphrase file, with it.
    """
    file = settings.data / "keys" / "checkpoint.pem"
    clear = file.with_name("checkpoint.ed25519")
    passphrase = _passphrase(settings, file)
    if not file.exists():
        private = Ed25519PrivateKey.generate()
        if clear.exists():
            private = Ed25519PrivateKey.from_private_bytes(clear.read_bytes())
        keyfile.make(file, private, passphrase)
    found = _loaded(settings, file, passphrase)
    clear.unlink(missing_ok=True)
    return found


def _loaded(settings: Settings, file: Path, passphrase: bytes) -> Ed25519PrivateKey:
    try:
        return keyfile.load(file, passphrase)
    except KeyLocked:
        if not settings.keys_passphrase_file:
            raise
        found = keyfile.load(file, _derived(settings))
        keyfile.replace(file, keyfile.encrypted(found, passphrase))
        return found


def _passphrase(settings: Settings, file: Path) -> bytes:
    if not settings.keys_passphrase_file:
        return _derived(settings)
    try:
        found = settings.keys_passphrase_file.read_bytes().strip()
    except OSError as error:
        raise KeyLocked(file) from error
    if len(found) < SHORTEST:
        raise KeyLocked(file)
    return found


def _derived(settings: Settings) -> bytes:
    return settings.secret("keys at rest").hex().encode()


def _extends(known: Checkpoint, asked: Checkpoint, tree: Tree, restored: Sequence[Restored]) -> bool:
    if asked.origin == known.origin:
        return asked.size >= known.size and consistent(
            known.size, asked.size, tree.consistency(known.size, asked.size), known.root, asked.root
        )
    return asked.origin == restored[-1].origin and any(_gives_up(one, known) for one in restored) if restored else False


def _gives_up(restored: Restored, known: Checkpoint) -> bool:
    """Whether a declared restore knew of that checkpoint, or of a later one of the same history."""
    return checkpoint.history(restored.origin) > known.history and (
        restored.known_size > known.size or (restored.known_size, restored.known_root) == (known.size, known.root.hex())
    )
