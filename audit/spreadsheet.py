"""A text that goes into a spreadsheet by way of a CSV file: none is run as a formula."""

import re

FORMULA = ("=", "+", "-", "@", "\t", "\r")
FIGURE = re.compile(r"-?\d+(,\d+)?")


def harmless(text: str) -> str:
    """A text that a spreadsheet would run as a formula is defused by an apostrophe; a figure is none.

    >>> harmless("=1+1"), harmless("-12,50")
    ("'=1+1", '-12,50')
    """
    return f"'{text}" if text.startswith(FORMULA) and not FIGURE.fullmatch(text) else text
