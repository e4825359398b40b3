from datetime import date
from uuid import uuid4
import pytest
from msgspec.structs import replace
from domain.content import Content
from domain.payment import Source
from domain.receipts import Settlement
from domain.lines import Other, Fees
from ledger.commands import debts, invoices, payments, quotes, quote_invoicing
from tests.ledger.commands.conftest import line, shop  # noqa
from tests.ledger.commands.test_payments import balance

def attempt(name, f):
    try:
        print(name, "ACCEPTED", f())
    except Exception as e:
        print(name, "refused", type(e).__name__, e)

def test_probe(shop):
    c, o = shop.client(), shop.client()
    inv = shop.issued(c)
    attempt("same invoice twice in a payment", lambda: shop.pay(c, 24000, (inv, 12000), (inv, 12000)))
    inv = shop.issued(c)
    attempt("discount larger than settled", lambda: shop.pay(c, 1, settlements=(Settlement(invoice_id=inv, settled_cents=100, adjustments=(("discount", 500),)),)))
    inv = shop.issued(c)
    attempt("negative discount", lambda: shop.pay(c, 200, settlements=(Settlement(invoice_id=inv, settled_cents=100, adjustments=(("discount", -100),)),)))
    attempt("credit adjustment", lambda: shop.pay(c, 200, settlements=(Settlement(invoice_id=inv, settled_cents=100, adjustments=(("credit", 50),)),)))
    attempt("loss adjustment", lambda: shop.pay(c, 200, settlements=(Settlement(invoice_id=inv, settled_cents=100, adjustments=(("loss", 50),)),)))
    attempt("negative other", lambda: shop.pay(c, 200, others=(Other(kind="unknown", amount_cents=-500),)))
    attempt("fees larger", lambda: shop.pay(c, 200, fees=Fees(amount_cents=500)))
    attempt("negative fees", lambda: shop.pay(c, 200, fees=Fees(amount_cents=-500)))
    p = shop.pay(c, 1000)
    s = Source(kind="payment", id=p, amount_cents=1000)
    r = {"client_id": c, "method": "transfer", "paid_on": shop.day}
    attempt("refund twice same source", lambda: shop.do(payments.record_refund, refund_id=uuid4(), sources=(s, s), **r))
    p = shop.pay(c, 1000); s = Source(kind="payment", id=p, amount_cents=-1000)
    attempt("refund negative", lambda: shop.do(payments.record_refund, refund_id=uuid4(), sources=(s,), **r))
    attempt("refund nothing", lambda: shop.do(payments.record_refund, refund_id=uuid4(), sources=(), **r))
    p = shop.pay(c, 1000)
    shop.do(payments.reverse_payment, payment_id=p, cause="error", reversed_on=shop.day)
    attempt("reverse twice overpayment", lambda: shop.do(payments.reverse_payment, payment_id=p, cause="error", reversed_on=shop.day))
    inv = shop.issued(c)
    shop.do(debts.doubt_debt, invoice_id=inv, on=shop.day, ground="x")
    attempt("doubt twice", lambda: shop.do(debts.doubt_debt, invoice_id=inv, on=shop.day, ground="x"))
    inv = shop.issued(c); shop.pay(c, 12000, (inv, 12000))
    attempt("doubt paid", lambda: shop.do(debts.doubt_debt, invoice_id=inv, on=shop.day, ground="x"))
    inv = shop.issued(c); cn = uuid4()
    shop.do(invoices.draft_credit_note, credit_note_id=cn, invoice_id=inv)
    shop.do(invoices.revise_invoice, invoice_id=cn, content=Content(client_id=o, lines=(line("50", quantity="-1", vat_due="cash"),)), base_version=1)
    attempt("credit note of another client", lambda: shop.issue(cn, base_version=2))
    attempt("doubt credit note", lambda: shop.do(debts.doubt_debt, invoice_id=cn, on=shop.day, ground="x"))
    attempt("free cn", lambda: shop.invoice(c, line("50", quantity="-1"), kind="credit_note"))
    p = shop.pay(c, 5000); inv = shop.issued(c)
    attempt("allocate with discount", lambda: shop.do(payments.allocate, allocation_id=uuid4(), source=Source(kind="payment", id=p), client_id=c, allocated_on=shop.day,
        settlements=(Settlement(invoice_id=inv, settled_cents=5000, adjustments=(("discount", 100),)),)))
    print(balance(shop, "665"), balance(shop, "411"))
    p = shop.pay(c, 15000); inv = shop.issued(c)
    attempt("allocate twice same invoice", lambda: shop.do(payments.allocate, allocation_id=uuid4(), source=Source(kind="payment", id=p), client_id=c, allocated_on=shop.day,
        settlements=(Settlement(invoice_id=inv, settled_cents=7500), Settlement(invoice_id=inv, settled_cents=7500))))
    attempt("allocate nothing", lambda: shop.do(payments.allocate, allocation_id=uuid4(), source=Source(kind="payment", id=p), client_id=c, allocated_on=shop.day, settlements=()))
    q = uuid4()
    shop.do(quotes.draft_quote, quote_id=q, content=Content(client_id=c, lines=(line("1000"),)))
    attempt("send quote in future", lambda: shop.do(quotes.send_quote, quote_id=q, sent_on=date(2027, 5, 1), base_version=1))
    attempt("accept before", lambda: shop.do(quotes.accept_quote, quote_id=q, accepted_on=date(2020, 1, 1)))
    for share in (0, 15000, -500):
        d = uuid4()
        attempt(f"deposit of {share}", lambda: (shop.do(quote_invoicing.invoice_deposit, quote_id=q, invoice_id=d, share_bp=share, label="x"), shop.issue(d)))
    inv = shop.issued(c)
    attempt("write off partly? twice", lambda: [shop.do(debts.write_off_debt, invoice_id=inv, on=shop.day, ground="x") for _ in range(2)])
    attempt("draft of a company as client", lambda: shop.invoice(shop.id))
    attempt("payment id = known invoice id", lambda: shop.do(payments.allocate, allocation_id=inv, source=Source(kind="payment", id=p), client_id=c, allocated_on=shop.day, settlements=(Settlement(invoice_id=inv, settled_cents=1),)))
