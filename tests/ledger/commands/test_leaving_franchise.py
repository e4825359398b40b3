"""A company that leaves the franchise: what was written before it bills VAT only once somebody chose the rate."""

from uuid import uuid4

import pytest
from msgspec.structs import replace

from domain.company import Configuration
from domain.content import Content
from domain.invoice import Invoice
from domain.readiness import NotReady
from domain.recurring import Plan
from domain.schedule import Schedule
from domain.vat import FRANCHISE
from ledger.commands import companies, invoices, quote_invoicing, quotes, recurring
from tests.ledger.commands.conftest import line

WITHOUT_VAT = line(vat_bp=0, vat_category=FRANCHISE.category, vat_code=FRANCHISE.code, vat_text=FRANCHISE.text)


@pytest.fixture
def before(shop):
    """A shop in franchise, and a way out of it."""
    shop.do(companies.configure, configuration=Configuration(vat_regime="franchise"))
    return shop


def leave(shop):
    shop.do(companies.configure, configuration=Configuration(vat_regime="cash"))


def refused(shop, invoice_id, **facts):
    with pytest.raises(NotReady) as lacking:
        shop.issue(invoice_id, **facts)
    return lacking.value.fields


def test_a_draft_is_refused_until_its_rate_is_chosen(before):
    client = before.client()
    draft = before.invoice(client, WITHOUT_VAT)
    before.issue(before.invoice(client, WITHOUT_VAT))
    leave(before)
    assert refused(before, draft) == ("lines.1.vat_franchise",)
    before.do(
        invoices.revise_invoice, invoice_id=draft, base_version=1, content=Content(client_id=client, lines=(line(),))
    )
    before.issue(draft, base_version=2)
    issued = next(e for e in before.events(before.id) if isinstance(e, Invoice.Issued) and e.originator_id == draft)
    assert issued.vat_cents == 20_00


def test_the_invoice_of_an_accepted_quote_is_refused_and_so_is_its_deposit(before):
    client, quote = before.client(), uuid4()
    before.do(quotes.draft_quote, quote_id=quote, content=Content(client_id=client, lines=(WITHOUT_VAT,)))
    before.do(quotes.send_quote, quote_id=quote, sent_on=before.day, base_version=1)
    before.do(quotes.accept_quote, quote_id=quote, accepted_on=before.day)
    leave(before)
    deposit, whole = uuid4(), uuid4()
    before.do(quote_invoicing.invoice_deposit, quote_id=quote, invoice_id=deposit, share_bp=3000, label="Acompte")
    assert refused(before, deposit) == ("lines.1.vat_franchise",)
    before.do(invoices.discard_invoice, invoice_id=deposit)
    before.do(quote_invoicing.invoice_quote, quote_id=quote, invoice_id=whole, deduction_label="Acompte {number}")
    assert refused(before, whole) == ("lines.1.vat_franchise",)


def test_a_deposit_billed_in_franchise_is_deducted_as_it_was_billed(before):
    client, quote = before.client(), uuid4()
    before.do(quotes.draft_quote, quote_id=quote, content=Content(client_id=client, lines=(WITHOUT_VAT,)))
    before.do(quotes.send_quote, quote_id=quote, sent_on=before.day, base_version=1)
    before.do(quotes.accept_quote, quote_id=quote, accepted_on=before.day)
    deposit, final = uuid4(), uuid4()
    before.do(quote_invoicing.invoice_deposit, quote_id=quote, invoice_id=deposit, share_bp=3000, label="Acompte")
    before.issue(deposit)
    leave(before)
    before.do(quote_invoicing.invoice_quote, quote_id=quote, invoice_id=final, deduction_label="Acompte {number}")
    assert refused(before, final) == ("lines.1.vat_franchise",)


def test_an_invoice_of_the_franchise_is_still_taken_back_after_it(before):
    client = before.client()
    billed = before.issued(client, WITHOUT_VAT)
    leave(before)
    note = uuid4()
    before.do(invoices.draft_credit_note, credit_note_id=note, invoice_id=billed)
    assert before.issue(note).startswith("A")


def test_a_recurrence_is_not_issued_without_vat(before):
    client, plan_id, invoice_id = before.client(), uuid4(), uuid4()
    due_on = before.day
    content = Content(client_id=client, lines=(WITHOUT_VAT,))
    plan = Plan(content=content, schedule=Schedule(first_on=due_on, every_months=1), issue=True)
    before.do(recurring.define_recurring, recurring_id=plan_id, plan=plan)
    leave(before)
    with pytest.raises(NotReady) as lacking:
        before.do(recurring.issue_due, recurring_id=plan_id, due_on=due_on, invoice_id=invoice_id)
    assert lacking.value.fields == ("lines.1.vat_franchise",)


def test_a_price_quoted_with_vat_stays_the_price_without_it_in_the_franchise(before):
    draft = before.invoice(before.client(), replace(line(), id="1"))
    before.issue(draft)
    issued = next(e for e in before.events(before.id) if isinstance(e, Invoice.Issued))
    assert (issued.net_cents, issued.gross_cents) == (100_00, 100_00)
