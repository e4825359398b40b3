"""The client's page of an English document says in English what it says in French."""

import re
from pathlib import Path

import pytest

from tests.web.public import Visitor, link
from tests.web.shop import LINE
from web.public.english import TEXTS

ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(new_shop, render, settings):
    """The page of a quote sent to an English client."""
    client_id = new_shop.client("Whitby Books", card={"siren": "552100554"}, language="en")
    quote_id = new_shop.quote(client_id, "Shelves", LINE, sent_on=new_shop.today)
    render(new_shop, quote_id)
    return link(new_shop, settings, quote_id)


def test_every_sentence_of_the_page_has_its_english():
    page = (ROOT / "web" / "templates" / "public" / "page.html").read_text()
    said = set(re.findall(r'say\("([^"]+)"', page))
    assert len(said) > 30
    assert said - TEXTS.keys() == set()
    assert {french for french in TEXTS if TEXTS[french].count("{") != french.count("{")} == set()


def test_an_english_client_reads_and_answers_in_english(app, path):
    visitor = Visitor(app)
    page = visitor.get(path).text
    assert '<html lang="en"' in page
    for english in ("Awaiting your answer", "Download the PDF", "What you accept", "Accept for €"):
        assert english in page
    assert not re.search(r"Votre|Télécharger|Répondre|jusqu’au", page.partition("<footer")[0])
    refused = visitor.submit(path, f"{path}/accepter", signer="Jane Roe")
    assert (refused.status_code, "Tick this box to accept." in refused.text) == (422, True)
    assert visitor.submit(path, f"{path}/accepter", agreed="1", signer="Jane Roe").status_code == 303
    assert "By Jane Roe, on " in visitor.get(path).text
