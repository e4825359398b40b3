"""The keys that sign a ledger's checkpoints, each in its time (checks 5 and 12).

`cles/signataires.jsonl` holds every entry that changed the key, wherever it is, and the note that both keys signed. Its
lines are proven by the hashes of all entries; the first key is that of `ledger.opened`, or of `etat.json`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import itertools
import json
import re
from typing import Any, Iterator, NamedTuple

from audit.verifier import ed25519
from audit.verifier.container import Container, Unreadable
from audit.verifier.lines import Entry
from audit.verifier.report import Report
from audit.verifier.tree import BadNote, Note, read_note

NAME = "cles/signataires.jsonl"
MOST = 1000  # changes of key
VKEY = re.compile(r"(?P<name>[^\s+]+)\+(?P<id>[0-9a-f]{8})\+(?P<key>[A-Za-z0-9+/=]+)")


class Key(NamedTuple):
    """It signs from the entry `pos` on; notes of the one before count up to `valid_to`; `planned`: both sign."""

    pos: int
    public: bytes
    valid_to: int
    planned: bool


class Signers:
    """The keys, as the archive and its entries tell them; `given`: the vkey that the reader has from elsewhere."""

    def __init__(self, archive: Container, report: Report, state: dict[str, Any], given: str) -> None:
        self.report, self.given = report, public_of(given) if given else b""
        self.refused = bool(given) and not self.given
        first = (state.get("signers") or [""])[0]
        self.keys = [Key(1, public_of(str(first)), 0, planned=True)]
        self.lines = {}  # type: dict[int, str]
        self.notes = []  # type: list[tuple[str, int, Note]]
        self.breaks = []  # type: list[int]
        if NAME in archive.members:
            self._read(archive)

    def see(self, entry: Entry) -> None:
        if entry.pos == 1 and entry.type == "ledger.opened":
            self.keys[0] = Key(1, public_of(str(entry.data.get("signer", ""))), 0, planned=True)
        elif entry.type == "signer.declared" and self.lines.get(entry.pos) != entry.line:
            self.report.bad(5, f"écriture {entry.pos} : ce changement de clé n’est pas dans {NAME}")

    def check(self, found: list[tuple[str, int, Note]]) -> None:
        """Each note is signed by a key of its time, or a later one. The newest, which vouches for all that was before,
        and the one that the reader holds are signed by the key that she has, or by one that it leads to.
        """
        self.breaks = self._breaks()
        for at in self.breaks:
            self.report.say(5, f"rupture de clé à l’écriture {self.keys[at].pos} : la précédente n’en répond pas")
        for name, number, note in found:
            signing = list(self._signing(note))
            confronted = (self.given or self.refused) and (number == 12 or name.endswith("/dernier.txt"))
            if not signing or (confronted and not any(self._leads(at) for at in signing)):
                self.report.bad(5, f"{name} n’est signé d’aucune clé de ce registre")
            elif number == 12 and not any(self._trusted(at, note.size) for at in signing):
                self.report.bad(12, f"{name} est signé d’une clé perdue ou volée avant lui")

    def _signing(self, note: Note) -> Iterator[int]:
        since = max(at for at, key in enumerate(self.keys) if key.pos <= note.size or not at)
        yield from (at for at in range(since, len(self.keys)) if signed_by(note, self.keys[at].public))

    def _trusted(self, at: int, size: int) -> bool:
        return at + 1 == len(self.keys) or size <= self.keys[at + 1].valid_to

    def _leads(self, to: int) -> bool:
        held = [at for at, key in enumerate(self.keys) if self.given and key.public == self.given]
        return bool(held) and held[0] <= to and not any(held[0] < at <= to for at in self.breaks)

    def _read(self, archive: Container) -> None:
        try:
            for raw in itertools.islice(archive.lines(NAME), MOST):
                told = json.loads(raw)
                data = json.loads(told["line"])["data"]
                note = read_note(told["note"].encode()) if told.get("note") else None
                self.lines[int(told["pos"])] = str(told["line"])
                planned = data["cause"] == "rotation" and note is not None and note.size == told["pos"]
                self.keys.append(Key(int(told["pos"]), public_of(data["signer"]), int(data["valid_to_pos"]), planned))
                self.notes += [(NAME, 5, note)] if note else []
        except (Unreadable, BadNote, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
            self.report.bad(5, f"{NAME} n’est pas au format")
        self.keys.sort()

    def _breaks(self) -> list[int]:
        """Ranks of the keys that the one before does not vouch for: it did not sign the note of that very entry."""
        notes, found = {note.size: note for _, _, note in self.notes}, []
        for at in range(1, len(self.keys)):
            note, pair = notes.get(self.keys[at].pos), self.keys[at - 1 : at + 1]
            if not (self.keys[at].planned and note and all(signed_by(note, key.public) for key in pair)):
                found.append(at)
        return found


def public_of(vkey: str) -> bytes:
    """The Ed25519 key of a C2SP verifier key; empty when it is none."""
    told = VKEY.fullmatch(vkey)
    try:
        key = base64.b64decode(told["key"], validate=True) if told else b""
    except binascii.Error:
        return b""
    if told is None or len(key) != 33 or key[0] != 1 or _mark(told["name"], key).hex() != told["id"]:
        return b""
    return key[1:]


def signed_by(note: Note, public: bytes) -> bool:
    """Whether the key signed the note, under the name of its history."""
    mark = _mark(note.origin, b"\x01" + public)
    return bool(public) and any(
        name == note.origin and given[:4] == mark and ed25519.holds(public, note.signed, given[4:])
        for name, given in note.signatures
    )


def _mark(name: str, key: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
