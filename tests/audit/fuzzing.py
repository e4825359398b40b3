"""What `make soak` runs: `python -m tests.audit.fuzzing ARCHIVE [libFuzzer's options]`.

atheris changes one member of an archive, led by what the verifier does with it. It ends with an error at a crash, a
verdict « CONFORME » of a changed archive, too much memory, or an input that takes too long.
"""

import os
import sys
import tempfile
import zipfile
from functools import lru_cache
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["audit.verifier"]):
    from audit.verifier import ed25519, main, members

ARCHIVE = Path(sys.argv[1])
CHANGED = Path(tempfile.mkdtemp(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)) / "a.asice"


def members() -> list[tuple[zipfile.ZipInfo, bytes]]:
    with zipfile.ZipFile(ARCHIVE) as opened:
        return [(one, opened.read(one)) for one in opened.infolist()]


KNOWN = members()


def one_input(data: bytes) -> None:
    """The first byte chooses the member, the rest is what it holds."""
    if not data:
        return
    rank, content = data[0] % len(KNOWN), data[1:]
    with zipfile.ZipFile(CHANGED, "w") as new:
        for n, (about, old) in enumerate(KNOWN):
            new.writestr(zipfile.ZipInfo(about.filename), content if n == rank else old)
    report = main.verify(str(CHANGED))
    report.lines()
    assert not report.conform or content == KNOWN[rank][1], KNOWN[rank][0].filename


def corpus() -> str:
    folder = Path(tempfile.mkdtemp())
    for n, (_, content) in enumerate(KNOWN):
        (folder / str(n)).write_bytes(bytes([n]) + content)
    return str(folder)


members.verify = lru_cache(64)(members.verify)  # signatures that did not change are verified once
ed25519.holds = lru_cache(64)(ed25519.holds)
atheris.Setup([sys.argv[0], *sys.argv[2:], corpus()], one_input)
atheris.Fuzz()
