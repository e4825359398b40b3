"""French spacing of what templates say: no line breaks before « : ; ? ! » », after « « » or inside « 5 % ».

Templates are typed with plain spaces; they are compiled with U+00A0 there. What people typed is never touched.
"""

import re
from collections.abc import Iterator

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from web.filters import NBSP

TIGHT = re.compile(r"(?:^|(?<=\S)) (?=[:;?!»](?:[\s<.,)]|$))|(?<=«) |(?<=\d) (?=[%€]|(?:[kMG]o|h|j)\b)|(?<=n°) ")


def spaced(text: str) -> str:
    """The same sentence, with U+00A0 where French keeps two signs together.

    >>> spaced("Reste dû : 5 % (« acompte »)").replace(NBSP, "_")
    'Reste dû_: 5_% («_acompte_»)'
    """
    return TIGHT.sub(NBSP, text)


class FrenchSpaces(Extension):
    """Applies `spaced` to the text and the literals of our pages, once, when they are compiled."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        said = ("data", "string") if (stream.name or "").endswith(".html") else ()
        for token in stream:
            yield Token(token.lineno, token.type, spaced(token.value)) if token.type in said else token
