"""One line of the format: its keys in their order, its values, the profile of its data (ledger-format.md §§ 1, 2, 4).

Nearly every line is read by the short way: decoded and encoded again in C, it must give the same bytes. That proves
key order, no white space, no duplicate, no float, no null, the shortest escapes; the types prove the rest. What does
not pass there is not yet wrong: it goes the long way, by a regular expression and `in_profile`, which alone refuse.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import cache, lru_cache
from types import GenericAlias
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

from ledger.chain import LINE_MAX, in_profile

KEYS_MAX = 2000  # keys the short way knows; a ledger that uses more of them is read by the long one
LEARN_AFTER = 50  # lines with keys never seen before
LEVELS = 7  # containers inside each other on the short way: the VAT of a posting is on level 6

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
AMOUNT = re.compile(rb'_(?:cents|bp)":[^-0-9]')  # that is none
NOT_READ = (msgspec.MsgspecError, UnicodeDecodeError)
Ordinal = Annotated[int, msgspec.Meta(ge=1)]
Scalar = Annotated[int, msgspec.Meta(gt=-(10**15), lt=10**15)] | str | bool


class Line(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """What a line says. The order of the fields is the order of the keys."""

    at: Annotated[datetime, msgspec.Meta(tz=True)]
    by: str
    data: dict[str, Any]
    ledger: str
    pos: Ordinal
    stream: UUID
    type: str
    version: Ordinal


class Malformed(Exception):
    """Not a line of the format; `defect` is `form`, or `profile` when the fault is inside its data."""

    def __init__(self, defect: Literal["form", "profile"]) -> None:
        super().__init__(defect)
        self.defect = defect


class Reader:
    """Reads lines, faster once it has learnt which keys their data use."""

    def __init__(self) -> None:
        self._keys: set[str] = set()
        self._unknown: set[str] = set()
        self._waiting = 0
        self._encode = msgspec.json.Encoder().encode_lines
        self._decode = _decoder({"schema"})

    def read(self, line: bytes) -> Line:
        """What `line` says. Errors: `Malformed`."""
        read = self.read_all([line])
        return read[0] if read else self._read_long(line)

    def read_all(self, lines: Sequence[bytes]) -> list[Line] | None:
        """What the lines say, the short way; None when one of them must go the long way."""
        text = b"\n".join(lines) + b"\n"
        try:
            read: list[Line] = self._decode(text)
        except NOT_READ:
            return None
        if (
            self._encode(read) == text
            and len(read) == len(lines)
            and max(map(len, lines)) <= LINE_MAX
            and all(line.startswith(b'Z"', 33) for line in lines)
            and all(map(_is_actor, {line.by for line in read}))
            and all(map(_is_type, {line.type for line in read}))
            and all(map(_is_uuid, {line.ledger for line in read}))
            and not AMOUNT.search(text)
            and b"\\u0000" not in text
            and len(SEAL.findall(text)) == text.count(SEALED)  # inside a string a quote has a backslash before it
            and all(_schema_is_right(line.data["schema"]) for line in read if "schema" in line.data)
        ):
            return read
        return None

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
        self._learn(read.data)
        return read

    def _learn(self, data: dict[str, Any]) -> None:
        unknown = set(_keys(data)) - self._keys
        if not unknown or len(self._keys) > KEYS_MAX:
            return
        self._unknown |= unknown
        self._waiting += 1
        if self._waiting == LEARN_AFTER:
            self._keys |= self._unknown
            self._waiting = 0
            self._decode = _decoder(self._keys)


@cache
def reader() -> Reader:
    """The one of this process, so that what it learns serves for all ledgers."""
    return Reader()


def seals(line: bytes) -> list[bytes]:
    """Digests of the sealed values in a line of the format.

    >>> seals(b'{"card":{"sealed":"%s"}}' % (b"a1" * 32)) == [b"a1" * 32]
    True
    """
    return SEAL.findall(line) if SEALED in line else []


def _decoder(keys: set[str]) -> Callable[[bytes], list[Any]]:
    """For lines whose data have these keys only."""
    key = Literal.__getitem__(tuple(sorted(keys)))
    data = GenericAlias(dict, (key, _value(key, LEVELS - 1)))
    known = msgspec.defstruct("Known", [("data", data)], bases=(Line,), forbid_unknown_fields=True, gc=False)
    return msgspec.json.Decoder(known).decode_lines


def _value(key: Any, levels: int) -> Any:
    """A value of the profile with at most so many `levels`; an array directly inside another takes the long way."""
    if levels <= 0:
        return Scalar
    inner = GenericAlias(dict, (key, _value(key, levels - 2)))
    return Scalar | GenericAlias(list, Scalar | inner) | GenericAlias(dict, (key, _value(key, levels - 1)))


def _schema_is_right(schema: Any) -> bool:
    return type(schema) is int and schema >= 2


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        value = value.values()
    if not isinstance(value, str | int):
        for inner in value:
            yield from _keys(inner)


@lru_cache(4096)
def _is_actor(text: str) -> bool:
    return ACTOR.fullmatch(text) is not None


@lru_cache(64)
def _is_uuid(text: str) -> bool:
    return UUID_TEXT.fullmatch(text) is not None


@lru_cache(1024)
def _is_type(text: str) -> bool:
    return TYPE.fullmatch(text) is not None


_ANY = msgspec.json.Decoder(Line)
