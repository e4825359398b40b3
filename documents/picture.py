"""A logo as it stands on papers: whatever a screen sends becomes a PNG of known size, without anything hidden in it."""

import io
import warnings
from dataclasses import dataclass

from PIL import Image

from domain.errors import DomainError

LARGEST_BYTES, LARGEST_PIXELS = 2 * 1024 * 1024, 25_000_000
WIDTH, HEIGHT = 1_000, 200  # pixels of a box of 80 × 16 mm: 300 a inch


@dataclass(eq=False)
class NotALogo(DomainError):
    """The file cannot be printed as a logo: no PNG or JPEG, broken, or too large."""


def logo(sent: bytes) -> bytes:
    """The picture made anew: within the box, on white, no wider than its letterhead. Errors: `NotALogo`."""
    if len(sent) > LARGEST_BYTES:
        raise NotALogo
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(sent), formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > LARGEST_PIXELS:
                raise NotALogo
            return _boxed(picture.convert("RGBA"))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise NotALogo from error


def _boxed(picture: Image.Image) -> bytes:
    picture.thumbnail((WIDTH, HEIGHT))
    height = max(picture.height, -(-picture.width * HEIGHT // WIDTH))  # a wide one gets a margin: 16 mm are its height
    paper = Image.new("RGB", (picture.width, height), "white")
    paper.paste(picture, (0, (height - picture.height) // 2), picture)
    paper.save(out := io.BytesIO(), "PNG", optimize=True)
    return out.getvalue()
