"""A witness: remembers the last checkpoint of each ledger that it knows, and signs only what extends it.

C2SP tlog-witness: https://c2sp.org/tlog-witness. Whoever keeps one, an accountant, another company, makes it
impossible to show two histories of a ledger, or to go back, without being told.
"""

import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger import checkpoint, keyfile
from ledger.checkpoint import Checkpoint
from ledger.merkle import consistent
from ledger.note import COSIGNS, SIGNS, Key, Note, NoteRefused, cosign

MOST_HASHES = 63
TEXT = "text/plain; charset=utf-8"


class Answer(NamedTuple):
    """An answer over HTTP."""

    status: int
    body: str
    type: str = TEXT


class BadRequest(ValueError):
    """A request that is not what the protocol says."""


@dataclass(frozen=True)
class Request:
    """What `add-checkpoint` is sent."""

    old: int
    proof: tuple[bytes, ...]
    asked: Checkpoint
    note: Note

    @classmethod
    def read(cls, raw: bytes) -> "Request":
        """Errors: `BadRequest`, `NoteRefused`."""
        head, _, rest = raw.partition(b"\n\n")
        first, *lines = head.decode("ascii", "replace").split("\n")
        told = first.removeprefix("old ")
        if f"old {told}" != first or not told.isdecimal() or str(int(told)) != told or len(lines) > MOST_HASHES:
            raise BadRequest("old size")
        try:
            proof = tuple(b64decode(line, validate=True) for line in lines)
        except ValueError as error:
            raise BadRequest("proof") from error
        if any(len(each) != 32 for each in proof):
            raise BadRequest("proof")
        return cls(int(told), proof, *checkpoint.read(rest))

    @property
    def bytes(self) -> bytes:
        lines = "".join(b64encode(each).decode() + "\n" for each in self.proof)
        return f"old {self.old}\n{lines}\n".encode() + self.note.bytes


class Witness:
    """Knows the ledgers of `keys`, and each of their histories; keeps its notes in `folder`. A ledger whose key changed
    has two: the old one may go once a note of the new one was seen.
    """

    def __init__(self, folder: Path, name: str, private: Ed25519PrivateKey, keys: Iterable[Key]) -> None:
        self.key = Key(name, COSIGNS, private.public_key().public_bytes_raw())
        self._folder, self._private = folder, private
        self._keys = tuple(keys)
        self._alone = threading.Lock()

    def add(self, raw: bytes) -> Answer:
        """What `POST add-checkpoint` is answered."""
        try:
            request = Request.read(raw)
        except (BadRequest, NoteRefused) as error:
            return Answer(400, f"{error}\n")
        keys = self._keys_of(request.asked)
        if not keys:
            return Answer(404, "unknown origin\n")
        if not any(request.note.signed_by(key) for key in keys):
            return Answer(403, "not signed by the key of this origin\n")
        if request.old > request.asked.size:
            return Answer(400, "the old size is larger than the checkpoint's\n")
        with self._alone:
            return self._decide(request)

    def last(self, name: str) -> Answer:
        """What `GET last/<SHA-256 of the origin>` is answered: the last note, with our line. Not of the protocol."""
        file = self._folder / f"{name}.txt"
        if len(name) != 64 or not name.isalnum() or not file.exists():
            return Answer(404, "unknown origin\n")
        return Answer(200, file.read_text(encoding="utf-8"))

    def _decide(self, request: Request) -> Answer:
        asked, file = request.asked, self._folder / f"{named(request.asked.origin)}.txt"
        known = checkpoint.read(file.read_bytes())[0] if file.exists() else None
        size = known.size if known else 0
        if request.old != size or (known and asked.size == size and asked.root != known.root):
            return Answer(409, f"{size}\n", "text/x.tlog.size")
        if not consistent(size, asked.size, request.proof, known.root if known else b"", asked.root):
            return Answer(422, "not consistent with the last checkpoint\n")
        line = cosign(request.note.text, self.key.name, self._private, int(time.time()))
        keyfile.replace(file, request.note.also(line).bytes)
        return Answer(200, line.line)

    def _keys_of(self, asked: Checkpoint) -> list[Key]:
        """Of that origin; a restored ledger signs its next history with the same keys, under its next name."""
        first = "/".join(asked.origin.split("/")[:2])
        return [Key(asked.origin, SIGNS, key.public) for key in self._keys if key.name in (asked.origin, first)]


def named(origin: str) -> str:
    """What the last note of an origin is asked by."""
    return sha256(origin.encode()).hexdigest()
