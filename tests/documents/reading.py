"""Reads back what was printed."""

import io

from pypdf import PdfReader


def pages(pdf: bytes) -> list[str]:
    """The text of each page, every gap a plain space."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def text(pdf: bytes) -> str:
    return " ".join(pages(pdf))


def plain(html: str) -> str:
    return " ".join(html.replace("&#39;", "'").split())
