"""The ZIP: opened without trust. What its members hold is read in pieces."""

from __future__ import annotations

import hashlib
import json
import re
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any, Iterator

MEMBERS_MAX = 100_000
SMALL_MAX = 64 * 1024  # bytes of a member that is held in memory: what is read of it takes many times as much
LISTS_MAX = 64 * 1024 * 1024  # bytes of a list of all members
VALUES_MAX = 500_000  # of a JSON document: a hundred bytes or two for each
RATIO_MAX, FREE = 200, 1 << 20  # how many times a member may be smaller in the ZIP, from this size on: a bomb is 1 000
LINE_MAX = 4 * 1024 * 1024 + 1
CHUNK = 1 << 20
FIRST, SECOND = "META-INF/ASiCManifest001.xml", "META-INF/ASiCManifest002.xml"
SIGNATURE, STAMP = "META-INF/signature001.p7s", "META-INF/timestamp002.tst"
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


class Unreadable(ValueError):
    """A member that cannot be read, or is longer than it says."""


class Container:
    """An archive, by members. What `open` gives never exceeds the size that the ZIP declares."""

    def __init__(self, path: str) -> None:
        _count(path)
        try:
            self.zip = zipfile.ZipFile(path)
        except (*BROKEN, struct.error, OverflowError, IndexError) as error:
            raise zipfile.BadZipFile(str(error)) from None
        self.members = {one.filename: one for one in self.zip.infolist()}

    def names(self, pattern: str) -> list[str]:
        """Names that the regular expression matches whole, sorted."""
        return sorted(name for name in self.members if re.fullmatch(pattern, name))

    def chunks(self, name: str) -> Iterator[bytes]:
        """Errors: `Unreadable`."""
        member = self.members.get(name)
        if member is None:
            raise Unreadable(f"{name} manque")
        left = member.file_size
        if left > max(FREE, RATIO_MAX * member.compress_size):
            raise Unreadable(f"{name} est une bombe : comprimé plus de {RATIO_MAX} fois")
        try:
            with self.zip.open(member) as stream:
                for chunk in iter(lambda: stream.read(CHUNK), b""):
                    left -= len(chunk)
                    if left < 0:
                        break
                    yield chunk
        except BROKEN as error:
            raise Unreadable(f"{name} est illisible ({type(error).__name__})") from None
        if left:
            raise Unreadable(f"{name} n’a pas la taille annoncée")

    def read(self, name: str, most: int = SMALL_MAX) -> bytes:
        """The whole of a small member. Errors: `Unreadable`."""
        if name in self.members and self.members[name].file_size > most:
            raise Unreadable(f"{name} est trop grand")
        return b"".join(self.chunks(name))

    def json(self, name: str) -> Any:
        """What a JSON document says. Errors: `Unreadable`."""
        raw = self.read(name, LISTS_MAX)
        if sum(map(raw.count, (b",", b"[", b"{"))) > VALUES_MAX:
            raise Unreadable(f"{name} a trop de valeurs")
        try:
            return json.loads(raw)
        except (ValueError, RecursionError):
            raise Unreadable(f"{name} n’est pas au format") from None

    def lines(self, name: str) -> Iterator[bytes]:
        """Lines without their LF; the last one must have its own. Errors: `Unreadable`."""
        rest = b""
        for chunk in self.chunks(name):
            pieces = (rest + chunk).split(b"\n")
            rest = pieces.pop()
            yield from pieces
            if len(rest) > LINE_MAX:
                raise Unreadable(f"{name} a une ligne de plus de 4 Mio")
        if rest:
            raise Unreadable(f"la dernière ligne de {name} n’est pas terminée")

    def sha256(self, name: str) -> bytes:
        digest = hashlib.sha256()
        for chunk in self.chunks(name):
            digest.update(chunk)
        return digest.digest()


def _count(path: str) -> None:
    """Refuses a ZIP of too many members before it is opened: its directory is held in memory."""
    found, rest = 0, b""
    with Path(path).open("rb") as stream:
        for chunk in iter(lambda: stream.read(CHUNK), b""):
            found += (rest + chunk).count(b"PK\x01\x02")
            rest = chunk[-3:]
    if found > MEMBERS_MAX + 1000:  # those letters may stand in a file, too
        raise zipfile.BadZipFile(f"plus de {MEMBERS_MAX} fichiers")
