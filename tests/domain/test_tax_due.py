from datetime import date

from domain import postings
from domain.lines import TaxDue
from domain.pricing import negated, price
from tests.domain.examples import line, receivable

ISSUED_ON = date(2026, 11, 20)
PAID_ON = date(2026, 11, 28)
SERVICES = line("services", "1000")
GOODS = line("goods", "1000")


def test_issue_makes_goods_and_debits_due_and_exempt_bases_known():
    sold = [GOODS, SERVICES, line("services", "50", category="AE"), line("disbursement", "9", category="E")]
    delivered_on = date(2026, 10, 31)
    priced = price(sold, issued_on=ISSUED_ON, delivered_on=delivered_on)
    assert postings.tax_due_at_issue(priced.vat, ISSUED_ON) == (
        TaxDue(on=delivered_on, rate_bp=2000, category="S", nature="goods", base_cents=100_000, vat_cents=20_000),
        TaxDue(on=ISSUED_ON, rate_bp=0, category="AE", nature="services", base_cents=5000, vat_cents=0),
    )


def test_payments_bounces_and_credit_notes_move_the_vat_that_is_due():
    account = receivable(SERVICES, GOODS)
    paid = account.settle(120_000)
    [due] = postings.tax_due([paid], PAID_ON)
    assert due == TaxDue(on=PAID_ON, rate_bp=2000, category="S", nature="services", base_cents=50_000, vat_cents=10_000)
    account = account.after(paid)
    assert [d.vat_cents for d in postings.tax_due([account.unsettle(paid)], PAID_ON)] == [-10_000]
    note = account.credit(price(negated([GOODS])[0]).vat)
    assert [(d.nature, d.vat_cents) for d in postings.tax_due([note], PAID_ON)] == [
        ("goods", -20_000),
        ("services", 10_000),
    ]


def test_a_discount_on_goods_gives_vat_back_and_a_loss_on_services_does_not():
    goods, services = receivable(GOODS), receivable(SERVICES)
    paid = goods.settle(120_000, [("discount", 2400)])
    assert [(due.base_cents, due.vat_cents) for due in postings.tax_due([paid], PAID_ON)] == [(-2000, -400)]
    assert postings.tax_due([services.write_off(120_000, recover_due=False)], PAID_ON) == ()
    lost = goods.write_off(120_000, recover_due=True)
    assert [due.vat_cents for due in postings.tax_due([lost], PAID_ON)] == [-20_000]


def test_disbursements_are_never_declared():
    advanced = line("disbursement", "9", category="E")
    note = receivable(GOODS, advanced).credit(price(negated([advanced])[0]).vat)
    assert [share.base_cents for share in note.vat] == [-900]
    assert postings.tax_due([note], PAID_ON) == ()
