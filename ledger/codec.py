"""Between domain events and lines: permanent names, typed values, the profile of ledger-format.md § 2.

What the line says already (stream, version, instant) is not repeated in `data`. An empty fact is absent when that is
its default.
An event of a class with `class_version` above 1 carries it as `schema`; without it, it is of version 1.
"""

import dataclasses
from collections.abc import Iterator
from datetime import datetime
from typing import Any, get_type_hints
from uuid import UUID

import msgspec
from eventsourcing.domain import Aggregate, CanInitAggregate, CanMutateAggregate
from eventsourcing.utils import get_topic
from msgspec import NODEFAULT

from ledger.canonical import Field, present, text

FROM_THE_LINE = {"originator_id", "originator_version", "timestamp", "originator_topic"}


class UnknownType(LookupError):
    """An event type that this program has no class for: an old program, or a foreign ledger."""


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
        data = present(event, self.fields, 1)
        if self.version > 1:
            data["schema"] = self.version
        return text(data)

    def decode(self, line: Line) -> Any:
        facts = self.decoder.decode(line.data) if self.version == 1 else self._upcast(line.data)
        event: Any = object.__new__(self.event_class)  # an event of the past is not decided again
        state = msgspec.structs.asdict(facts)
        state |= {"originator_id": line.stream, "originator_version": line.version, "timestamp": line.at}
        state |= self.constant
        object.__setattr__(event, "__dict__", state)
        return event

    def _upcast(self, data: msgspec.Raw) -> Any:
        """Old facts in the words of today: `upcast_v1_v2(data)` and so on, on the JSON values."""
        state = msgspec.json.decode(data)
        for version in range(state.pop("schema", 1), self.version):
            getattr(self.event_class, f"upcast_v{version}_v{version + 1}")(state)
        return msgspec.convert(state, self.struct)


def _fields(event_class: type) -> list[Field]:
    """`from_`, a word of Python, is `from` in the line."""
    return [
        Field.of(
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
