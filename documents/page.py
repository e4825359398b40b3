"""A paper as HTML: a whole page for the PDF, a fragment for the screen. The same facts in the same order."""

import base64
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from documents import blocks, fonts, titles, transfer
from documents.paper import Paper, Seller
from documents.wire import Row
from documents.words import Tongue, grouped, tongue

TEMPLATES = Path(__file__).parent / "templates"


class Page(NamedTuple):
    """What is printed: `html` in xhtml2pdf's dialect, and the rows of its `<pdf:rows>`."""

    html: str
    rows: tuple[Row, ...] = ()


def page(paper: Paper) -> Page:
    """The page that becomes the PDF."""
    words = tongue(paper.language)
    html = _filled(
        "paper.html.j2", paper, seller=paper.seller, title=titles.title(paper), subject=paper.subject,
        fonts=fonts.FOLDER, transfer=transfer.code(paper), transfer_cents=transfer.amount_cents(paper),
    )  # fmt: skip
    return Page(fonts.clean(html), tuple(_rows(paper, words)))


def document(
    template: str, seller: Seller, title: str, *, stamps: tuple[str, ...] = (), language: str = "fr", **facts: Any
) -> Page:
    """A page of another kind in the same dress: `template` extends `base.html.j2` and fills its block `body`."""
    html = _templates.get_template(template).render(
        words=tongue(language), seller=seller, title=title, subject="", fonts=fonts.FOLDER, stamps=stamps, **facts
    )
    return Page(fonts.clean(html))


def screen(paper: Paper) -> Markup:
    """The fragment for the document page, styled by `web/static/paper.css`."""
    return Markup(_filled("paper_screen.html", paper, title=titles.title(paper)))  # noqa: S704 - escaped by Jinja


def _filled(template: str, paper: Paper, **more: Any) -> str:
    words = tongue(paper.language)
    return _templates.get_template(template).render(
        paper=paper, words=words, kind=words.say(titles.TITLES[paper.kind]), stamps=titles.stamps(paper),
        facts=tuple(blocks.facts(paper)), totals=tuple(blocks.totals(paper)), **more,
    )  # fmt: skip


def _rows(paper: Paper, words: Tongue) -> Iterator[Row]:
    carried_cents = 0
    for line in paper.lines:
        carried_cents += line.amount_cents
        yield Row(
            label=_lines(line.label),
            details=tuple(part for detail in line.details for part in _lines(detail)),
            cells=(
                words.quantity(line.quantity, line.unit),
                words.price(line.unit_price),
                words.rate(line.vat_bp, line.vat_category),
                words.euros(line.amount_cents),
            ),
            carried=words.euros(carried_cents),
        )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(fonts.clean(text).replace("\t", " ").splitlines())


def _paragraph(text: str) -> Markup:
    return _stack(text.splitlines())


def _stack(lines: Iterable[str]) -> Markup:
    return Markup("<br/>").join(escape(line) for line in lines)


def _data_url(image: bytes) -> str:
    kind = "png" if image.startswith(b"\x89PNG") else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(image).decode()}"


_templates = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters |= {"grouped": grouped, "paragraph": _paragraph, "stack": _stack, "data_url": _data_url}
