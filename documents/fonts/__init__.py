"""The fonts of a paper, vendored, and which characters they can draw."""

import unicodedata
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


def unprintable(text: str) -> tuple[str, ...]:
    """The characters of a text that no paper can show, each as `字 U+5B57`; ask before a document is issued.

    A control character has no face and is given by its code alone; breaks and tabs are printable.
    """
    missing = set(clean(text)) - drawable() - set("\n\r\t")
    return tuple(
        f"{char} U+{ord(char):04X}" if char.isprintable() else f"U+{ord(char):04X}" for char in sorted(missing)
    )


def clean(text: str) -> str:
    """The text as it is printed: composed (NFC), without invisible marks (soft hyphens, direction overrides)."""
    return "".join(char for char in unicodedata.normalize("NFC", text) if unicodedata.category(char) != "Cf")


@cache
def drawable() -> frozenset[str]:
    """Every character that a paper can show: those of its text face, which stands behind the serif too."""
    from reportlab.pdfbase.ttfonts import TTFontFile  # 0.2 s: only who prints pays it

    faces = (TTFontFile(FOLDER / f"InterTabular-{weight}.ttf").charToGlyph for weight in ("Regular", "SemiBold"))
    return frozenset.intersection(*(frozenset(map(chr, face)) for face in faces))
