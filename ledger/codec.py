"""Between domain events and lines: permanent names, typed values, the profile of ledger-format.md § 2.

What the line says already (stream, version, instant) is not repeated in `data`. An empty fact is absent when that is
its default.
An event of a class with `class_version` above 1 carries it as `schema`; without it, it is of version 1.
"""

import dataclasses
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, get_type_hints
from unicodedata import is_normalized
from uuid import UUID

import msgspec
from eventsourcing.domain import Aggregate, CanInitAggregate, CanMutateAggregate
from eventsourcing.utils import get_topic
from msgspec import NODEFAULT

from ledger.chain import DEPTH_MAX, INTEGER_MAX, KEY

FROM_THE_LINE = {"originator_id", "originator_version", "timestamp", "originator_topic"}


class UnknownType(LookupError):
    """An event type that this program has no class for: an old program, or a foreign ledger."""


class NotNormalised(ValueError):
    """A text is not in NFC: it is normalised where it enters (`web/forms.py`), never here."""


class NotInProfile(ValueError):
    """A value has no form in the ledger: a float, an absent value that should be left out, a bad key, too deep."""


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of the ledger, `data` still unread."""

    at: datetime
    by: str
    data: msgspec.Raw
    ledger: UUID
    pos: int
    stream: UUID
    type: str
    version: int


read_line = msgspec.json.Decoder(Line).decode


class EventMapper:
    """Domain events by their permanent names: a closed registry, so a name in a row can never import a module."""

    def __init__(self, *aggregates: type[Aggregate]) -> None:
        self._types: dict[str, EventType] = {}
        for aggregate in aggregates:
            for event_class in _own_events(aggregate):
                self._types[event_class.TOPIC] = EventType(event_class, get_topic(aggregate))

    def encode(self, event: Any) -> tuple[str, str]:
        """Name and `data` of an event."""
        name = type(event).TOPIC
        return name, self._type(name).encode(event)

    def decode(self, raw: bytes | str) -> Any:
        """The event of a line, in the words of today."""
        return self.to_event(read_line(raw))

    def to_event(self, line: Line) -> Any:
        return self._type(line.type).decode(line)

    def _type(self, name: str) -> "EventType":
        try:
            return self._types[name]
        except KeyError:
            raise UnknownType(name) from None


class EventType:
    """How one event class is written and read."""

    def __init__(self, event_class: type, aggregate_topic: str) -> None:
        self.event_class = event_class
        self.version = getattr(event_class, "class_version", 1)
        self.constant = {"originator_topic": aggregate_topic} if issubclass(event_class, CanInitAggregate) else {}
        hints = get_type_hints(event_class)
        self.fields = [field for field in _fields(event_class) if field.name not in FROM_THE_LINE]
        struct_fields = [(f.name, hints[f.name], msgspec.field(default=f.default, name=f.key)) for f in self.fields]
        self.struct = msgspec.defstruct(
            event_class.__name__, struct_fields, frozen=True, kw_only=True, forbid_unknown_fields=True
        )
        self.decoder = msgspec.json.Decoder(self.struct)

    def encode(self, event: Any) -> str:
        data = _present(event, self.fields, 1)
        if self.version > 1:
            data["schema"] = self.version
        return _text(data)

    def decode(self, line: Line) -> Any:
        facts = self.decoder.decode(line.data) if self.version == 1 else self._upcast(line.data)
        event: Any = object.__new__(self.event_class)  # an event of the past is not decided again
        state = {"originator_id": line.stream, "originator_version": line.version, "timestamp": line.at}
        state |= self.constant
        for field in self.fields:
            state[field.name] = getattr(facts, field.name)
        object.__setattr__(event, "__dict__", state)
        return event

    def _upcast(self, data: msgspec.Raw) -> Any:
        """Old facts in the words of today: `upcast_v1_v2(data)` and so on, on the JSON values."""
        state = msgspec.json.decode(data)
        for version in range(state.pop("schema", 1), self.version):
            getattr(self.event_class, f"upcast_v{version}_v{version + 1}")(state)
        return msgspec.convert(state, self.struct)


def canonical(value: Any) -> bytes:
    """`value` as JSON in the profile: sorted, compact, without defaults.

    Errors: `NotInProfile`, `NotNormalised`.

    >>> canonical({"on": date(2026, 3, 1), "quantity": Decimal("1E+2"), "a": [1, True]}).decode()
    '{"a":[1,true],"on":"2026-03-01","quantity":"100"}'
    """
    return _text(_plain(value, 1)).encode()


def _text(plain: Any) -> str:
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    if not is_normalized("NFC", text):  # the whole first: it is quick; what JSON escapes never composes
        for string in _strings(plain):
            if not is_normalized("NFC", string):
                raise NotNormalised(string)
    return text


def _strings(plain: Any) -> Iterator[str]:
    if isinstance(plain, str):
        yield plain
    elif isinstance(plain, dict | list):
        for item in plain.values() if isinstance(plain, dict) else plain:
            yield from _strings(item)


def _plain(value: Any, depth: int) -> Any:
    writer = _WRITERS.get(type(value))
    if writer:
        return writer(value, depth)
    if isinstance(value, msgspec.Struct):
        return _present(value, _struct_fields(type(value)), depth)
    raise NotInProfile(f"{type(value).__name__} has no form in the ledger")


def _integer(value: int, depth: int) -> int:
    if not -INTEGER_MAX <= value <= INTEGER_MAX:
        raise NotInProfile("more than 15 digits")
    return value


def _string(value: str, depth: int) -> str:
    if "\0" in value:
        raise NotInProfile("U+0000")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise NotInProfile("a lone surrogate") from None
    return value


def _list(value: list[Any] | tuple[Any, ...], depth: int) -> list[Any]:
    deeper = _deeper(depth)
    return [_plain(item, deeper) for item in value]


def _dict(value: dict[str, Any], depth: int) -> dict[str, Any]:
    deeper = _deeper(depth)
    for key in value:
        if not KEY.fullmatch(key):
            raise NotInProfile(f"key {key!r}")
    return {key: _plain(item, deeper) for key, item in value.items()}


def _deeper(depth: int) -> int:
    if depth > DEPTH_MAX:
        raise NotInProfile("more than 16 levels")
    return depth + 1


def _decimal(value: Decimal, depth: int) -> str:
    if not value.is_finite():
        raise NotInProfile(str(value))
    return format(value.normalize(), "f") if value else "0"


def _instant(value: datetime, depth: int) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


_WRITERS: dict[type, Callable[[Any, int], Any]] = {
    str: _string,
    int: _integer,
    bool: lambda value, _: value,
    Decimal: _decimal,
    datetime: _instant,
    date: lambda value, _: value.isoformat(),
    UUID: lambda value, _: str(value),
    list: _list,
    tuple: _list,
    dict: _dict,
}


class Field(msgspec.Struct, frozen=True):
    """A fact: its name in the class, its key in the line, the value it is read as when absent."""

    name: str
    key: str
    default: Any


def _present(owner: Any, fields: list[Field], depth: int) -> dict[str, Any]:
    """The facts that say something: one that is empty, and empty by default, is absent.

    A default that is not empty ("FR", a quantity of 1) is written all the same: who reads the line in ten years has
    only the line.
    """
    deeper = _deeper(depth)
    present = {}
    for field in fields:
        value = getattr(owner, field.name)
        if value is None and field.default is None:
            continue
        plain = _plain(value, deeper)
        if plain or type(value) is Decimal or value != field.default:
            present[field.key] = plain
    return present


@cache
def _struct_fields(struct: type[msgspec.Struct]) -> list[Field]:
    return [
        Field(
            field.name,
            field.encode_name,
            field.default_factory() if field.default_factory is not NODEFAULT else field.default,
        )
        for field in msgspec.structs.fields(struct)
    ]


def _fields(event_class: type) -> list[Field]:
    """`from_`, a word of Python, is `from` in the line."""
    return [
        Field(
            field.name,
            field.name.removesuffix("_"),
            NODEFAULT if field.default is dataclasses.MISSING else field.default,
        )
        for field in dataclasses.fields(event_class)
    ]


def _own_events(aggregate: type[Aggregate]) -> Iterator[Any]:
    for member in vars(aggregate).values():
        if isinstance(member, type) and issubclass(member, CanMutateAggregate) and getattr(member, "TOPIC", None):
            yield member
