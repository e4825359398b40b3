"""What an installation decides, read once from the environment."""

import contextlib
import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from ledger.errors import SecretKeyMissing


@dataclass(frozen=True)
class Settings:
    """Each field is the environment variable `PROBANT_<FIELD>`.

    `data`: the folder that holds everything of this installation (`/var/lib/probant` for root, else
    `~/.local/share/probant`). `database_url`: an administrator's address of an external PostgreSQL 15 to 18;
    empty, Probant runs its own in `data`. `secret_key_file`: the installation's key (`<data>/secret-key`).
    `public_url`: the address that browsers use, `https://…` behind a proxy; empty, this machine over http. Its host is
    also the name that ledgers are opened under (`origin`), for ever.
    """

    data: Path
    database_url: str
    secret_key_file: Path
    public_url: str

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Self:
        data = Path(environ.get("PROBANT_DATA") or _default_data(environ)).absolute()
        return cls(
            data=data,
            database_url=environ.get("PROBANT_DATABASE_URL", ""),
            secret_key_file=Path(environ.get("PROBANT_SECRET_KEY_FILE") or data / "secret-key"),
            public_url=environ.get("PROBANT_PUBLIC_URL", ""),
        )

    @property
    def https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def host(self) -> str:
        """The host of `public_url`; `localhost` without one."""
        return urlsplit(self.public_url).hostname or "localhost"

    def make_folder(self) -> None:
        """The data folder, ours alone; as root, PostgreSQL's system user must be able to pass through it."""
        self.data.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)

    def secret(self, name: str) -> bytes:
        """32 bytes for the purpose `name`, always the same; one never tells another."""
        try:
            key = self.secret_key_file.read_bytes()
        except FileNotFoundError:
            raise SecretKeyMissing(self.secret_key_file) from None
        return hmac.digest(key, name.encode(), "sha256")

    def make_secret_key(self) -> None:
        """Makes the key file unless there is one."""
        self.make_folder()
        write_once(self.secret_key_file, secrets.token_bytes(32))


def write_once(file: Path, content: bytes) -> None:
    """A file that only we can read, whole or not at all; left alone when it is there."""
    draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(content)
        os.fsync(stream.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(draft, file)
    draft.unlink()


def _default_data(environ: Mapping[str, str]) -> str:
    if os.geteuid() == 0:
        return "/var/lib/probant"
    return f"{environ.get('XDG_DATA_HOME') or Path.home() / '.local/share'}/probant"
