"""The name and version that entries say they were written by."""

from typing import Final

VERSION: Final = "0.1.0"
SOFTWARE: Final = f"probant {VERSION}"

# Root of the major version, its first number: raised when a change touches what the four conditions of the law rest on,
# and only then; every attestation given before is stale then. It says nothing else: 0 is a root like any other.
MAJOR_ROOT: Final = VERSION.partition(".")[0]
