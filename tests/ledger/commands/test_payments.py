"""Payments through the ledger, with the numbers of an accountant."""

from datetime import date
from uuid import uuid4

import pytest
from msgspec.structs import replace

from domain.account import NothingLeft
from domain.cash import CashRefused
from domain.payment import AlreadyReversed, Source
from domain.receipts import AllocatedTooMuch, DateInFuture, OfAnotherClient, PaymentUsed, Settlement
from domain.settlement import SettlesTooMuch
from ledger.commands import debts, invoices, payments
from tests.ledger.commands.conftest import line


def vat_due(shop):
    """Sum of the VAT that fell due, by the day it did."""
    due: dict[date, int] = {}
    for event in shop.events(shop.id):
        for tax in getattr(event, "tax_due", ()):
            due[tax.on] = due.get(tax.on, 0) + tax.vat_cents
    return due


def balance(shop, account):
    """Debit less credit of an account, over all postings."""
    lines = [
        one for event in shop.events(shop.id) for posting in getattr(event, "postings", ()) for one in posting.lines
    ]
    return sum(one.debit_cents - one.credit_cents for one in lines if one.account == account)


def test_vat_on_cash_falls_due_with_each_payment_to_the_cent(shop):
    client = shop.client()
    invoice = shop.issued(client)
    for day in (2, 3, 4):
        shop.day = date(2026, 3, day)
        shop.pay(client, 4000, (invoice, 4000))
    assert vat_due(shop) == {date(2026, 3, 2): 667, date(2026, 3, 3): 666, date(2026, 3, 4): 667}
    assert (balance(shop, "411"), balance(shop, "44574"), balance(shop, "44571")) == (0, 0, -2000)


def test_one_payment_settles_several_invoices_and_keeps_the_rest_as_credit(shop):
    client = shop.client()
    one, two = shop.issued(client), shop.issued(client)
    shop.pay(client, 20000, (one, 12000), (two, 5000))
    assert shop.events(shop.id)[-1].unallocated_cents == 3000
    assert balance(shop, "411") == 24000 - 20000


def test_an_over_payment_pays_another_invoice_later_or_goes_back(shop):
    client = shop.client()
    payment = shop.pay(client, 15000)
    invoice = shop.issued(client)
    settle = (Settlement(invoice_id=invoice, settled_cents=12000),)
    source, request = Source(kind="payment", id=payment), {"client_id": client, "allocated_on": shop.day}
    shop.do(payments.allocate, allocation_id=uuid4(), source=source, settlements=settle, **request)
    with pytest.raises(NothingLeft):
        shop.do(payments.allocate, allocation_id=uuid4(), source=source, settlements=settle, **request)
    back = (Source(kind="payment", id=payment, amount_cents=3000),)
    shop.do(
        payments.record_refund, refund_id=uuid4(), client_id=client, method="transfer", paid_on=shop.day, sources=back
    )
    assert (balance(shop, "411"), balance(shop, "512"), vat_due(shop)) == (0, 12000, {shop.day: 2000})


def test_an_allocation_is_undone_and_its_vat_given_back(shop):
    client = shop.client()
    payment, invoice, allocation = shop.pay(client, 12000), shop.issued(client), uuid4()
    shop.do(
        payments.allocate, allocation_id=allocation, client_id=client, allocated_on=shop.day,
        source=Source(kind="payment", id=payment), settlements=(Settlement(invoice_id=invoice, settled_cents=12000),),
    )  # fmt: skip
    shop.do(payments.reverse_allocation, allocation_id=allocation, reason="mauvaise facture")
    assert vat_due(shop) == {shop.day: 0}
    shop.pay(client, 12000, (invoice, 12000))


def test_a_wrong_click_is_undone_once_and_leaves_no_trace_in_the_sums(shop):
    client = shop.client()
    invoice = shop.issued(client)
    payment = shop.pay(client, 12000, (invoice, 12000))
    undo = {"payment_id": payment, "cause": "error", "reversed_on": shop.day}
    shop.do(payments.reverse_payment, **undo)
    assert (balance(shop, "411"), balance(shop, "512"), vat_due(shop)) == (12000, 0, {shop.day: 0})
    with pytest.raises(AlreadyReversed):
        shop.do(payments.reverse_payment, **undo)
    shop.pay(client, 12000, (invoice, 12000))


def test_an_over_payment_that_was_used_is_not_undone(shop):
    client = shop.client()
    payment = shop.pay(client, 1000)
    back = (Source(kind="payment", id=payment, amount_cents=1000),)
    shop.do(payments.record_refund, refund_id=uuid4(), client_id=client, method="cash", paid_on=shop.day, sources=back)
    with pytest.raises(PaymentUsed):
        shop.do(payments.reverse_payment, payment_id=payment, cause="error", reversed_on=shop.day)


