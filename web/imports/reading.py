"""A CSV file as spreadsheets write it: French Excel (`;`, Windows-1252), UTF-8 with or without its mark."""

import csv
import io
from typing import NamedTuple

from web.forms import Unreadable

LARGEST_BYTES = 10_000_000
MOST_LINES = 100_000
MOST_COLUMNS = 100
LONGEST_CELL = 10_000
DELIMITERS = ";\t,"  # of two that are as frequent, the first
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class Sheet(NamedTuple):
    """The heads and the rows of a file; every row has as many cells as there are heads, empty rows are gone."""

    heads: list[str]
    rows: list[list[str]]


def sheet(content: bytes) -> Sheet:
    """Errors: `forms.Unreadable` for what is no table, or too large a one."""
    if len(content) > LARGEST_BYTES:
        raise Unreadable("Ce fichier dépasse 10 Mo : coupez-le en plusieurs.")
    if content.startswith(WORKBOOKS):
        raise Unreadable("C’est un classeur : dans le tableur, « Enregistrer sous », au format CSV.")
    text = decoded(content).replace("\x00", "")
    if text.lower().startswith("sep="):  # a hint of Excel to itself
        text = text.partition("\n")[2]
    try:
        rows = [
            row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(text)) if any(map(_said, row))
        ]
    except csv.Error:
        raise Unreadable("Ce fichier n’est pas un CSV lisible : une cellule y est peut-être sans fin.") from None
    return _checked(rows)


def decoded(content: bytes) -> str:
    """As its mark says, else UTF-8 if it can be, else Windows-1252."""
    known = next((name for mark, name in MARKS.items() if content.startswith(mark)), "utf-8")
    try:
        return content.decode(known)
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def delimiter(text: str) -> str:
    """What parts the heads."""
    first = text.lstrip().partition("\n")[0]
    return max(DELIMITERS, key=lambda sign: (first.count(sign), -DELIMITERS.index(sign)))


def plain_cell(raw: str) -> str:
    """A cell as it was meant: an apostrophe that kept a spreadsheet from reckoning it is none of it."""
    text = raw.strip()
    return text[1:] if text.startswith("'") and text[1:2] in ("=", "+", "-", "@") else text


def _checked(rows: list[list[str]]) -> Sheet:
    if len(rows) < 2:
        raise Unreadable("Ce fichier est vide : il faut une ligne de titres, puis une ligne par fiche.")
    heads = [head.strip()[:80] for head in rows[0]]
    if len(heads) > MOST_COLUMNS:
        raise Unreadable(f"Ce fichier a {len(heads)} colonnes ; {MOST_COLUMNS} au plus.")
    if len(rows) > MOST_LINES + 1:
        raise Unreadable(f"Ce fichier a {len(rows) - 1} lignes ; cent mille au plus : coupez-le en plusieurs.")
    width = len(heads)
    return Sheet(
        heads, [[plain_cell(cell)[:LONGEST_CELL] for cell in (row + [""] * width)[:width]] for row in rows[1:]]
    )


def _said(cell: str) -> bool:
    return bool(cell.strip())
