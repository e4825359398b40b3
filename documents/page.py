"""A paper as HTML: a whole page for the PDF, a fragment for the screen. The same facts in the same order."""

import base64
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from documents import blocks, fonts, words
from documents.paper import Paper

CHUNK = 30  # lines a table: xhtml2pdf's time grows faster than the length of one table
LAST = 2  # lines that stay with the totals, so that these never stand alone on a page


def page(paper: Paper) -> str:
    """The HTML page that becomes the PDF, in xhtml2pdf's dialect."""
    body, last = paper.lines[:-LAST], paper.lines[-LAST:]
    tables = [body[at : at + CHUNK] for at in range(0, len(body), CHUNK)]
    return fonts.clean(_filled("paper.html.j2", paper, body=tables, last=last, fonts=fonts.FOLDER))


def screen(paper: Paper) -> Markup:
    """The fragment for the document page, styled by `web/static/paper.css`."""
    return Markup(_filled("paper_screen.html", paper, stamps=words.stamps(paper)))  # noqa: S704 - escaped by Jinja


def _filled(template: str, paper: Paper, **more: Any) -> str:
    lists = {"facts": tuple(blocks.facts(paper)), "totals": tuple(blocks.totals(paper))}
    return _templates.get_template(template).render(paper=paper, **lists, **more)


def _paragraph(text: str) -> Markup:
    return _stack(text.splitlines())


def _stack(lines: Iterable[str]) -> Markup:
    return Markup("<br/>").join(escape(line) for line in lines)


def _data_url(image: bytes) -> str:
    kind = "png" if image.startswith(b"\x89PNG") else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(image).decode()}"


_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters |= {
    "euros": words.euros,
    "price": words.price,
    "day": words.day,
    "grouped": words.grouped,
    "paragraph": _paragraph,
    "stack": _stack,
    "data_url": _data_url,
}
_templates.globals |= {"title": words.title, "titles": words.TITLES, "quantity": words.quantity, "rate": words.rate}
