"""A checkpoint: what the ledger is at one moment, in five lines that stand for all of it (ledger-format.md § 5)."""

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Self

from ledger.note import Note, NoteRefused

FORM = re.compile(
    r"(?P<origin>[a-z0-9.-]+/(?P<ledger>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:/[1-9][0-9]*)?)\n"
    r"(?P<size>[1-9][0-9]{0,17})\n"
    r"(?P<root>[A-Za-z0-9+/]{43}=)\n"
    r"head (?P<head>[0-9a-f]{64})\n"
    r"at (?P<at>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z)\n"
)


@dataclass(frozen=True)
class Checkpoint:
    """The first `size` entries of a ledger: the root of their tree, the hash of the last (hex) and its `at`.

    `origin` names the ledger and its history: a restored ledger goes on under another one.
    """

    origin: str
    size: int
    root: bytes
    head: str
    at: str

    @classmethod
    def read(cls, text: str) -> Self:
        """The text of a note. Errors: `NoteRefused`."""
        found = FORM.fullmatch(text)
        if found is None:
            raise NoteRefused("not a checkpoint: origin, size, root, head and at, one line each")
        root = b64decode(found["root"])
        if b64encode(root).decode() != found["root"]:
            raise NoteRefused("the root is not written as base64 is")
        return cls(found["origin"], int(found["size"]), root, found["head"], found["at"])

    @property
    def text(self) -> str:
        """What is signed."""
        root = b64encode(self.root).decode()
        return f"{self.origin}\n{self.size}\n{root}\nhead {self.head}\nat {self.at}\n"

    @property
    def ledger(self) -> str:
        """The UUID of the ledger."""
        return self.origin.split("/")[1]

    @property
    def history(self) -> int:
        return history(self.origin)


def history(origin: str) -> int:
    """1, and one more for each restore that was declared."""
    return int([*origin.split("/"), "1"][2])


def next_origin(origin: str) -> str:
    """The name of the history that begins with the next restore.

    >>> next_origin("probant.example/5b0e"), next_origin("probant.example/5b0e/2")
    ('probant.example/5b0e/2', 'probant.example/5b0e/3')
    """
    host, ledger = origin.split("/")[:2]
    return f"{host}/{ledger}/{history(origin) + 1}"


def read(raw: bytes) -> tuple[Checkpoint, Note]:
    """A checkpoint and the note that it came in, signatures not yet verified. Errors: `NoteRefused`."""
    note = Note.read(raw)
    return Checkpoint.read(note.text), note
