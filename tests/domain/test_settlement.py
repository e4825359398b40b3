import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.lines import Allocation
from domain.pricing import negated, price
from domain.settlement import CreditsTooMuch, Receivable, SettlesTooMuch
from domain.shares import merged, part_of, turned
from tests.domain import examples
from tests.domain.examples import line, receivable, vat_cents

SERVICES = line("services", "1000")  # 1 200.00, of which VAT 200.00 on cash
GOODS = line("goods", "1000")  # 1 200.00, of which VAT 200.00 at delivery


def credit(account: Receivable, *lines) -> Allocation:
    return account.credit(price(negated(lines)[0], left=account.left).vat)


def test_vat_on_cash_is_cumulative_and_the_last_payment_takes_the_rest():
    account, due = receivable(line("services", "100")), []
    for _ in range(3):
        paid = account.settle(4000)
        due.append(vat_cents(paid.vat))
        account = account.after(paid)
    assert due == [667, 666, 667]
    assert (account.outstanding_cents, account.pending) == (0, ())


def test_goods_owe_their_vat_at_once_and_payments_change_nothing():
    account = receivable(GOODS)
    assert (vat_cents(account.due), account.pending) == (20_000, ())
    assert account.settle(120_000).vat == ()


def test_a_mixed_invoice_releases_only_what_is_on_cash():
    account = receivable(GOODS, SERVICES)
    paid = account.settle(60_000)
    assert [(share.nature, share.base_cents, share.vat_cents) for share in paid.vat] == [("services", 25_000, 5000)]


def test_a_discount_cancels_the_vat_in_it():
    paid = receivable(SERVICES).settle(120_000, [("discount", 2400)])
    assert paid.cash_cents == 117_600
    assert (paid.adjustments[0].vat_cents, vat_cents(paid.vat)) == (400, 19_600)
    on_goods = receivable(GOODS).settle(120_000, [("discount", 2400)])
    assert (on_goods.adjustments[0].vat_cents, vat_cents(on_goods.vat)) == (400, -400)


def test_a_cent_of_difference_cancels_no_vat():
    account = receivable(SERVICES)
    paid = account.settle(120_000, [("rounding", 1)])
    assert (paid.cash_cents, vat_cents(paid.vat), paid.cancelled) == (119_999, 20_000, ())
    assert account.after(paid).pending == ()


def test_a_debt_dropped_as_a_difference_leaves_its_vat_due():
    dropped = receivable(line("services", "0.05")).settle(6, [("rounding", 6)])
    assert (dropped.cash_cents, vat_cents(dropped.vat)) == (0, 1)


def test_a_credit_note_takes_the_unpaid_first_and_the_rest_is_refundable():
    account = receivable(SERVICES)
    account = account.after(account.settle(60_000))
    note = credit(account, line("services", "750"))
    assert (note.settled_cents, -note.cash_cents) == (60_000, 30_000)
    assert (vat_cents(note.cancelled), vat_cents(note.vat)) == (15_000, -5000)
    account = account.after(note)
    assert (account.outstanding_cents, vat_cents(account.due), account.pending) == (0, 5000, ())


def test_a_credit_note_never_takes_more_than_is_left_of_a_part():
    account = receivable(SERVICES, line("goods", "10"))
    account = account.after(credit(account, line("services", "750")))
    with pytest.raises(CreditsTooMuch) as refusal:
        credit(account, line("services", "300"))
    assert (refusal.value.nature, refusal.value.base_cents, refusal.value.left_cents) == ("services", 30_000, 25_000)
    with pytest.raises(CreditsTooMuch):
        credit(account, line("goods", "10", vat_bp=550))
    with pytest.raises(CreditsTooMuch):
        account.credit(price([line("services", "1")]).vat)
    rounded = receivable(*[line("goods", "0.03")] * 2)  # 0.06: VAT 0.01, of which the first 0.03 takes all
    rounded = rounded.after(credit(rounded, line("goods", "0.03")))
    with pytest.raises(CreditsTooMuch):
        rounded.credit(price([line("goods", "0.03", "-1")]).vat)


def test_money_for_credited_goods_pays_the_services():
    account = receivable(GOODS, SERVICES)
    account = account.after(account.settle(120_000))
    note = credit(account, GOODS)
    assert {share.nature: share.vat_cents for share in note.vat} == {"goods": -20_000, "services": 10_000}
    assert account.after(note).pending == ()


def test_a_bounce_gives_the_vat_back():
    account = receivable(line("services", "100"))
    first = account.settle(4000)
    account = account.after(first)
    account = account.after(account.settle(4000))
    bounced = account.unsettle(first)
    assert (bounced.settled_cents, vat_cents(bounced.vat)) == (-4000, -666)
    assert vat_cents(account.after(bounced).due) == 667


