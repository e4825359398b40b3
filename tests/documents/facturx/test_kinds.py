"""The official rules have nothing against an invoice of any kind."""

import pytest

from documents.facturx import check
from tests.documents.facturx.cases import CASES


@pytest.mark.parametrize("name", CASES)
def test_no_validator_finds_anything(name):
    books, invoice = CASES[name]()
    assert check(books.xml(invoice)) == ()


@pytest.mark.parametrize("name", CASES)
def test_the_same_event_gives_the_same_bytes(name):
    books, invoice = CASES[name]()
    assert books.xml(invoice) == books.xml(invoice)


def test_a_document_of_a_training_ledger_says_so_in_its_xml_and_keeps_the_rules():
    books, invoice = CASES["invoice"]()
    found = books.xml(invoice, training=True)
    assert b"FACTICE" in found
    assert b"FACTICE" not in books.xml(invoice)
    assert check(found) == ()
