"""The chain and the profile of ledger-format.md. Standard library only: it must still run in ten years."""

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

DEPTH_MAX = 16
LINE_MAX = 4 * 1024 * 1024  # bytes
INTEGER_MAX = 10**15 - 1
KEY = re.compile(r"[a-z][a-z0-9_]*")
DIGEST = re.compile(r"[0-9a-f]{64}")


def genesis(ledger: str) -> str:
    """Hash before the first entry of `ledger` (a lower-case UUID).

    >>> genesis("5b0e6c1e-2f4d-4a53-9b1e-7c8f0a1b2c3d")[:16]
    'd892f42396f17189'
    """
    return sha256(f"probant-ledger-v1\n{ledger}\n".encode()).hexdigest()


def link(previous: str, line: str) -> str:
    """Hash after `line`, given the hash before it."""
    return sha256(f"{previous}\n{line}\n".encode()).hexdigest()


def seal(ledger: str, subject: str, salt: str, value: str) -> str:
    """Digest standing in a line of `ledger` for `value` (canonical JSON text), which speaks of `subject`."""
    return sha256(f"probant-seal-v1\n{ledger}\n{subject}\n{salt}\n{value}\n".encode()).hexdigest()


def in_profile(data: str) -> bool:
    """Whether `data` may stand in a line: the same answer as the database's function of that name."""
    return not profile_defects(data)


def profile_defects(data: str) -> list[str]:
    """What is wrong with `data` after § 2, each once, sorted: `json` `object` `form` `depth` `null` `number` `key`
    `amount` `schema` `seal`. Sorted keys and NFC are not looked at: they are the writer's duties.

    >>> profile_defects('{"a":null,"b_cents":"1.00"}')
    ['amount', 'null']
    """
    try:
        value = json.loads(data)
        written = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except (ValueError, RecursionError):
        return ["json"]
    if not isinstance(value, dict):
        return ["object"]
    defects = set(_defects(value, 1))
    if written != data or "\\u0000" in data.replace("\\\\", ""):  # a second key, a space, a longer escape
        defects.add("form")
    if "schema" in value and (type(value["schema"]) is not int or value["schema"] < 2):
        defects.add("schema")
    return sorted(defects)


def _defects(value: Any, depth: int) -> Iterator[str]:
    kind = type(value)
    if kind is str or kind is bool:
        return
    if kind is int:
        if not -INTEGER_MAX <= value <= INTEGER_MAX:
            yield "number"
    elif depth > DEPTH_MAX and kind in (dict, list):
        yield "depth"
    elif kind is dict:
        for key, item in value.items():
            yield from _key_defects(value, key, item)
            yield from _defects(item, depth + 1)
    elif kind is list:
        for item in value:
            yield from _defects(item, depth + 1)
    else:
        yield "null" if value is None else "number"


def _key_defects(owner: dict[str, Any], key: str, item: Any) -> Iterator[str]:
    if not KEY.fullmatch(key):
        yield "key"
    if key.endswith(("_cents", "_bp")) and type(item) is not int:
        yield "amount"
    if key == "sealed" and not (len(owner) == 1 and isinstance(item, str) and DIGEST.fullmatch(item)):
        yield "seal"
