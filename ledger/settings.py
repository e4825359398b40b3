"""What an installation decides, read once from the environment."""

import contextlib
import hmac
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit
from uuid import UUID

from ledger.errors import SecretKeyMissing, SettingRefused

SMTP_PORTS = {"starttls": 587, "tls": 465, "none": 25}
ADDRESSES = ("mail_from", "operator_mail")
TSA_HASHES = ("sha256", "sha384", "sha512")
FILES = ("keys_passphrase_file", "tsa_roots", "publisher_file", "hosting_file", "pkcs11_module", "pkcs11_pin_file")
LONGEST_LOCAL = 24  # a token of 40 characters goes behind it, and servers take 64
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")


@dataclass(frozen=True)
class Settings:
    """Each field is the environment variable `PROBANT_<FIELD>`.

    `data`: the folder that holds everything of this installation (`/var/lib/probant` for root, else
    `~/.local/share/probant`). `database_url`: an administrator's address of an external PostgreSQL 15 to 18;
    empty, Probant runs its own in `data`. `secret_key_file`: the installation's key (`<data>/secret-key`).
    `public_url`: the address that browsers use, `https://…` behind a proxy; empty, this machine over http. Its host is
    also the name that ledgers are opened under (`origin`), for ever.

    `smtp_host`: the server that takes our mails; empty, none is sent. `smtp_security`: `starttls` (port 587), `tls`
    (port 465) or `none` (port 25, for a server on this machine: no password goes over it). `smtp_password_file` holds
    the password of `smtp_user`. `mail_from`: the address that mails come from, of a domain that may send through it.
    `operator_mail`: who runs this installation, told when a ledger was altered; empty, nobody but its owners is.

    `keys_passphrase_file` holds what the signing keys are encrypted with (32 characters at least, made by chance);
    without it, something made of the installation's key. `witness_url`: the witnesses that checkpoints are shown to,
    apart by spaces, each `https://…#<verifier key>`. `tsa_url`: the authority that stamps the time of each checkpoint
    (RFC 3161), over `tsa_hash` (`sha256`, `sha384` or `sha512`); `tsa_roots`: certificates (PEM), of which one must
    stand above that of the authority; without them any authority that answers is believed.

    `pkcs11_module` is the library of the token that holds a seal, `pkcs11_pin_file` holds its PIN.

    `retention_years`: how long frozen files are kept from the end of their fiscal year, ten at least.

    `publisher_file` says who publishes this program and attests it to its users (TOML, `audit/publisher.py`),
    `hosting_file` who runs and hosts this installation, and who processes its data (TOML, `web/privacy/hosting.py`).

    `support_mail`: the address whose mails are piped into `probant mail-in`; answers to requests come back to it with a
    token (`aide+…@`). `support_strangers`: what becomes of a mail that answers none: `open` a request, or `drop` it.

    `sign_up`: whether anybody may open an account by the page (`open` or `closed`). `operator_company`: the company,
    kept here, that invoices the subscriptions; empty, none is invoiced.
    """

    data: Path
    database_url: str
    secret_key_file: Path
    public_url: str
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: str = "starttls"
    smtp_user: str = ""
    smtp_password_file: Path | None = None
    mail_from: str = ""
    operator_mail: str = ""
    keys_passphrase_file: Path | None = None
    witness_url: str = ""
    tsa_url: str = ""
    tsa_hash: str = "sha256"
    tsa_roots: Path | None = None
    publisher_file: Path | None = None
    hosting_file: Path | None = None
    retention_years: int = 10
    pkcs11_module: Path | None = None
    pkcs11_pin_file: Path | None = None
    support_mail: str = ""
    support_strangers: str = "open"
    sign_up: str = "open"
    operator_company: UUID | None = None

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Self:
        data = Path(environ.get("PROBANT_DATA") or _default_data(environ)).absolute()
        return cls(
            data=data,
            database_url=environ.get("PROBANT_DATABASE_URL", ""),
            secret_key_file=Path(environ.get("PROBANT_SECRET_KEY_FILE") or data / "secret-key"),
            public_url=environ.get("PROBANT_PUBLIC_URL", ""),
            **_mail(environ),
            **_proof(environ),
            **_support(environ),
            **_service(environ),
        )

    def environ(self) -> dict[str, str]:
        """The variables that these settings are read from, for a program that is started with them."""
        told = {field.name: getattr(self, field.name) for field in fields(self)}
        return {f"PROBANT_{name.upper()}": "" if value is None else str(value) for name, value in told.items()}

    @property
    def https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def host(self) -> str:
        """The host of `public_url`; `localhost` without one."""
        return urlsplit(self.public_url).hostname or "localhost"

    @property
    def smtp_password(self) -> str:
        """Read when it is used, so that it can be changed while Probant runs."""
        return self.smtp_password_file.read_text(encoding="utf-8").strip() if self.smtp_password_file else ""

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


