"""A ZIP whose bytes follow from its content alone, with the digest of each member as it is written."""

import hashlib
import json
import zipfile
from base64 import b64encode
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self
from xml.sax.saxutils import quoteattr

EPOCH = (1980, 1, 1, 0, 0, 0)
MIME = "application/vnd.etsi.asic-e+zip"
BUFFER = 1 << 20
MIMES = {
    "txt": "text/plain", "csv": "text/csv", "json": "application/json", "jsonl": "application/jsonl",
    "pdf": "application/pdf", "xml": "text/xml", "py": "text/x-python", "sh": "application/x-sh",
    "pem": "application/x-pem-file",
}  # fmt: skip


class Member(NamedTuple):
    """A file of the archive; `sha256` in hex."""

    name: str
    sha256: str

    @property
    def mime(self) -> str:
        return MIMES.get(self.name.rpartition(".")[2], "application/octet-stream")


class Zip:
    """Members in the order they are added; memory does not grow with their size."""

    def __init__(self, path: Path) -> None:
        self.zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self.members: list[Member] = []
        self.put("mimetype", [MIME.encode()], stored=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.zip.close()

    def put(self, name: str, chunks: Iterable[bytes], *, stored: bool = False) -> str:
        """Writes a member: its SHA-256 in hex."""
        about = zipfile.ZipInfo(name, EPOCH)
        about.create_system, about.external_attr = 3, 0o100644 << 16
        about.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        digest = hashlib.sha256()
        with self.zip.open(about, "w", force_zip64=True) as member:
            for chunk in buffered(chunks):
                digest.update(chunk)
                member.write(chunk)
        self.members.append(Member(name, digest.hexdigest()))
        return digest.hexdigest()

    def text(self, name: str, text: str) -> None:
        self.put(name, [text.encode()])


def buffered(chunks: Iterable[bytes]) -> Iterable[bytes]:
    """The same bytes in pieces of about a megabyte."""
    waiting: list[bytes] = []
    size = 0
    for chunk in chunks:
        waiting.append(chunk)
        size += len(chunk)
        if size >= BUFFER:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)


def canonical(value: Any) -> bytes:
    """A line of JSON: sorted keys, no spaces."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str).encode() + b"\n"


def sums(members: Iterable[Member]) -> str:
    """`SHA256SUMS`, as `sha256sum -c` reads it."""
    return "".join(f"{member.sha256}  {member.name}\n" for member in members)


def manifest(members: Iterable[Member], signature: str, mime: str) -> str:
    """An ASiCManifest: what `signature` covers (ETSI EN 319 162-1, annex A)."""
    references = "".join(
        f"<asic:DataObjectReference URI={quoteattr(member.name)} MimeType={quoteattr(member.mime)}>"
        '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>'
        f"<ds:DigestValue>{b64encode(bytes.fromhex(member.sha256)).decode()}</ds:DigestValue>"
        "</asic:DataObjectReference>\n"
        for member in members
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#"'
        ' xmlns:ds="http://www.w3.org/2000/09/xmldsig#">\n'
        f"<asic:SigReference URI={quoteattr(signature)} MimeType={quoteattr(mime)}/>\n"
        f"{references}</asic:ASiCManifest>\n"
    )
