"""Every row of the law on documents is satisfied by rules, a paper and its XML: the law is what is tested."""

import html
import re
from datetime import date
from pathlib import Path

import msgspec
import pytest

from documents.from_domain import draft_paper, invoice_paper
from documents.page import page
from domain.mentions import RULES
from domain.parties import Card
from tests.documents.facturx.cases import (
    BUSINESS,
    CASES,
    DAY,
    IDENTITY,
    LEGALL,
    MEMBER,
    MIXED,
    PERSON,
    Books,
    content,
    line,
)
from tests.documents.facturx.reading import Read
from tests.documents.law import LAW, NUMBERED

ROOT = Path(__file__).parents[2]
BUILDER = {"vat_regime": "debit", "sector": "building", "insurer": "MAAF", "insurance_cover": "France",
    "travel": "12 € au-delà de 20 km",
}  # fmt: skip
AT_HOME = (line("a", vat_bp=1000), line("b", vat_bp=550), line("c"))
QUOTED = {
    "quote": content(line(), delivered_on=date(2026, 11, 20)), "dwelling quote": content(*AT_HOME, dwelling=True),
}  # fmt: skip
ELSEWHERE = Card(name="Dépôt", address=LEGALL.address)
FREELANCE = msgspec.structs.replace(
    IDENTITY, vat_number="", rcs_city="", register="RNE", legal_form="EI", capital_cents=0
)


def sale():
    books = Books(BUSINESS, **BUILDER)
    given = msgspec.structs.replace(MIXED, delivered_on=date(2026, 11, 20))
    return books, books.issue("invoice", given, deliver_to=ELSEWHERE)


def works():
    books = Books(BUSINESS)
    return books, books.issue("invoice", content(retention_bp=500))


def franchise():
    books = Books(BUSINESS, FREELANCE, natural_person=True, vat_regime="franchise")
    return books, books.issue("invoice", content())


def person():
    books = Books(PERSON, mediator="CM2C")
    return books, books.issue("invoice", content())


def member():
    books = Books(BUSINESS, MEMBER)
    return books, books.issue("invoice", content())


def dwelling():
    books = Books(PERSON, mediator="CM2C")
    return books, books.issue("invoice", content(*AT_HOME, dwelling=True))


ISSUED = {
    "sale": sale, "works": works, "member": member, "dwelling": dwelling, "franchise": franchise, "person": person,
    "union": CASES["delivery in the Union"], "reverse": CASES["service in the Union"],
    "final": CASES["final invoice less its deposit"], "credit": CASES["credit note of a part"],
}  # fmt: skip


def paper(name):
    if name in QUOTED:
        books, given = Books(BUSINESS, **BUILDER), QUOTED[name]
        return draft_paper(
            "quote", given, books.company, books.client, issued_on=DAY, training=False, opening=books.vault.get
        )
    books, invoice = ISSUED[name]()
    return invoice_paper(invoice.issued, training=False, fingerprint="f" * 64, opening=books.vault.get)


def said(name):
    """All that a paper prints, every gap a plain space."""
    printed = page(paper(name))
    rows = " ".join(str(part) for row in printed.rows for part in (*row.label, *row.details, *row.cells))
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", f"{printed.html} {rows}")).split())


NAMES = [f"{at:02} {row.ref} {row.wants[:40]}" for at, row in enumerate(LAW)]


@pytest.mark.parametrize("row", LAW, ids=NAMES)
def test_a_row_of_the_law_is_satisfied_by_rules_that_cite_it_and_by_words_on_paper_and_in_xml(row):
    if row.open:
        assert (row.rules, row.words, row.xml) == ((), (), ())
        return
    for code in row.rules:
        cited = [rule.source(DAY) for rule in RULES if rule.code == code]
        assert any(re.sub(r"^(CGI |I-|Arrêté )", "", row.ref) in source for source in cited), (code, cited)
    words = said(row.paper)
    assert [told for told in row.words if told.replace(chr(160), " ") not in words.replace(chr(8239), " ")] == []
    if row.xml:
        books, invoice = ISSUED[row.paper]()
        read = Read(books.xml(invoice))
        assert [term for term in row.xml if not read.all(term)] == []
    assert not row.kept_by or (ROOT / row.kept_by).is_file()
    assert row.rules or row.words or row.kept_by


def test_no_number_of_the_article_is_left_out():
    assert {f"I-{number}" for number in NUMBERED} <= {row.ref for row in LAW}


def test_no_rule_is_without_a_row_of_the_law():
    """But those that only the electronic form asks for: AFNOR XP Z12-012, EN 16931."""
    held = {code for row in LAW for code in row.rules}
    assert {rule.code for rule in RULES} - held <= {"lines.vat", "buyer.email", "seller.mediator"}
