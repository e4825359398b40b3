"""Who publishes this program and answers for it: the file of `PROBANT_PUBLISHER_FILE`.

Whoever holds the code and sets what the four conditions rest on signs the attestation; of open software, the last who
changed such a setting (BOI-TVA-DECLA-30-10-30 §§ 300, 310). So the program cannot know it: a person says so.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec

from domain.errors import DomainError
from ledger.settings import Settings


@dataclass(eq=False)
class PublisherMissing(DomainError):
    """No file says who publishes the program."""


@dataclass(eq=False)
class PublisherRefused(DomainError):
    """The publisher's file cannot be used: `why` is the reader's word for the operator."""

    file: str
    why: str


class Publisher(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The publisher, its representative, and the major version that it answers for.

    `major_root` must be the program's own: an attestation for another version is none. `licence` if there is one;
    `distributor` when users get the program from somebody else; `sells` when publishing software is what the publisher
    does: software made for its own use wants a certificate by an accredited body instead (§ 270).
    """

    name: str
    siren: str
    address: str
    city: str
    representative: str
    capacity: str
    marketed_on: date
    major_root: str
    licence: str = ""
    distributor: str = ""
    sells: bool = False


def publisher_of(settings: Settings) -> Publisher:
    """Errors: `PublisherMissing`, `PublisherRefused`."""
    file = settings.publisher_file
    if file is None:
        raise PublisherMissing
    try:
        return read(file)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise PublisherRefused(str(file), str(error)) from error


def read(file: Path) -> Publisher:
    found = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), Publisher)
    empty = [name for name in ("name", "siren", "address", "city", "representative", "capacity", "major_root")
             if not getattr(found, name).strip()]  # fmt: skip
    if empty:
        raise msgspec.ValidationError(f"empty: {', '.join(empty)}")
    return found
