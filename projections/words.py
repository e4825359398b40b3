"""What a person types into a search box, as the patterns and the amount that it may mean."""

import re
import unicodedata

GAPS = str.maketrans("", "", " \u00a0\u202f€")
AMOUNT = re.compile(r"-?\d{1,12}([.,]\d{1,2})?")
WILD = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


def patterns(q: str) -> list[str]:
    r"""A LIKE pattern for each word, to be found in a column made by the database's `read.plain`.

    >>> patterns("Hôtel 50%")
    ['%hotel%', '%50\\%%']
    """
    return [f"%{word.translate(WILD)}%" for word in plain(q).split()]


def plain(text: str) -> str:
    """As `read.plain`: no case, no accents, no ligatures.

    >>> plain("Cœur d’Été")
    'coeur d’ete'
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not "\u0300" <= c <= "\u036f")
    return bare.lower().replace("œ", "oe").replace("æ", "ae")


def amount(q: str) -> int | None:
    """The cents that the whole of `q` says, if it is an amount.

    >>> amount("1 234,5 €"), amount("F2026-0042")
    (123450, None)
    """
    typed = q.translate(GAPS)
    if not AMOUNT.fullmatch(typed):
        return None
    whole, _, rest = typed.replace(",", ".").partition(".")
    return int(whole + rest.ljust(2, "0"))
