from decimal import Decimal

import pytest
from msgspec.structs import replace

from domain.mentions import LONGEST_LINES
from domain.readiness import LARGEST_CENTS, NotReady, check_ready, missing
from tests.domain.examples import line
from tests.domain.sales import CARD, sale, worth


def test_nothing_is_missing_where_all_is_there():
    check_ready(sale())


def test_what_is_missing_is_refused_in_the_order_of_the_page_and_each_once():
    bare = sale(replace(line("services", "1"), label=" "), card=replace(CARD, siren="", name=""))
    with pytest.raises(NotReady) as refused:
        check_ready(bare)
    assert refused.value.fields == ("buyer.name", "buyer.siren", "lines.1.label")


def test_a_document_has_lines_but_not_more_than_can_be_printed():
    one = line("services", "1")
    empty = sale(one)
    assert missing(replace_lines(empty, ())) == ("lines",)
    assert missing(sale(*[one] * LONGEST_LINES)) == ()
    assert missing(sale(*[one] * (LONGEST_LINES + 1))) == ("lines",)


def test_an_invoice_asks_and_a_credit_note_gives_back():
    back = line("services", "100", "-1")
    assert (missing(sale(back)), missing(sale(back, kind="credit_note"))) == (("total",), ())
    assert missing(sale(line("services", "100"), kind="credit_note")) == ("total",)
    assert (missing(sale(worth(Decimal(0)))), missing(sale(worth(Decimal(0)), kind="credit_note"))) == ((), ("total",))


def test_a_total_beyond_all_reason_is_a_typing_error():
    most = Decimal(LARGEST_CENTS) / 100
    assert missing(sale(worth(most))) == ()
    assert missing(sale(worth(most + 1))) == ("total",)


def test_a_thousand_million_euros_can_be_invoiced():
    assert missing(sale(worth(Decimal(10**9)))) == ()


def replace_lines(some, lines):
    return type(some)(**vars(some) | {"lines": lines})
