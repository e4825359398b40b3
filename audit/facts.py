"""The few events whose data the whole of a ledger is checked against: numbers, erasures, declared breaks."""

from typing import Annotated, Any

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


def fact(type_: str, data: dict[str, Any]) -> Fact:
    """What an entry of one of `TYPES` says. Errors: `msgspec.ValidationError` when it does not."""
    return msgspec.convert(data, TYPES[type_])
