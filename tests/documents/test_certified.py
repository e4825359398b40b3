"""What the client certifies of works in a dwelling: where she signs it, in the file and on the screen."""

import pytest

from documents.facturx import check, xml
from documents.frozen import freeze
from documents.page import screen
from documents.pdf import render
from domain.client import Profile
from domain.company import Configuration
from tests.documents.books import CARD, Books, content, line
from tests.documents.gate import faults
from tests.documents.reading import text

BUILDER = Configuration(sector="building", insurer="MAAF, 79000 Niort", insurance_cover="France")
AT_HOME = content(line(vat_bp=1000), line("2", vat_bp=550), dwelling=True)
CERTIFIED = "certifie, en qualité de preneur de la prestation"
SIGNED_APART = "Date et signature du client, si le devis ne les porte pas"


@pytest.fixture
def builder() -> Books:
    return Books(Profile(kind="person", card=CARD, taxable=False), BUILDER)


def test_it_stands_above_the_signature_of_the_quote_once_for_each_rate(builder):
    sent = builder.sent(AT_HOME)
    printed = text(render(sent))
    assert printed.count(CERTIFIED) == screen(sent).count(CERTIFIED) == 2
    assert printed.rindex(CERTIFIED) < printed.index("Bon pour accord")
    assert SIGNED_APART not in printed
    assert not any(CERTIFIED in mention for mention in sent.mentions)


@pytest.mark.parametrize("kind", ["invoice", "deposit", "progress", "final"])
def test_an_invoice_has_a_place_of_its_own_to_sign_it(builder, kind):
    paper = builder.paper(builder.issue(kind, AT_HOME, "F2026-0001"))
    printed = text(render(paper))
    assert printed.count(CERTIFIED) == 2
    assert printed.rindex(CERTIFIED) < printed.index(SIGNED_APART)
    assert "Bon pour accord" not in printed
    assert paper.certified == builder.draft(kind, AT_HOME).certified


def test_a_document_that_certifies_nothing_asks_an_invoice_for_no_signature(builder):
    paper = builder.paper(builder.issue("invoice", content(line(vat_bp=1000)), "F2026-0001"))
    assert paper.certified == ()
    assert SIGNED_APART not in text(render(paper))


def test_its_file_is_an_archive_and_its_xml_is_right(builder):
    issued = builder.issue("invoice", AT_HOME, "F2026-0001")
    written = xml(issued.issued, builder.vault.get)
    assert written.decode().count(CERTIFIED) == 2
    assert check(written) == ()
    assert faults(freeze(builder.paper(issued), written, identity=bytes(16))) == []
