"""Fetches packages from npm, each checked against its SHA-256."""

import hashlib
import io
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Package:
    """An npm package: the SHA-256 of its archive, and its files we keep with the names we give them."""

    spec: str
    sha256: str
    files: dict[str, str]


def fetch(package: Package) -> tarfile.TarFile:
    """The package's archive; ends with a sentence when it is not the known one."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--silent", package.spec]
        name = subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout.split()[-1]
        content = (Path(folder) / name).read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != package.sha256:
        sys.exit(f"{package.spec}: SHA-256 is {found}, expected {package.sha256}")
    return tarfile.open(fileobj=io.BytesIO(content))


def member(archive: tarfile.TarFile, name: str) -> bytes:
    """Bytes of one file of an npm archive, which keeps everything under package/."""
    file = archive.extractfile(f"package/{name}")
    if file is None:
        sys.exit(f"{name} is not a file")
    return file.read()
