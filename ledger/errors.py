"""What the ledger refuses (`DomainError`: nothing was recorded), and why its server does not run (`ServerError`).

Fields only: the French sentences are in `web/texts.py`.
"""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from domain.errors import DomainError


@dataclass(eq=False)
class CommandReused(DomainError):
    """This command id was already used for another request."""

    command_id: UUID


@dataclass(eq=False)
class LedgerReadOnly(DomainError):
    """Nothing can be recorded for now: the clock came back (`clock.declared` is due), or a backup was restored
    (`ledger.restored` is due).
    """

    company_id: UUID


@dataclass(eq=False)
class TrainingOnly(DomainError):
    """Only a training ledger may be kept on another day than today."""

    company_id: UUID


class ServerError(Exception):
    """The base of every reason for which PostgreSQL, our own or another's, cannot be used."""


@dataclass(eq=False)
class FolderUnwritable(ServerError):
    """The data folder cannot be made or written."""

    folder: Path


@dataclass(eq=False)
class FolderUnreachable(ServerError):
    """PostgreSQL never runs as root, and the system user it runs under instead may not enter this folder."""

    folder: Path
    user: str


@dataclass(eq=False)
class DiskFull(ServerError):
    """The disk of the data folder has no room left."""

    folder: Path


@dataclass(eq=False)
class WrongMajor(ServerError):
    """The data folder was made by another major version of PostgreSQL; nothing in it was touched."""

    folder: Path
    found: str
    expected: str


@dataclass(eq=False)
class ServerFailed(ServerError):
    """PostgreSQL does not start; `told` is the end of what it said."""

    folder: Path
    told: str


@dataclass(eq=False)
class VersionUnsupported(ServerError):
    """An external server must be of PostgreSQL 15 to 18."""

    found: int


@dataclass(eq=False)
class SchemaNewer(ServerError):
    """A newer Probant has already migrated this database to `found`; this one knows migrations up to `known`."""

    found: int
    known: int


@dataclass(eq=False)
class SecretKeyMissing(ServerError):
    """The installation has no secret key: `probant init` makes it, once."""

    file: Path


@dataclass(eq=False)
class SettingRefused(ServerError):
    """An environment variable holds what it cannot mean."""

    name: str
    value: str


@dataclass(eq=False)
class KeyLocked(ServerError):
    """A key file cannot be opened: the passphrase is another one, too short, or the file is damaged."""

    file: Path


@dataclass(eq=False)
class KeyUndeclared(ServerError):
    """The keys of this installation are not the one that a ledger names: it was lost, or changed half way."""

    file: Path


@dataclass(eq=False)
class NotAnExtension(ServerError):
    """The signer remembers a checkpoint of `known` entries which the history of `asked` entries does not extend."""

    ledger: str
    known: int
    asked: int
