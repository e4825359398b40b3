"""The help: true to the screens, complete, found whatever the accents, readable without an account."""

import re
from functools import cache
from html import unescape
from pathlib import Path

import pytest

from tests.web.sweep import rules
from web.accounts.sign_in import OPEN_TO_ALL
from web.help import pages, screens
from web.help.search import search
from web.navigation import MENU

ROOT = Path(__file__).parents[3]
WEB = ROOT / "web"
ALL = (*pages.NAMES, pages.NEWS)
OWN_HELP = ("help", "operator", "security")  # the help itself; the console of those who wrote it; what answers no page


@cache
def said_by_screens() -> str:
    """Every word of the templates and of the code that speaks French."""
    files = [*WEB.glob("templates/**/*.html"), *WEB.glob("**/*.py")]
    text = " ".join(file.read_text(encoding="utf-8") for file in files if "operator" not in file.parts)
    return re.sub(r"\s+", " ", unescape(re.sub(r"\{\{ icon\([^}]*\}\}", "", text)).replace("\\u00a0", " ")).replace(
        "\u00a0", " "
    )


def anchors(name: str) -> set[str]:
    return {"", *(section.anchor for section in pages.page(name).contents)}


@pytest.mark.parametrize("name", ALL)
def test_every_link_of_a_page_leads_somewhere(app, name):
    endpoints = {rule.endpoint for rule in rules(app, "GET") if not rule.arguments}
    for link in pages.links(pages.page(name)):
        kind, _, what = link.partition(":")
        other, _, anchor = what.partition("#")
        assert (kind == "screen" and what in endpoints) or (
            kind == "aide" and other in pages.NAMES and anchor in anchors(other)
        ), link


@pytest.mark.parametrize("name", ALL)
def test_what_a_page_says_of_a_screen_stands_on_a_screen(name):
    strange = [text for text in pages.quoted(pages.page(name)) if text.replace("\u00a0", " ") not in said_by_screens()]
    assert strange == []


@pytest.mark.parametrize("name", ALL)
def test_a_page_is_written_as_the_house_writes(name):
    text = (WEB / "help" / f"{name}.md").read_text(encoding="utf-8")
    prose = re.sub(r"`[^`]*`|^    .*$", "", text, flags=re.MULTILINE)
    assert re.findall(r"[^\n]*(?:!|'|\"|\.\.\.)[^\n]*", prose) == []
    assert len(pages.page(name).summary) < 250
    assert pages.page(name).summary


def test_french_marks_hold_to_their_words():
    sections = [section for name in ALL for section in pages.page(name).sections]
    inline = [child for one in sections for token in one.tokens for child in token.children or ()]
    assert re.findall(r" [;:?»]|« ", "§".join(child.content for child in inline if child.type == "text")) == []


def test_every_screen_has_its_page(app):
    endpoints = {rule.endpoint for rule in rules(app, "GET")} - OPEN_TO_ALL
    alone = [one for one in endpoints if not one.startswith(OWN_HELP) and not screens.page_of(one)]
    assert sorted(alone) == []
    assert [link.endpoint for _, group in MENU for link in group if not screens.page_of(link.endpoint)] == []


def test_every_page_that_a_screen_leads_to_is_there():
    for page in screens.PAGES.values():
        name, _, anchor = page.partition("#")
        assert name in pages.NAMES
        assert anchor in anchors(name), page


def test_a_screen_leads_to_its_page(owner):
    for path, page in (
        ("/clients", "clients"),
        ("/reglements", "paiements"),
        ("/archives/", "controle#produire-une-archive"),
    ):
        assert f'class="help-link" href="/aide/{page}"' in owner.get(path).text


def test_each_question_has_an_answer_that_leads_further():
    questions = pages.page("questions").contents
    assert len(questions) >= 15
    for question in questions:
        assert question.title.endswith("?")
        assert "link_open" in {token.type for one in question.tokens for token in one.children or ()}, question.title


def test_whoever_comes_reads_every_page(stranger):
    for name in pages.NAMES:
        answer = stranger.get(f"/aide/{name}")
        assert answer.status_code == 200, name
        assert answer.text.count("<h1") == 1
        assert "screen:" not in answer.text
        assert "aide:" not in answer.text
    assert stranger.get("/aide/").text.count('href="/aide/') >= len(pages.NAMES)
    assert "0.1.0" in stranger.get("/nouveautes").text
    assert stranger.get("/aide/inconnue").status_code == 404


@pytest.mark.parametrize(("typed", "page", "anchor"), [
    ("logo", "reglages", "le-logo"), ("LOGO retirer", "reglages", "le-logo"), ("echeance", "conditions", "l-echeance"),
    ("Échéance", "conditions", "l-echeance"), ("avoir corriger", "suppression", "corriger-une-facture"),
    ("sha256sum", "controle", "verifier-sans-nous"), ("numerotation trou", "reglages", "numeros"),
])  # fmt: skip
def test_a_search_finds_whatever_the_accents(typed, page, anchor):
    found = [(one.page.name, one.section.anchor) for one in search(typed)]
    assert (page, anchor) in found[:5], found


def test_a_search_marks_what_it_found_and_nothing_is_its_code(stranger):
    page = stranger.get("/aide/", query_string={"q": "echeance"}).text
    assert "<mark>échéance</mark>" in page or "<mark>Échéance</mark>" in page
    page = stranger.get("/aide/", query_string={"q": "<script>alert(1)</script>"}).text
    assert "<script>alert" not in page
    assert "Rien dans l’aide." in stranger.get("/aide/", query_string={"q": "zyxwv"}).text


def test_what_changed_is_told_of_each_version():
    versions = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert [section.title.split()[0] for section in pages.page(pages.NEWS).contents] == versions