def _mail(environ: Mapping[str, str]) -> dict[str, Any]:
    """Errors: `SettingRefused`."""
    told = {name: environ.get(f"PROBANT_{name.upper()}", "") for name in ("smtp_host", "smtp_user", *ADDRESSES)}
    security = environ.get("PROBANT_SMTP_SECURITY") or "starttls"
    if security not in SMTP_PORTS or (security == "none" and told["smtp_user"]):
        raise SettingRefused("PROBANT_SMTP_SECURITY", security)
    port = environ.get("PROBANT_SMTP_PORT") or str(SMTP_PORTS[security])
    if not port.isdecimal():
        raise SettingRefused("PROBANT_SMTP_PORT", port)
    for name in ADDRESSES:
        if (told[name] or (name == "mail_from" and told["smtp_host"])) and not ADDRESS.fullmatch(told[name]):
            raise SettingRefused(f"PROBANT_{name.upper()}", told[name])
    file = environ.get("PROBANT_SMTP_PASSWORD_FILE")
    return {
        **told,
        "smtp_port": int(port),
        "smtp_security": security,
        "smtp_password_file": Path(file) if file else None,
    }


def _support(environ: Mapping[str, str]) -> dict[str, Any]:
    """Errors: `SettingRefused`."""
    mail, strangers = environ.get("PROBANT_SUPPORT_MAIL", ""), environ.get("PROBANT_SUPPORT_STRANGERS") or "open"
    if mail and (not ADDRESS.fullmatch(mail) or len(mail.partition("@")[0]) > LONGEST_LOCAL):
        raise SettingRefused("PROBANT_SUPPORT_MAIL", mail)
    if strangers not in ("open", "drop"):
        raise SettingRefused("PROBANT_SUPPORT_STRANGERS", strangers)
    return {"support_mail": mail, "support_strangers": strangers}


def _service(environ: Mapping[str, str]) -> dict[str, Any]:
    """Errors: `SettingRefused`."""
    sign_up, company = environ.get("PROBANT_SIGN_UP") or "open", environ.get("PROBANT_OPERATOR_COMPANY", "")
    if sign_up not in ("open", "closed"):
        raise SettingRefused("PROBANT_SIGN_UP", sign_up)
    try:
        return {"sign_up": sign_up, "operator_company": UUID(company) if company else None}
    except ValueError:
        raise SettingRefused("PROBANT_OPERATOR_COMPANY", company) from None


def _proof(environ: Mapping[str, str]) -> dict[str, Any]:
    """Errors: `SettingRefused`."""
    told = {name: environ.get(f"PROBANT_{name.upper()}", "") for name in ("witness_url", "tsa_url")}
    for name, urls in told.items():
        if any(urlsplit(url).scheme not in ("http", "https") for url in urls.split()):
            raise SettingRefused(f"PROBANT_{name.upper()}", urls)
    years = environ.get("PROBANT_RETENTION_YEARS") or "10"
    if not years.isdecimal() or not 10 <= int(years) <= 100:
        raise SettingRefused("PROBANT_RETENTION_YEARS", years)
    algorithm = environ.get("PROBANT_TSA_HASH") or "sha256"
    if algorithm not in TSA_HASHES:
        raise SettingRefused("PROBANT_TSA_HASH", algorithm)
    files = {name: environ.get(f"PROBANT_{name.upper()}") for name in FILES}
    paths = {name: Path(file) if file else None for name, file in files.items()}
    return {**told, "retention_years": int(years), "tsa_hash": algorithm, **paths}


def _default_data(environ: Mapping[str, str]) -> str:
    if os.geteuid() == 0:
        return "/var/lib/probant"
    return f"{environ.get('XDG_DATA_HOME') or Path.home() / '.local/share'}/probant"
