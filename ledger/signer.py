"""Signs checkpoints with the installation's keys, and remembers the last of each ledger outside the database.

It never signs two histories under one name: what does not extend the last one is refused, unless the ledger itself
says that it was restored. The keys sign nothing but notes (`ledger/keyring.py`). `<data>/checkpoints/<ledger>.txt` is
the last note.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ledger import checkpoint, keyfile
from ledger.checkpoint import Checkpoint
from ledger.errors import NotAnExtension
from ledger.keyring import Keyring, public_of
from ledger.merkle import Tree, consistent
from ledger.note import SIGNS, Key, Note, sign
from ledger.settings import Settings

NEWEST = (b"",)  # the key of a ledger that names none


@dataclass(frozen=True)
class Restored:
    """What a `ledger.restored` says: the history that begins there, and the highest checkpoint that it gives up."""

    origin: str
    kept_pos: int
    known_size: int
    known_root: str


class Signer:
    """The signer of an installation; its files are opened when they are needed. `keys`: public halves of its keys."""

    def __init__(self, settings: Settings) -> None:
        self.ring = Keyring(settings)
        self._memory = settings.data / "checkpoints"

    def key(self, origin: str) -> Key:
        """The verifier key of a ledger that is opened now."""
        return Key(origin, SIGNS, public_of(self.ring.newest()))

    def last(self, ledger: str) -> tuple[Checkpoint, Note] | None:
        """The last checkpoint signed for a ledger, whatever its database says. Errors: `NoteRefused`."""
        try:
            return checkpoint.read(self._file(ledger).read_bytes())
        except FileNotFoundError:
            return None

    def sign(
        self, asked: Checkpoint, tree: Tree, restored: Sequence[Restored] = (), keys: Sequence[bytes] = NEWEST
    ) -> Note:
        """The signed note; it is remembered, on the disk, before it is given. `restored`: what the ledger declares.

        Errors: `NotAnExtension`, `KeyLocked`, `KeyUndeclared`, `NoteRefused` when the memory is damaged.
        """
        with self._alone():
            known = self.last(asked.ledger)
            if known and known[0] == asked:
                return known[1]
            if known and not _extends(known[0], asked, tree, restored):
                raise NotAnExtension(asked.ledger, known[0].size, asked.size)
            note = self._signed(asked, keys)
            keyfile.replace(self._file(asked.ledger), note.bytes)
            return note

    def sign_earlier(self, asked: Checkpoint, tree: Tree, keys: Sequence[bytes] = NEWEST) -> Note:
        """A checkpoint that the last one extends: an archive that ends before wants one. Nothing is remembered.

        Errors: `NotAnExtension`, `KeyUndeclared`.
        """
        known = self.last(asked.ledger)
        if not known or known[0].origin != asked.origin or not _extends(asked, known[0], tree, ()):
            raise NotAnExtension(asked.ledger, known[0].size if known else 0, asked.size)
        return self._signed(asked, keys)

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

    def _signed(self, asked: Checkpoint, keys: Sequence[bytes]) -> Note:
        return Note(asked.text, tuple(sign(asked.text, asked.origin, self.ring.holding(key)) for key in keys))


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
