"""Merkle roots over the hashes of all entries, and the notes that vouch for them (checks 5 and 12)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from typing import Iterator, NamedTuple

from audit.verifier.container import Container, Unreadable
from audit.verifier.report import Report

NOTE_MAX = 64 * 1024
SIZE = re.compile(r"[1-9]\d{0,14}")
HEX = re.compile(r"[0-9a-f]{64}")


class Note(NamedTuple):
    """A checkpoint; `signed` is what its signatures cover, `signatures` pairs (name, key id ‖ signature)."""

    origin: str
    size: int
    root: bytes
    head: str
    at: str
    signed: bytes
    signatures: list[tuple[str, bytes]]


class BadNote(ValueError):
    """The bytes are no checkpoint."""


def read_note(raw: bytes) -> Note:
    """Errors: `BadNote`."""
    body, found, tail = raw.partition(b"\n\n")
    lines = body.decode("utf-8", "replace").split("\n")
    if len(raw) > NOTE_MAX or not found or len(lines) != 5 or not tail.endswith(b"\n") or not SIZE.fullmatch(lines[1]):
        raise BadNote("ce n’est pas un point de contrôle")
    try:
        root = base64.b64decode(lines[2], validate=True)
        signatures = [_signature(line) for line in tail.decode("utf-8").split("\n")[:-1]]
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise BadNote("ce n’est pas un point de contrôle") from None
    head, at = lines[3], lines[4]
    if len(root) != 32 or not head.startswith("head ") or not HEX.fullmatch(head[5:]) or not at.startswith("at "):
        raise BadNote("ce n’est pas un point de contrôle")
    return Note(lines[0], int(lines[1]), root, head[5:], at[3:], body + b"\n", signatures)


def _signature(line: str) -> tuple[str, bytes]:
    dash, name, signature = line.split(" ")
    if dash != "\u2014":
        raise ValueError(line)
    return name, base64.b64decode(signature, validate=True)


class Tree:
    """RFC 9162, grown leaf by leaf: the roots of the perfect subtrees it is made of."""

    def __init__(self) -> None:
        self.size, self.peaks = 0, []  # type: int, list[bytes]

    def add(self, head: bytes) -> None:
        peak, size = hashlib.sha256(b"\0" + head).digest(), self.size
        while size & 1:
            peak, size = _node(self.peaks.pop(), peak), size >> 1
        self.peaks.append(peak)
        self.size += 1

    def root(self) -> bytes:
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = _node(peak, root)
        return root


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def heads(archive: Container) -> Iterator[bytes]:
    """`registre/empreintes.bin`: the hash of every entry since the first. Errors: `Unreadable`."""
    rest = b""
    for chunk in archive.chunks("registre/empreintes.bin"):
        rest += chunk
        whole = len(rest) - len(rest) % 32
        yield from (rest[at : at + 32] for at in range(0, whole, 32))
        rest = rest[whole:]
    if rest:
        raise Unreadable("registre/empreintes.bin n’a pas un nombre entier d’empreintes")


def notes(archive: Container, report: Report, held: bytes | None, printed: str) -> list[tuple[str, int, Note]]:
    """Every checkpoint of the archive, and the one that the reader holds, as (name, number of the check, note)."""
    found = []
    for name in archive.names(r"registre/points-de-controle/[A-Za-z0-9._-]+\.txt"):
        try:
            found.append((name, 5, read_note(archive.read(name))))
        except (Unreadable, BadNote) as error:
            report.bad(5, f"{name} : {error}")
    for needed in ("fin", "dernier"):
        if f"registre/points-de-controle/{needed}.txt" not in archive.members:
            report.bad(5, f"registre/points-de-controle/{needed}.txt manque")
    if held is None and printed:
        return found
    if held is None:
        report.skip(12, "aucun n’a été donné : une histoire entièrement réécrite et signée de nouveau ne se voit pas")
        return found
    try:
        found.append(("le point de contrôle détenu", 12, read_note(held)))
    except BadNote as error:
        report.bad(12, str(error))
    return found


def check(found: list[tuple[str, int, Note]], archive: Container, report: Report, printed: str) -> int:
    """Checks 5 and 12: each note is a prefix of this history, and a `printed` hash, or its beginning, stands in it; the
    number of hashes. Who signed: `signers.py`.
    """
    wanted = {}  # type: dict[int, list[tuple[str, int, Note]]]
    for one in found:
        wanted.setdefault(one[2].size, []).append(one)
    tree, printed_at = Tree(), 0
    for head in heads(archive):
        tree.add(head)
        if printed and head.hex().startswith(printed):
            printed_at = tree.size
        for name, number, note in wanted.pop(tree.size, ()):
            if note.root != tree.root() or note.head != head.hex():
                report.bad(number, f"{name} n’est pas un point de cette histoire (écriture {note.size})")
    for beyond in wanted.values():
        for name, number, note in beyond:
            later = " : s’il est plus récent, demandez une archive qui le contient" if number == 12 else ""
            report.bad(number, f"{name} compte {note.size} écritures, cette archive en connaît {tree.size}{later}")
    if printed and not printed_at:
        report.bad(12, "l’empreinte imprimée n’est celle d’aucune écriture de cette histoire")
    elif printed:
        report.say(12, f"l’empreinte imprimée est celle de l’écriture {printed_at}")
    return tree.size