def test_an_early_payment_discount_cancels_its_vat(shop):
    client = shop.client()
    invoice = shop.issued(client, line("1000"))
    shop.pay(
        client,
        117600,
        settlements=(Settlement(invoice_id=invoice, settled_cents=120000, adjustments=(("discount", 2400),)),),
    )
    assert (balance(shop, "411"), balance(shop, "665"), balance(shop, "44571")) == (0, 2000, -19600)


def test_a_credit_note_takes_the_unpaid_first_and_the_rest_goes_back(shop):
    client = shop.client()
    invoice = shop.issued(client, line("1000"))
    shop.pay(client, 60000, (invoice, 60000))
    credit_note = uuid4()
    shop.do(invoices.draft_credit_note, credit_note_id=credit_note, invoice_id=invoice)
    content = shop.events(shop.id)[-1].content
    partial = replace(content, lines=(line("750", quantity="-1", vat_due="cash"),))
    shop.do(invoices.revise_invoice, invoice_id=credit_note, content=partial, base_version=1)
    shop.issue(credit_note, base_version=2)
    assert (balance(shop, "44574"), balance(shop, "44571")) == (0, -5000)
    source = Source(kind="credit_note", id=credit_note, amount_cents=30001)
    refund = {"client_id": client, "method": "transfer", "paid_on": shop.day}
    with pytest.raises(NothingLeft):
        shop.do(payments.record_refund, refund_id=uuid4(), sources=(source,), **refund)
    shop.do(payments.record_refund, refund_id=uuid4(), sources=(replace(source, amount_cents=30000),), **refund)
    assert balance(shop, "411") == 0


def test_a_lost_debt_gives_its_pending_vat_back(shop):
    invoice = shop.issued(shop.client(), line("1000"))
    shop.do(debts.write_off_debt, invoice_id=invoice, on=shop.day, ground="liquidation")
    assert [balance(shop, account) for account in ("411", "416", "44574", "654")] == [0, 0, 0, 100000]
    vouchers = {event.TOPIC: event.postings[0].piece for event in shop.events(shop.id) if event.TOPIC[:4] == "debt"}
    last = len(shop.events(shop.id))
    assert vouchers == {"debt.doubted": f"R{last - 1:06}", "debt.written_off": f"R{last:06}"}  # where each stands


def test_no_part_of_a_debt_above_the_limit_is_paid_in_cash_by_whatever_way(shop):
    client = shop.client()
    small, large, draft = shop.issued(client), shop.issued(client, line("1000")), shop.invoice(client, line("1000"))
    with pytest.raises(CashRefused):
        shop.pay(client, 112_001, (small, 12_000), method="cash")  # a deposit of more than 1 000 €
    cash = Source(kind="payment", id=shop.pay(client, 62_000, (small, 12_000), method="cash"))
    with pytest.raises(CashRefused):
        shop.do(
            payments.allocate, allocation_id=uuid4(), source=cash, client_id=client, allocated_on=shop.day,
            settlements=(Settlement(invoice_id=large, settled_cents=50_000),),
        )  # fmt: skip
    with pytest.raises(CashRefused):
        shop.issue(draft, sources=(cash,))
    assert shop.issue(shop.invoice(client), sources=(cash,))  # 120 €


def test_a_consumer_from_abroad_may_pay_more_in_cash(shop):
    tourist = shop.client("person", natural_person=True, country="US", card={"siren": "", "name": "Ada Lovelace"})
    invoice = shop.issued(tourist, line("1000"))
    shop.pay(tourist, 120_000, (invoice, 120_000), method="cash")
    with pytest.raises(CashRefused):
        shop.pay(tourist, 1_500_001, method="cash")


def test_what_cannot_be_is_refused(shop):
    client, other = shop.client(), shop.client()
    invoice = shop.issued(client, line("1000"))
    with pytest.raises(CashRefused):
        shop.pay(client, 10000, (invoice, 10000), method="cash")
    with pytest.raises(SettlesTooMuch):
        shop.pay(client, 130000, (invoice, 120001))
    with pytest.raises(AllocatedTooMuch):
        shop.pay(client, 100, (invoice, 200))
    with pytest.raises(OfAnotherClient):
        shop.pay(other, 10000, (invoice, 10000))
    with pytest.raises(DateInFuture):
        shop.pay(client, 10000, (invoice, 10000), received_on=date(2026, 3, 3))
    with pytest.raises(DateInFuture):
        shop.pay(client, 10000, (invoice, 10000), credited_on=date(2026, 3, 3))
