"""The name and version that entries say they were written by."""

from typing import Final

VERSION: Final = "0.1.0"
SOFTWARE: Final = f"probant {VERSION}"
MAJOR_ROOT: Final = "0"  # root of the major version: changed when what the four conditions rest on changes, and only then
