"""What holds for every page at once: French spaces, and icons that are there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from jinja2 import DictLoader, Environment

from web.filters import NBSP
from web.typography import FrenchSpaces, spaced

WEB = Path(__file__).parents[2] / "web"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
ICONS = (WEB / "static" / "vendor" / "icons.svg").read_text("utf-8")
OTHERWISE = re.compile(  # whose texts no page of ours shows as they stand
    "demo/.*"  # what its people type, and the ledger keeps
    "|(.*_|.*/)?cli.py|support/mail_in.py"  # a terminal breaks lines where it likes
    "|privacy/erasing.py"  # reasons that the ledger keeps
)
NAMED = re.compile(r'icon\(\s*"([a-z0-9-]+)"(?: if [^)]*? else "([a-z0-9-]+)")?')


def test_french_signs_stay_with_their_word():
    said = "« Émettre » : rien ne manque ; 5 % de 40 €, 2 Mo, n° 3 à 9 h, et après ?"
    kept = "«_Émettre_»_: rien ne manque_; 5_% de 40_€, 2_Mo, n°_3 à 9_h, et après_?"
    assert spaced(said).replace(NBSP, "_") == kept


def test_what_is_no_sentence_keeps_its_spaces():
    for text in ("input delay:250ms, submit", '{"action": "x"}', "a  b", "https://exemple.fr", "btn btn-go", " · "):
        assert spaced(text) == text


def test_only_what_a_page_of_ours_says_is_spaced():
    pages = {"a.html": "Reste : {{ said }} {{ 'ou : non' }}", "a.txt": "Reste : {{ said }}"}
    jinja = Environment(loader=DictLoader(pages), extensions=[FrenchSpaces], autoescape=True)
    assert jinja.get_template("a.html").render(said="tel : quel") == f"Reste{NBSP}: tel : quel ou{NBSP}: non"
    assert jinja.get_template("a.txt").render(said="tel : quel") == "Reste : tel : quel"


def test_a_page_shows_no_space_where_a_line_must_not_break(owner):
    for path in ("/nos-offres", "/conditions-generales", "/relances"):
        text = re.sub(r"<[^>]+>", "§", owner.get(path).text)
        assert re.findall(r"\w+ [;:?!»]\s|« \w+", text) == [], path


def sentences(module: Path) -> Iterator[ast.Constant]:
    """Every text of a module but those that stand alone: docstrings."""
    nodes = [*ast.walk(ast.parse(module.read_text("utf-8")))]
    alone = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    yield from (
        node
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone
    )


def test_what_python_says_is_typed_with_the_spaces_that_templates_are_given():
    paths = [path for path in sorted(WEB.rglob("*.py")) if not OTHERWISE.fullmatch(path.relative_to(WEB).as_posix())]
    assert len(paths) > 150
    found = {f"{path}:{text.lineno}": spaced(text.value) for path in paths for text in sentences(path)
             if spaced(text.value) != text.value}  # fmt: skip
    assert found == {}, "type U+00A0 there: each text as it must be stands beside its place"


def test_every_icon_that_a_page_names_is_there():
    named = {name for path in TEMPLATES for pair in NAMED.findall(path.read_text("utf-8")) for name in pair if name}
    assert len(named) > 20
    assert sorted(name for name in named if f'id="{name}"' not in ICONS) == []
