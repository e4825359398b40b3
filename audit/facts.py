"""The few events whose data the whole of a ledger is checked against: numbers, erasures, declared breaks."""

from collections.abc import Sequence
from typing import Annotated, Generic, TypeVar

import msgspec

Digest = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class SeriesOpened(msgspec.Struct):
    series: str
    pattern: Annotated[str, msgspec.Meta(pattern="^[^#]*#+[^#]*$")]
    first: Annotated[int, msgspec.Meta(ge=1)] = 1


class Numbered(msgspec.Struct):
    """A document that took a number; a revised quote keeps its own."""

    series: str
    seq: Annotated[int, msgspec.Meta(ge=1)]
    number: str
    revision: int = 1


class Erased(msgspec.Struct):
    digests: list[Digest]


class ClockDeclared(msgspec.Struct):
    pass


class Restored(msgspec.Struct):
    pass


Fact = SeriesOpened | Numbered | Erased | ClockDeclared | Restored
TYPES: dict[str, type[Fact]] = {
    "series.opened": SeriesOpened,
    "invoice.issued": Numbered,
    "quote.sent": Numbered,
    "subject.erased": Erased,
    "clock.declared": ClockDeclared,
    "ledger.restored": Restored,
}
F = TypeVar("F")


class _Line(msgspec.Struct, Generic[F]):
    data: F


def facts(type_: str, lines: Sequence[bytes]) -> list[Fact]:
    """What entries of one of `TYPES` say. Errors: `msgspec.ValidationError` when one of them does not."""
    return [line.data for line in _READERS[type_].decode_lines(b"\n".join(lines))]


_READERS = {name: msgspec.json.Decoder(_Line[kind]) for name, kind in TYPES.items()}  # type: ignore[valid-type]
