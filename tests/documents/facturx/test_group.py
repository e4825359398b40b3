"""A seller that is a member of an assujetti unique (CGI 256 C) in the XML: BR-FR-CO-14 and 15."""

import re

import pytest

from documents.facturx import check
from tests.documents.facturx.cases import CASES, GROUP
from tests.documents.facturx.reading import Read

OF_MEMBERS = [name for name in CASES if "member" in name]
TAXED = [name for name in OF_MEMBERS if name != "outside VAT by a member"]


def written(name: str) -> bytes:
    books, invoice = CASES[name]()
    return books.xml(invoice)


@pytest.mark.parametrize("name", TAXED)
def test_the_group_owes_the_vat_in_the_place_of_its_member(name):
    xml = written(name)
    read = Read(xml)
    assert (read.one("BT-29 0231"), read.one("BT-31")) == ("901234526", "FR44732829320")
    assert (read.one("BT-62"), read.one("BT-63")) == (GROUP.name, GROUP.vat_number)
    assert read.notes()["TXD"] == "MEMBRE_ASSUJETTI_UNIQUE"
    assert check(xml) == ()


def test_an_invoice_outside_vat_names_no_number_and_says_that_the_seller_is_a_member():
    xml = written("outside VAT by a member")
    read = Read(xml)
    assert [read.all(term) for term in ("BT-29 0231", "BT-31", "BT-62", "BT-63")] == [[], [], [], []]
    assert read.notes()["TXD"] == "MEMBRE_ASSUJETTI_UNIQUE"
    assert check(xml) == ()


@pytest.mark.parametrize(
    ("written_so", "instead", "rule"),
    [
        (b"MEMBRE_ASSUJETTI_UNIQUE", b"Membre", "BR-FR-CO-14_BT-29-1"),
        (b"<ram:SellerTaxRepresentative.*</ram:SellerTaxRepresentativeTradeParty>", b"", "BR-FR-CO-15_BT-29-1"),
        (b">901234526</ram:GlobalID>", b">901234527</ram:GlobalID>", "SIREN-LUHN"),
    ],
    ids=["note", "representative", "SIREN"],
)
def test_the_judges_look_at_all_that_a_member_says(written_so, instead, rule):
    changed, times = re.subn(written_so, instead, written("member of a group"), flags=re.DOTALL)
    assert times == 1
    assert {failure.rule for failure in check(changed)} == {rule}


def test_who_is_a_member_of_nothing_says_nothing_of_it():
    read = Read(written("invoice"))
    assert read.all("BT-62") == read.all("BT-29 0231") == []
    assert "TXD" not in read.notes()
