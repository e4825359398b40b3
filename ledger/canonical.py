"""Values as JSON in the profile of ledger-format.md § 2: sorted, compact, in NFC, empty facts absent.

Dates, decimals and the like become texts here, since JSON libraries differ there.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple
from unicodedata import is_normalized
from uuid import UUID

import msgspec
from msgspec import NODEFAULT

from ledger.chain import DEPTH_MAX, INTEGER_MAX, KEY


class NotNormalised(ValueError):
    """A text is not in NFC: it is normalised where it enters (`web/forms.py`), never here."""


class NotInProfile(ValueError):
    """A value has no form in the ledger: a float, an absent value that should be left out, a bad key, too deep."""


def canonical(value: Any) -> bytes:
    """`value` as JSON in the profile: sorted, compact.

    Errors: `NotInProfile`, `NotNormalised`.

    >>> canonical({"on": date(2026, 3, 1), "quantity": Decimal("1E+2"), "a": [1, True]}).decode()
    '{"a":[1,true],"on":"2026-03-01","quantity":"100"}'
    """
    return text(_plain(value, 1)).encode()


def text(plain: Any) -> str:
    """Plain JSON values, written. Errors: `NotNormalised`; `NotInProfile` for U+0000 and what UTF-8 cannot hold."""
    try:
        written = msgspec.json.encode(plain, order="sorted").decode()
    except UnicodeEncodeError:
        raise NotInProfile("a lone surrogate") from None
    if "\\u0000" in written and any("\0" in string for string in _strings(plain)):
        raise NotInProfile("U+0000")
    if not is_normalized("NFC", written):  # the whole first: it is quick; what JSON escapes never composes
        for string in _strings(plain):
            if not is_normalized("NFC", string):
                raise NotNormalised(string)
    return written


def _strings(plain: Any) -> Iterator[str]:
    if isinstance(plain, str):
        yield plain
    elif isinstance(plain, dict | list):
        for item in plain.values() if isinstance(plain, dict) else plain:
            yield from _strings(item)


def _plain(value: Any, depth: int) -> Any:
    kind: type = type(value)
    if kind is str or kind is bool:
        return value
    writer = _WRITERS.get(kind)
    if writer:
        return writer(value, depth)
    if isinstance(value, msgspec.Struct):
        return present(value, _struct_fields(kind), depth)
    raise NotInProfile(f"{kind.__name__} has no form in the ledger")


def _integer(value: int, depth: int) -> int:
    if not -INTEGER_MAX <= value <= INTEGER_MAX:
        raise NotInProfile("more than 15 digits")
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
    int: _integer,
    Decimal: _decimal,
    datetime: _instant,
    date: lambda value, _: value.isoformat(),
    UUID: lambda value, _: str(value),
    list: _list,
    tuple: _list,
    dict: _dict,
}


class Field(NamedTuple):
    """A fact: its name in the class, its key in the line, the value it is read as when absent.

    `empty` when that value says nothing: then it is left out.
    """

    name: str
    key: str
    default: Any
    empty: bool

    @classmethod
    def of(cls, name: str, key: str, default: Any) -> "Field":
        return cls(name, key, default, default is None or (default is not NODEFAULT and not _plain(default, 1)))


def present(owner: Any, fields: list[Field], depth: int) -> dict[str, Any]:
    """The facts that say something: one that is empty, and empty by default, is absent.

    A default that is not empty ("FR", a quantity of 1) is written all the same: who reads the line in ten years has
    only the line.
    """
    deeper = _deeper(depth)
    facts = {}
    for name, key, default, empty in fields:
        value = getattr(owner, name)
        if empty and value is default:
            continue
        plain = _plain(value, deeper)
        if plain or value != default:
            facts[key] = plain
    return facts


@cache
def _struct_fields(struct: type[msgspec.Struct]) -> list[Field]:
    return [
        Field.of(
            field.name,
            field.encode_name,
            field.default_factory() if field.default_factory is not NODEFAULT else field.default,
        )
        for field in msgspec.structs.fields(struct)
    ]
