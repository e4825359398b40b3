"""A list as a CSV file that French spreadsheets open by a double click: `;`, decimal comma, UTF-8 with its mark."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any

from flask import Response, stream_with_context

from audit.spreadsheet import harmless
from web import frame
from web.filters import decimal
from web.letterhead import named

BOM = "\ufeff"


def csv_file(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """A download called `name`.csv; a row holds texts, dates, decimals, and amounts written by `filters.amount`.

    Of a training company the file and each of its rows say FACTICE.
    """
    found = frame.around()
    stamps = ("FACTICE",) if found and found.training else ()
    stamped = ((*row, *stamps) for row in rows)
    answer = Response(
        stream_with_context(_lines(chain([(*header, *("École" for _ in stamps))], stamped))), mimetype="text/csv"
    )
    answer.headers.set("Content-Disposition", "attachment", filename=named(f"{name}.csv", stamps))
    return answer


def cell(value: Any) -> str:
    """A value as a cell; a text that a spreadsheet would run as a formula is defused by an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return decimal(value)
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    return harmless(str(value))


def _lines(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    yield BOM
    for row in rows:
        line = io.StringIO()
        csv.writer(line, delimiter=";", lineterminator="\r\n").writerow([cell(value) for value in row])
        yield line.getvalue()
