"""Finds in the help whatever the accents and capitals: every word must begin a word of the section or of its title."""

import re
from functools import cache
from typing import NamedTuple

from markupsafe import Markup, escape

from web.help import pages
from web.help.pages import Page, Section

AROUND = 70  # characters told on each side of a word that was found
MOST = 30
WORD = re.compile(r"[^\W_]+")


class Found(NamedTuple):
    """A section that a search found; `excerpt` has the words marked."""

    page: Page
    section: Section
    excerpt: Markup


def search(asked: str) -> list[Found]:
    """The best first: words in titles count more than words in the text."""
    words = WORD.findall(pages.plain(asked))
    scored = [(_score(words, entry), entry) for entry in _index()] if words else []
    best = sorted((one for one in scored if one[0]), key=lambda one: -one[0])[:MOST]
    return [Found(entry.page, entry.section, _excerpt(entry.section.text, words)) for _, entry in best]


class _Entry(NamedTuple):
    """A section with the plain words of its titles, and of all that it says."""

    page: Page
    section: Section
    titles: frozenset[str]
    words: frozenset[str]


@cache
def _index() -> list[_Entry]:
    found = [pages.page(name) for name in pages.NAMES]
    return [_entry(page, section) for page in found for section in page.sections]


def _entry(page: Page, section: Section) -> _Entry:
    titles = frozenset(WORD.findall(pages.plain(f"{page.title} {section.title}")))
    return _Entry(page, section, titles, titles | frozenset(WORD.findall(pages.plain(section.text))))


def _score(words: list[str], entry: _Entry) -> int:
    if not all(_begins(word, entry.words) for word in words):
        return 0
    return 1 + 5 * sum(_begins(word, entry.titles) for word in words)


def _begins(word: str, known: frozenset[str]) -> bool:
    return any(one.startswith(word) for one in known)


def _word(text: str, at: int) -> int:
    """The beginning of the word at that place, so that none is cut."""
    return text.rfind(" ", 0, at) + 1 if 0 < at < len(text) else min(max(at, 0), len(text))


def _excerpt(text: str, words: list[str]) -> Markup:
    """Around the first word of the text that answers one asked for."""
    hits = [hit for hit in WORD.finditer(text) if pages.plain(hit[0]).startswith(tuple(words))]
    start = _word(text, hits[0].start() - AROUND) if hits else 0
    end = _word(text, (hits[0].end() if hits else 0) + AROUND * 2)
    told, at = escape("… " if start else ""), start
    for hit in hits:
        if hit.end() <= end:
            told += escape(text[at : hit.start()]) + Markup("<mark>{}</mark>").format(hit[0])
            at = hit.end()
    return told + escape(text[at:end]) + ("…" if end < len(text) else "")
