"""The accounting file on « Contrôle »: the one that an archive holds, under the name that the law gives."""

import json
import time
import zipfile
from datetime import date

import pytest

from audit.archive.make import make
from audit.companies import known_companies
from audit.verifier.books import FEC_HEAD
from tests.web.shop import LINE
from tests.web.working import at_work
from web.jobs.access import note_access


@pytest.fixture
def sold(new_shop):
    """A live company with one sale of today."""
    client = new_shop.client("Hôtel du Parc", card={"siren": "552100554"})
    new_shop.invoice(client, "", LINE, issued_on=new_shop.today)
    return new_shop


def name(shop) -> str:
    return f"732829320FEC{date(shop.today.year, 12, 31):%Y%m%d}.txt"


def address(shop) -> str:
    return f"/controle/fec/{shop.today.year}-12-31"


def test_it_is_the_file_of_the_archive_by_the_name_of_the_law(sold, keeper, settings, server, tmp_path):
    owner = keeper(sold)
    assert f'href="{address(sold)}"' in owner.get("/controle/").text
    with owner.get(address(sold)) as answer:
        assert f"filename={name(sold)}" in answer.headers["Content-Disposition"]
        text = answer.data.decode()
    assert text.split("\r\n")[0].split("\t") == FEC_HEAD
    assert [line.split("\t")[7] for line in text.split("\r\n")[1:-1] if "\t411" in line] == ["Hôtel du Parc"]
    company = next(one for one in known_companies(server.uri("probant_audit")) if one.id == sold.id)
    make(settings, server, company, sold.today, sold.today, tmp_path / "a.asice", progress=lambda _: None)
    with zipfile.ZipFile(tmp_path / "a.asice") as opened:
        assert opened.read(f"comptabilite/{name(sold)}").decode() == text


@pytest.mark.parametrize(
    ("role", "type_"), [("inspector", "security.file_taken"), ("accountant", "security.list_exported")]
)
def test_that_it_left_is_an_entry(sold, person, settings, server, connect, role, type_):
    reader = person((sold.id, role))
    reader.sign_in()
    with at_work(settings, server, note_access):
        reader.get(address(sold)).close()
        told = waited(connect, sold, type_)
    assert told["place"] == "inspection.fec.download"


def waited(connect, shop, type_: str) -> dict:
    query = "SELECT line FROM ledger.entry WHERE type = %s"
    conn = connect("probant_audit", shop.id)
    for _ in range(300):
        if found := conn.execute(query, (type_,)).fetchone():
            return json.loads(found[0])["data"]
        time.sleep(0.1)
    raise AssertionError("no entry")


def test_a_year_that_has_not_begun_has_no_file(sold, keeper):
    owner = keeper(sold)
    for last_on in (f"{sold.today.year + 1}-12-31", "demain"):
        assert owner.get(f"/controle/fec/{last_on}").status_code == 404
