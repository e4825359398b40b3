"""From a quote to its invoices, through the ledger."""

from uuid import uuid4

import pytest

from domain.content import Content
from domain.errors import Malformed
from domain.quote import QuoteState
from domain.quote_invoicing import DraftPending
from ledger.commands import invoices, quote_invoicing, quotes
from tests.ledger.commands.conftest import line


@pytest.fixture
def quote(shop):
    """A quote of 1 000 € net, accepted with an order number."""
    quote_id = uuid4()
    content = Content(client_id=shop.client(), lines=(line("1000"),))
    shop.do(quotes.draft_quote, quote_id=quote_id, content=content)
    shop.do(quotes.send_quote, quote_id=quote_id, sent_on=shop.day, base_version=1)
    shop.do(quotes.accept_quote, quote_id=quote_id, accepted_on=shop.day, order="BC-7781")
    return quote_id


def deposit(shop, quote, share_bp=3000):
    invoice_id = uuid4()
    request = {"invoice_id": invoice_id, "share_bp": share_bp, "label": "Acompte"}
    shop.do(quote_invoicing.invoice_deposit, quote_id=quote, **request)
    return invoice_id


def balance(shop, quote):
    invoice_id = uuid4()
    shop.do(quote_invoicing.invoice_quote, quote_id=quote, invoice_id=invoice_id, deduction_label="Acompte {number}")
    return invoice_id


def test_the_order_number_given_at_acceptance_stands_on_the_invoice(shop, quote):
    shop.issue(balance(shop, quote))
    assert shop.events(shop.id)[-1].refs.order == "BC-7781"


def test_a_final_invoice_deducts_what_was_invoiced_before(shop, quote):
    shop.issue(deposit(shop, quote))
    shop.issue(balance(shop, quote))
    final = shop.events(shop.id)[-1]
    assert (final.kind, final.gross_cents, final.process) == ("final", 84000, "S4")
    assert [one.deducts.number for one in final.lines if one.deducts] == ["F2026-0001"]


def test_the_balance_waits_for_a_deposit_that_is_still_a_draft(shop, quote):
    draft = deposit(shop, quote)
    with pytest.raises(DraftPending):
        balance(shop, quote)
    shop.do(invoices.discard_invoice, invoice_id=draft)
    shop.issue(balance(shop, quote))
    assert shop.events(shop.id)[-1].kind == "invoice"


def test_a_quote_is_invoiced_once_but_again_when_the_draft_was_discarded(shop, quote):
    draft = balance(shop, quote)
    with pytest.raises(QuoteState):
        balance(shop, quote)
    shop.do(invoices.discard_invoice, invoice_id=draft)
    assert shop.issue(balance(shop, quote)) == "F2026-0001"


@pytest.mark.parametrize("share_bp", [0, 10_001])
def test_a_deposit_is_a_share_of_the_quote(shop, quote, share_bp):
    with pytest.raises(Malformed):
        deposit(shop, quote, share_bp)
