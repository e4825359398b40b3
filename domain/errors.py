"""What the rules refuse: one class per reason, fields for the facts, no sentence.

A French sentence for each class is in `web/texts.py`; a test holds that none is missing.
"""

from dataclasses import dataclass
from uuid import UUID


class DomainError(Exception):
    """The base of every refusal. Nothing was recorded."""

    def __str__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in vars(self).items())})"


@dataclass(eq=False)
class NotFound(DomainError):
    """No aggregate of this kind has this id in this company."""

    kind: str
    id: UUID


@dataclass(eq=False)
class Missing(DomainError):
    """A fact that the law or the arithmetic needs was not given; `field` is its name in the code."""

    field: str


@dataclass(eq=False)
class Malformed(DomainError):
    """A value has not the form that its kind asks for (a wrong key in a SIREN, an unknown country…)."""

    field: str
    value: str
