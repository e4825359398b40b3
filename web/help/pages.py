"""The pages of the help, from Markdown files beside this one: they travel with the package, installed or not."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

GROUPS = (  # the table of contents
    ("Commencer", ("premiers-pas", "questions", "offres", "compte", "membres")),
    ("Vendre", ("devis-factures", "envois", "suppression", "clients", "catalogue", "import-csv", "recurrences")),
    ("Encaisser", ("paiements", "conditions", "relances")),
    ("Tenir les comptes", ("comptabilite",)),
    ("Régler", ("reglages",)),
    ("Prouver", ("registre", "clotures", "controle")),
    ("Avoir confiance", ("securite", "donnees-personnelles", "assistance")),
)
NAMES = tuple(name for _, names in GROUPS for name in names)
NEWS = "nouveautes"
FOLDER = files(__package__)

CODE = ("code_block", "fence")
GAPS = (re.compile(r" (?=[;:?»])"), "\u00a0"), (re.compile("(?<=«) "), "\u00a0")  # as French prints them

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True)
class Section:
    """A part of a page under its heading; `anchor` is empty for what comes before the first one."""

    anchor: str
    title: str
    tokens: tuple[Token, ...]

    @property
    def text(self) -> str:
        """What it says below its heading, without marks."""
        below = self.tokens[3:] if self.anchor else self.tokens
        return " ".join(_said(token) for token in below if token.children or token.type in CODE)


@dataclass(frozen=True)
class Page:
    """A page; `sections` are its parts in order."""

    name: str
    title: str
    sections: tuple[Section, ...]

    @property
    def contents(self) -> list[Section]:
        return [section for section in self.sections if section.anchor]

    @property
    def summary(self) -> str:
        """Its first sentences, before any heading."""
        return self.sections[0].text


@cache
def page(name: str) -> Page:
    """Errors: `FileNotFoundError`."""
    tokens = _markdown.parse((FOLDER / f"{name}.md").read_text(encoding="utf-8"))
    _print_gaps(tokens)
    title = _said(tokens[1])
    parts = [Section("", title, ())]
    for at, token in enumerate(tokens[3:], start=3):
        if token.type == "heading_open" and token.tag == "h2":
            heading = _said(tokens[at + 1])
            token.attrSet("id", slug(heading))
            parts.append(Section(slug(heading), heading, ()))
        parts[-1] = Section(parts[-1].anchor, parts[-1].title, (*parts[-1].tokens, token))
    return Page(name, title, tuple(parts))


def printed(page: Page, address: Callable[[str], str]) -> Markup:
    """The page's HTML without its title; `address` turns `screen:…` and `aide:…` into addresses."""
    tokens = [token for section in page.sections for token in section.tokens]
    html = _markdown.renderer.render(tokens, _markdown.options, {"address": address})
    return Markup(html)  # noqa: S704 - our own files, and HTML is off


def links(page: Page) -> list[str]:
    """Every address that it leads to, as written in the file."""
    return [str(token.attrGet("href")) for token in _inline(page) if token.type == "link_open"]


def quoted(page: Page) -> list[str]:
    """Every text in bold: what a screen says, word for word."""
    found: list[str] = []
    inside = False
    for token in _inline(page):
        if token.type == "strong_open":
            inside, found = True, [*found, ""]
        elif token.type == "strong_close":
            inside = False
        elif inside:
            found[-1] += token.content
    return found


def slug(heading: str) -> str:
    """`Émettre une facture` is `emettre-une-facture`."""
    return re.sub(r"[^a-z0-9]+", "-", plain(heading)).strip("-")


def plain(text: str) -> str:
    """Small letters without accents, `œ` as `oe`: as a person in a hurry types."""
    spelled = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(letter for letter in spelled if not unicodedata.combining(letter)).replace("’", "'")


def _print_gaps(tokens: list[Token]) -> None:
    """No line begins with the end of a French sentence."""
    for text in (child for token in tokens for child in token.children or () if child.type == "text"):
        for gap, printed_ in GAPS:
            text.content = gap.sub(printed_, text.content)


def _said(token: Token) -> str:
    return (
        "".join(child.content or " " * (child.type == "softbreak") for child in token.children or ()) or token.content
    )


def _inline(page: Page) -> list[Token]:
    return [token for section in page.sections for one in section.tokens for token in one.children or ()]


def _link(renderer: Any, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    return Markup('<a href="{}">').format(env["address"](str(tokens[at].attrGet("href"))))


_markdown.add_render_rule("link_open", _link)
