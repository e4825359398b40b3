"""Whatever is sold, the XML is the event to the cent, and nobody finds anything against it."""

import os
import time
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, assume, given, seed, settings
from hypothesis import strategies as st

from documents.facturx import check
from domain.lines import Allowance
from domain.pricing import NothingToDiscount
from tests.documents.facturx.cases import BUSINESS, UNION, Books, content, line, untaxed
from tests.documents.facturx.reading import Read, items

SEED = int(os.environ.get("SEED") or time.time_ns())


@pytest.fixture(scope="module", autouse=True)
def told_on_failure() -> None:
    print(f"SEED={SEED}")


prices = st.decimals(0, 10_000, places=3)
quantities = st.decimals(-100, 1000, places=2).filter(bool)
discounts = st.builds(Allowance, bp=st.integers(1, 5000)) | st.builds(Allowance, amount_cents=st.integers(0, 5000))
facts = {
    "quantity": quantities,
    "unit_price": prices,
    "allowances": st.lists(discounts, max_size=2).map(tuple),
    "nature": st.sampled_from(["goods", "services", "shipping"]),
}


def taxed(unit_price: Decimal, vat_bp: int, **more: object):
    return line(price=str(unit_price), vat_bp=vat_bp, **more)


def exempt(unit_price: Decimal, category: str, **more: object):
    return untaxed(category, price=str(unit_price), **more)


sold_here = st.builds(taxed, vat_bp=st.sampled_from([2000, 1000, 550, 210]), **facts) | st.builds(
    exempt, category=st.sampled_from(["E", "AE"]), **facts
)
sold_in_the_union = st.builds(exempt, category=st.sampled_from(["K", "AE"]), **facts)
outside_vat = st.builds(exempt, category=st.just("O"), **facts)
sales = st.one_of(
    st.tuples(st.just(BUSINESS), st.lists(sold_here, min_size=1, max_size=6)),
    st.tuples(st.just(UNION), st.lists(sold_in_the_union, min_size=1, max_size=4)),
    st.tuples(st.just(BUSINESS), st.lists(outside_vat, min_size=1, max_size=2)),
)
changes = st.lists(discounts, max_size=2).map(tuple)


@seed(SEED)
@settings(max_examples=60, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.filter_too_much])
@given(sales, st.sampled_from(["net", "gross"]), changes, changes, st.sampled_from(["cash", "debit"]))
def test_random_invoices_and_their_credit_notes(sale, mode, allowances, charges, regime):
    profile, lines = sale
    books = Books(profile, vat_regime=regime)
    try:
        invoice = books.issue("invoice", content(*lines, price_mode=mode, allowances=allowances, charges=charges))
    except NothingToDiscount:
        assume(False)
    assume(invoice.issued.gross_cents >= 0)
    agrees(books, invoice, 1)
    if invoice.issued.gross_cents:
        agrees(books, books.correct(invoice), -1)


def agrees(books, invoice, sign: int) -> None:
    xml, issued = books.xml(invoice), invoice.issued
    read = Read(xml)
    assert [read.cents(term) * sign for term in ("BT-109", "BT-110", "BT-112", "BT-115")] == [
        issued.net_cents, issued.vat_cents, issued.gross_cents, issued.payable_cents,
    ]  # fmt: skip
    for item in items(read):
        assert abs(item.rest) <= Decimal("0.005"), item
    assert check(xml) == ()
