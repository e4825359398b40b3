"""The name and version that entries say they were written by."""

from typing import Final

VERSION: Final = "0.1.0"
SOFTWARE: Final = f"probant {VERSION}"

# Root of the major version: changed when what the four conditions of the law rest on changes, and only then.
MAJOR_ROOT: Final = "0"