def test_a_bounce_takes_its_discount_back():
    account = receivable(GOODS)
    paid = account.settle(120_000, [("discount", 2400)])
    bounced = account.after(paid).unsettle(paid)
    assert (bounced.adjustments[0].vat_cents, vat_cents(bounced.vat)) == (-400, 400)
    assert account.after(paid).after(bounced) == account


def test_a_bounce_after_a_refundable_credit_note_leaves_the_whole_debt_but_not_its_vat():
    account = receivable(SERVICES)
    paid = account.settle(120_000)
    account = account.after(paid)
    account = account.after(credit(account, line("services", "750")))
    account = account.after(account.unsettle(paid))
    assert (account.outstanding_cents, vat_cents(account.pending), account.due) == (120_000, 5000, ())
    account = account.after(account.settle(90_000))  # what the credit note had made refundable
    assert (account.outstanding_cents, account.due) == (30_000, ())
    assert vat_cents(account.settle(30_000).vat) == 5000


def test_after_that_bounce_neither_a_loss_nor_a_discount_takes_more_vat_than_is_left():
    account = receivable(GOODS)
    paid = account.settle(120_000)
    account = account.after(paid)
    account = account.after(credit(account, line("goods", "750")))
    account = account.after(account.unsettle(paid))
    assert (account.outstanding_cents, account.claim_cents) == (120_000, 30_000)
    assert vat_cents(account.write_off(120_000, recover_due=True).cancelled) == 5000
    assert vat_cents(account.settle(60_000, [("discount", 60_000)]).cancelled) == 5000


def test_a_loss_cancels_pending_vat_and_gives_due_vat_back_only_after_the_notice():
    services, goods = receivable(SERVICES), receivable(GOODS)
    lost = services.write_off(120_000, recover_due=False)
    assert (vat_cents(lost.cancelled), lost.vat) == (20_000, ())
    assert goods.write_off(120_000, recover_due=False).cancelled == ()
    lost = goods.write_off(120_000, recover_due=True)
    assert (vat_cents(lost.cancelled), vat_cents(lost.vat)) == (20_000, -20_000)


def test_a_debt_recovered_owes_its_vat_again():
    account = receivable(SERVICES)
    account = account.after(account.write_off(120_000, recover_due=False))
    back = account.recover(30_000)
    assert (back.settled_cents, back.cash_cents, vat_cents(back.vat)) == (0, 30_000, 5000)
    account = account.after(back)
    assert (account.outstanding_cents, account.lost_cents, vat_cents(account.lost)) == (0, 90_000, 15_000)


@pytest.mark.parametrize("amount", [0, -1, 120_001])
def test_no_more_is_settled_lost_or_recovered_than_there_is(amount):
    account = receivable(SERVICES)
    for refused in (account.settle, lambda cents: account.write_off(cents, recover_due=True), account.recover):
        with pytest.raises(SettlesTooMuch):
            refused(amount)


def test_the_retention_is_paid_last():
    account = Receivable.of(examples.INVOICE_ID, price([line("services", "10000")]).vat, retention_cents=60_000)
    assert account.balances == {"411": 1_140_000, "4117": 60_000}
    assert account.moved_accounts(account.settle(1_150_000)) == {"411": 1_140_000, "4117": 10_000}
    assert account.doubt().balances == {"416": 1_200_000}


@settings(max_examples=300)
@given(examples.sold_lines, examples.modes, st.lists(examples.steps, max_size=12))
def test_after_any_history_due_cancelled_and_pending_are_the_vat(lines, mode, steps):
    start = receivable(*lines, price_mode=mode)
    due, account = list(start.due), start
    for _, _, moved, _ in examples.history(lines, start, steps, mode):
        account = account.after(moved)
        due += moved.vat
        assert merged(due) == account.due
        assert merged(account.due, account.cancelled, account.pending) == start.total
        assert all(share.base_cents >= 0 <= share.vat_cents for share in (*account.due, *account.pending))
        assert account.outstanding_cents > 0 or account.pending == ()


@given(examples.sold_lines, st.lists(examples.steps, max_size=8))
def test_undoing_every_payment_gives_every_cent_of_cash_vat_back(lines, steps):
    start = receivable(*lines)
    paid = [step for step in steps if step[0] in ("pay", "discount", "round")]
    movements = [moved for _, _, moved, _ in examples.history(lines, start, paid)]
    account = start
    for moved in movements:
        account = account.after(moved)
    for moved in movements:
        account = account.after(account.unsettle(moved))
    assert account == start


def test_parts_are_told_apart_by_all_their_key():
    parts = receivable(GOODS, SERVICES, line("goods", "1", vat_bp=550), line("goods", "1", territory="MQ")).total
    assert len({part_of(part) for part in parts}) == 4
    assert merged(parts, turned(parts)) == ()
