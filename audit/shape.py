"""What the data of one type of event look like, learnt from lines that the long way believed.

A shape makes a class which reads such data in C, and nothing else: keys, kinds of values and depth are those that were
seen. So whatever it reads is in the profile, but for what bytes alone show (see `form.py`).
"""

from types import GenericAlias
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

KEYS_MAX = 400  # of one type; one that uses more (names as keys) is read the long way

Integer = Annotated[int, msgspec.Meta(gt=-(10**15), lt=10**15)]


class Shape:
    """The values seen in one place: which scalars, the keys of an object, the items of an array."""

    def __init__(self) -> None:
        self._scalars: set[Any] = set()
        self._keys: dict[str, Shape] | None = None
        self._items: Shape | None = None

    def learn(self, value: Any) -> bool:
        """Adds a value; whether it shows anything new."""
        if isinstance(value, dict):
            new = self._keys is None
            self._keys = self._keys or {}
            new |= not value.keys() <= self._keys.keys()
            inside = [self._keys.setdefault(key, Shape()).learn(item) for key, item in value.items()]
            return new or any(inside)
        if isinstance(value, list):
            new = self._items is None
            self._items = self._items or Shape()
            inside = [self._items.learn(item) for item in value]
            return new or any(inside)
        kind = Integer if type(value) is int else type(value)
        new = kind not in self._scalars
        self._scalars.add(kind)
        return new

    def size(self) -> int:
        """Number of keys, those inside included."""
        inner = [*(self._keys or {}).values(), *filter(None, [self._items])]
        return len(self._keys or {}) + sum(shape.size() for shape in inner)

    def kind(self) -> Any:
        """The type, for `msgspec`, of exactly such values; of nothing but strings where nothing was seen."""
        kinds = [*self._scalars]
        if self._items:
            kinds.append(GenericAlias(list, self._items.kind()))
        if self._keys is not None:
            kinds.append(self.struct())
        union = kinds.pop() if kinds else str
        for kind in kinds:
            union |= kind
        return union

    def struct(self) -> type[Struct]:
        """The class of such objects: any of the keys seen, in sorted order, each once."""
        fields = [(key, shape.kind() | UnsetType, UNSET) for key, shape in sorted((self._keys or {}).items())]
        return msgspec.defstruct("Data", fields, forbid_unknown_fields=True, gc=False)
