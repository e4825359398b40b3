"""Tables of an archive are held against its entries: a cell that lies is told, but for words and names of persons."""

import csv
import io
import zipfile
from uuid import uuid4

import pytest

from audit.verifier import main
from domain.content import Content
from ledger.commands import quotes
from tests.audit.archiving import ground, rewritten
from tests.ledger.commands.conftest import line

Rows = list[list[str]]

WORDS = {
    "clients": {"Fait", "Code", "Nature"},
    "clotures": {"Période"},
    "devis": set(),
    "factures": {"Nature"},
    "journal-technique": {"Par", "Fait", "Numéro ou nom"},
    "reglements": {"Fait", "Moyen", "Factures", "Client"},
}


@pytest.fixture(scope="module")
def archive(settings, server, web_pool, job_pool, tmp_path_factory):
    world, quote_id = ground(settings, server, web_pool, job_pool), uuid4()
    shop = world.shop
    shop.do(quotes.draft_quote, quote_id=quote_id, content=Content(client_id=shop.client(), lines=(line("10"),)))
    shop.do(quotes.send_quote, quote_id=quote_id, sent_on=shop.day, base_version=1)
    path = tmp_path_factory.mktemp("archive") / "a.asice"
    world.build(path)
    return path


def rows_of(text: bytes) -> Rows:
    return [*csv.reader(io.StringIO(text.decode("utf-8-sig"), newline=""), delimiter=";")]


def written(rows: Rows) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def told(archive, target, change) -> dict[str, list[str]]:
    """What is told of each table, when `change(name, rows)` makes others of its rows."""

    def lie(member: str, text: bytes) -> bytes:
        name = member.removeprefix("tableaux/").removesuffix(".csv")
        return written(change(name, rows_of(text))) if name in WORDS else text

    found = main.verify(str(rewritten(archive, target, lie))).defects[1]
    return {
        name: [text for text in found if text.startswith(f"tableaux/{name}.csv") and not text.endswith("été modifié")]
        for name in WORDS
    }


def test_every_table_has_rows_that_are_right(archive):
    with zipfile.ZipFile(archive) as opened:
        assert all(len(rows_of(opened.read(f"tableaux/{name}.csv"))) > 1 for name in WORDS)
    assert main.verify(str(archive)).defects[1] == []


@pytest.mark.parametrize("column", range(11))
def test_a_cell_that_lies_is_told(archive, tmp_path, column):
    headers: dict[str, str] = {}

    def lie(name: str, rows: Rows) -> Rows:
        header, first, *rest = rows
        if column < len(header):
            headers[name] = header[column]
            first[column] += "1"
        return [header, first, *rest]

    found = told(archive, tmp_path / "x.asice", lie)
    assert {name: bool(found[name]) for name in headers} == {
        name: header not in WORDS[name] for name, header in headers.items()
    }


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda rows: rows[:-1], id="a row less"),
        pytest.param(lambda rows: [*rows, rows[-1]], id="a row more"),
        pytest.param(lambda rows: [rows[0][::-1], *rows[1:]], id="another header"),
        pytest.param(lambda rows: [[*row, ""] for row in rows], id="a column more"),
        pytest.param(lambda rows: rows[:0], id="nothing"),
    ],
)
def test_rows_columns_and_headers_are_those_of_the_register(archive, tmp_path, change):
    assert all(told(archive, tmp_path / "x.asice", lambda _, rows: change(rows)).values())


def test_names_of_persons_are_not_compared_and_names_of_companies_are(archive, tmp_path):
    def renamed(old: str, new: str) -> dict[str, list[str]]:
        return told(archive, tmp_path / "x.asice", lambda _, rows: [[c.replace(old, new) for c in row] for row in rows])

    assert not any(renamed("Jeanne Roux", "Jean Doux").values())
    assert [name for name, found in renamed("Hôtel du Parc", "Hôtel").items() if found] == [
        "clients",
        "devis",
        "factures",
    ]


def test_a_cell_may_be_longer_than_python_reads_by_itself_and_other_readers_keep_their_limit(archive, tmp_path):
    before = csv.field_size_limit()

    def lengthen(name: str, rows: Rows) -> Rows:  # column « Factures »
        if name != "reglements":
            return rows
        return [rows[0], *([*row[:4], "F, " * 60_000, *row[5:]] for row in rows[1:])]

    assert told(archive, tmp_path / "x.asice", lengthen)["reglements"] == []
    assert csv.field_size_limit() == before
