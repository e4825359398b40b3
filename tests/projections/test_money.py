"""What invoices, payments and credit notes come to, after what happened to them."""

from datetime import timedelta

from projections import invoice_lists, payments, receivables
from projections.listing import Filter, sum_of


def status(tx, invoice, today):
    row = invoice_lists.one(tx, invoice, today)
    return row.status, row.outstanding_cents


def test_an_invoice_goes_from_issued_to_paid_and_back_when_the_payment_bounces(engine, shop):
    client = shop.client()
    invoice = shop.invoice(client, "1000")
    with engine.read(shop.company) as tx:
        assert status(tx, invoice, shop.day) == ("issued", 120_000)
    first = shop.pay(client, 50_000, (invoice, 50_000))
    with engine.read(shop.company) as tx:
        assert status(tx, invoice, shop.day) == ("partly_paid", 70_000)
        assert status(tx, invoice, shop.day + timedelta(days=31)) == ("late", 70_000)
    shop.pay(client, 70_000, (invoice, 70_000))
    with engine.read(shop.company) as tx:
        assert status(tx, invoice, shop.day + timedelta(days=31)) == ("paid", 0)
    shop.bounce(first)
    with engine.read(shop.company) as tx:
        assert status(tx, invoice, shop.day) == ("partly_paid", 50_000)
        assert [(s.settled_cents, s.undone) for s in payments.settlements_on(tx, invoice)] == [
            (50_000, True),
            (70_000, False),
        ]


def test_an_invoice_taken_back_as_a_whole_is_credited_and_one_in_part_still_asks_for_the_rest(engine, shop):
    client = shop.client()
    whole, part = shop.invoice(client, "100"), shop.invoice(client, "100")
    shop.credit_note(whole, client)
    shop.credit_note(part, client, "40")
    with engine.read(shop.company) as tx:
        assert status(tx, whole, shop.day) == ("credited", 0)
        assert status(tx, part, shop.day) == ("partly_paid", 7_200)
        assert [row.status for row in invoice_lists.credit_notes_of(tx, whole, shop.day)] == ["credit_used"]


def test_a_credit_note_on_a_paid_invoice_leaves_a_credit_until_it_is_refunded_or_allocated(engine, shop):
    client = shop.client()
    invoice, other = shop.invoice(client, "1000"), shop.invoice(client, "50")
    shop.pay(client, 120_000, (invoice, 120_000))
    credit_note = shop.credit_note(invoice, client, "100")
    with engine.read(shop.company) as tx:
        assert invoice_lists.one(tx, credit_note, shop.day).left_cents == 12_000
        assert [(c.kind, c.left_cents) for c in receivables.credits_of(tx, client)] == [("credit_note", 12_000)]
    shop.refund(client, "credit_note", credit_note, 7_000)
    shop.allocate(client, "credit_note", credit_note, other, 5_000)
    with engine.read(shop.company) as tx:
        assert invoice_lists.one(tx, credit_note, shop.day).status == "credit_used"
        assert status(tx, other, shop.day) == ("partly_paid", 1_000)
        assert receivables.balance(tx, client, shop.day) == receivables.Balance(
            invoiced_cents=114_000, received_cents=113_000, outstanding_cents=1_000, overdue_cents=0, credit_cents=0
        )


def test_what_is_paid_too_much_stays_as_credit_and_goes_with_its_payment(engine, shop):
    client = shop.client()
    invoice = shop.invoice(client, "10")
    payment = shop.pay(client, 2_000, (invoice, 1_200))
    with engine.read(shop.company) as tx:
        assert [(c.id, c.left_cents) for c in receivables.credits_of(tx, client)] == [(payment, 800)]
    shop.bounce(payment)
    with engine.read(shop.company) as tx:
        assert receivables.credits_of(tx, client) == []
        assert status(tx, invoice, shop.day) == ("issued", 1_200)


def test_a_debt_written_off_is_no_longer_outstanding(engine, shop):
    client = shop.client()
    invoice = shop.invoice(client, "100")
    shop.write_off(invoice)
    with engine.read(shop.company) as tx:
        assert status(tx, invoice, shop.day + timedelta(days=90)) == ("written_off", 0)
        assert receivables.outstanding(tx).cents == 0


def test_a_retention_is_aged_by_its_own_due_date(engine, shop):
    client = shop.client()
    invoice = shop.invoice(client, "100", retention_bp=500)
    shop.pay(client, 5_000, (invoice, 5_000))
    today = shop.day + timedelta(days=75)
    with engine.read(shop.company) as tx:
        aged = receivables.aged(tx, today)
        assert (aged.d31_60.cents, aged.not_due.cents) == (6_400, 600)
        assert receivables.overdue(tx, today) == receivables.Overdue(count=1, cents=6_400, oldest_days=45)
    shop.pay(client, 6_400, (invoice, 6_400))
    with engine.read(shop.company) as tx:
        assert receivables.overdue(tx, today) == receivables.Overdue(count=0, cents=0, oldest_days=0)
        assert status(tx, invoice, today) == ("partly_paid", 600)


def test_totals_by_status_add_up_to_the_list(engine, shop):
    client = shop.client()
    for _ in range(3):
        shop.invoice(client, "10")
    shop.pay(client, 1_200, (shop.invoice(client, "10"), 1_200))
    shop.draft(client, "7")
    with engine.read(shop.company) as tx:
        totals = invoice_lists.totals(tx, Filter(), shop.day)
        rows = invoice_lists.page(tx, Filter(), shop.day)
        assert {t.status: t.count for t in totals} == {"draft": 1, "issued": 3, "paid": 1}
        every = sum_of(totals)
        assert (every.count, every.gross_cents) == (5, sum(row.gross_cents for row in rows)) == (5, 4 * 1_200 + 840)
        assert sum_of(totals, ("issued",)).outstanding_cents == 3_600
