"""One line of the format: its keys in their order, its values, the profile of its data (ledger-format.md §§ 1, 2, 4).

Nearly every line is read by the short way: decoded into the shape learnt for its type and encoded again, both in C, it
must give the same bytes. That proves key order, no white space, no duplicate, the shortest escapes; the shape proves
keys, kinds of values and depth. What does not pass there is not yet wrong: it goes the long way, by a regular
expression and `in_profile`, which alone refuse.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

import msgspec

from audit.shape import KEYS_MAX, Shape
from ledger.chain import LINE_MAX, in_profile

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
UUID_TEXT = re.compile(_UUID)
ACTOR = re.compile(rf"(?:user|client):{_UUID}|job:[a-z0-9_-]{{1,40}}|system")
TYPE = re.compile(r"(?=[a-z_.]{1,64}$)[a-z][a-z_]*\.[a-z][a-z_]*")
LINE = re.compile(
    r'\{"at":"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z","by":"[^"]*","data":(\{.*\}),'
    rf'"ledger":"{_UUID}","pos":[1-9][0-9]*,"stream":"{_UUID}","type":"[^"]*","version":[1-9][0-9]*\}}',
    re.DOTALL,
)
SEAL = re.compile(rb'\{"sealed":"([0-9a-f]{64})"\}')
SEALED = b'"sealed":'
DIGEST = re.compile(rb'"[0-9a-f]{64}"\}')
NOT_READ = (msgspec.MsgspecError, UnicodeDecodeError)
Ordinal = Annotated[int, msgspec.Meta(ge=1)]


class Line(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """What a line says. The order of the fields is the order of the keys."""

    at: Annotated[datetime, msgspec.Meta(tz=True)]
    by: str
    data: Any  # an object; its shape is known on the short way
    ledger: str
    pos: Ordinal
    stream: UUID
    type: str
    version: Ordinal


class Read(NamedTuple):
    """Lines, and the digests in them with the index of their line."""

    lines: list[Line]
    seals: list[tuple[int, bytes]]


class Malformed(Exception):
    """Not a line of the format; `defect` is `form`, or `profile` when the fault is inside its data."""

    def __init__(self, defect: Literal["form", "profile"]) -> None:
        super().__init__(defect)
        self.defect = defect


class Reader:
    """Reads lines, fast once it has learnt what the data of their type look like."""

    def __init__(self) -> None:
        self._shapes: dict[str, Shape] = {}
        self._decoders: dict[str, Callable[[bytes], list[Any]]] = {}

    def read(self, line: bytes, type_: str) -> Line:
        """What `line` says, whose type should be `type_`. Errors: `Malformed`."""
        read = self.read_all([line], type_)
        return read.lines[0] if read else self._read_long(line)

    def read_all(self, lines: Sequence[bytes], type_: str) -> Read | None:
        """What the lines of one type say, the short way; None when one of them must go the long way."""
        decode = self._decoder(type_)
        text = b"\n".join(lines) + b"\n"
        try:
            read: list[Line] = decode(text) if decode else []
        except NOT_READ:
            return None
        if (
            len(read) == len(lines)
            and _ENCODE(read) == text
            and len(max(lines, key=len)) <= LINE_MAX
            and {line.type for line in read} == {type_}  # a right one: it was learnt
            and {line.at.tzinfo for line in read} == {UTC}
            and 0 not in {line.at.microsecond for line in read}  # a whole second would be written shorter
            and all(map(_is_actor, {line.by for line in read}))
            and all(map(_is_uuid, {line.ledger for line in read}))
            and not any(part.startswith(b"u0000") for part in text.split(b"\\"))
            and not (hasattr(read[0].data, "schema") and not all(map(_schema_is_right, read)))
            and (found := _seals(text)) is not None
        ):
            return Read(read, found)
        return None

    def read_each(self, lines: Sequence[bytes], type_: str) -> Read:
        """The same for lines of which some are not of the shape known, and learns from them. Errors: `Malformed`."""
        read = [self.read(line, type_) for line in lines]
        found = [(index, digest) for index, line in enumerate(lines) for digest in seals(line)]
        return Read(read, [(index, bytes.fromhex(digest.decode())) for index, digest in found])

    def _read_long(self, line: bytes) -> Line:
        try:
            found = LINE.fullmatch(line.decode()) if len(line) <= LINE_MAX else None
            if not found:
                raise Malformed("form")
            if not in_profile(found[1]):
                raise Malformed("profile")
            read = _ANY.decode(line)
        except NOT_READ:
            raise Malformed("form") from None
        if not (_is_actor(read.by) and _is_type(read.type)):
            raise Malformed("form")
        self._learn(read)
        return read

    def _learn(self, read: Line) -> None:
        shape = self._shapes.setdefault(read.type, Shape())
        if shape.size() <= KEYS_MAX and shape.learn(read.data):
            self._decoders.pop(read.type, None)

    def _decoder(self, type_: str) -> Callable[[bytes], list[Any]] | None:
        """For lines of this type; None as long as none was seen."""
        if type_ not in self._decoders and type_ in self._shapes:
            fields = [("data", self._shapes[type_].struct())]
            known = msgspec.defstruct("Known", fields, bases=(Line,), forbid_unknown_fields=True, gc=False)
            self._decoders[type_] = msgspec.json.Decoder(known).decode_lines
        return self._decoders.get(type_)


@cache
def reader() -> Reader:
    """The one of this process, so that what it learns serves for all ledgers."""
    return Reader()


def seals(line: bytes) -> list[bytes]:
    """Digests of the sealed values in a line of the format, in hexadecimal.

    >>> seals(b'{"card":{"sealed":"%s"}}' % (b"a1" * 32)) == [b"a1" * 32]
    True
    """
    return SEAL.findall(line) if SEALED in line else []


def _schema_is_right(line: Line) -> bool:
    schema: Any = line.data.schema
    return schema is msgspec.UNSET or schema >= 2


def _seals(text: bytes) -> list[tuple[int, bytes]] | None:
    """Index of line and digest of each seal; None when one is not alone in its object, or no digest.

    Inside a string a quote has a backslash before it, so what is found is a key.
    """
    found, index, (before, *parts) = [], 0, text.split(SEALED)
    for part in parts:
        if not before.endswith(b"{") or not DIGEST.match(part):
            return None
        index += before.count(b"\n")
        found.append((index, bytes.fromhex(part[1:65].decode())))
        before = part
    return found


@lru_cache(4096)
def _is_actor(text: str) -> bool:
    return ACTOR.fullmatch(text) is not None


@lru_cache(64)
def _is_uuid(text: str) -> bool:
    return UUID_TEXT.fullmatch(text) is not None


@lru_cache(1024)
def _is_type(text: str) -> bool:
    return TYPE.fullmatch(text) is not None


_ENCODE = msgspec.json.Encoder().encode_lines
_ANY = msgspec.json.Decoder(Line)
