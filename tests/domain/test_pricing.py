from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.deducting import deductions
from domain.errors import Malformed
from domain.lines import Allowance, Deducts, Progress
from domain.pricing import NothingToDiscount, Sales, negated, price
from domain.shares import shares_of
from tests.domain import examples
from tests.domain.examples import line, totals

DOCUMENT = st.fixed_dictionaries({"price_mode": examples.modes, "regime": examples.regimes, "deposit": st.booleans()})
CHANGES = st.lists(examples.discounts, max_size=2)


def priced_or_none(lines, allowances, charges, **options):
    try:
        return price(lines, allowances, charges, **options)
    except NothingToDiscount:
        return None  # returns and sales that add up to nothing cannot carry a discount


def test_gross_prices_never_change():
    assert totals(price([line("goods", "9.99", "3")], price_mode="gross")) == (2498, 499, 2997)
    assert totals(price([line("goods", "99.99")], price_mode="gross")) == (8333, 1666, 9999)


def test_parts_of_a_group_share_its_vat_by_the_largest_remainder():
    [group] = price([line("services", "10.02"), line("goods", "10.02")]).vat
    assert (group.base_cents, group.vat_cents) == (2004, 401)
    assert [(p.nature, p.vat_due, p.vat_cents) for p in group.parts] == [
        ("goods", "delivery", 201),
        ("services", "cash", 200),
    ]


def test_vat_is_rounded_once_for_each_rate():
    priced = price([line("goods", "0.03", vat_bp=2000)] * 3 + [line("goods", "0.10", vat_bp=550)])
    assert [(g.rate_bp, g.base_cents, g.vat_cents) for g in priced.vat] == [(2000, 9, 2), (550, 10, 1)]


def test_a_line_is_reduced_by_its_own_discounts_each_of_the_full_price():
    discounts = (Allowance(bp=1000), Allowance(bp=500), Allowance(amount_cents=250))
    [priced] = price([line("goods", "12.35", "10", allowances=discounts)]).lines
    assert [a.amount_cents for a in priced.allowances] == [1235, 618, 250]
    assert priced.net_cents == 12350 - 1235 - 618 - 250


def test_a_discount_of_the_document_is_spread_over_its_rates():
    sold = [line("goods", "100"), line("goods", "50", vat_bp=550), line("disbursement", "30", category="E")]
    priced = price(sold, [Allowance(label="Remise", bp=1000)])
    assert [(a.rate_bp, a.category, a.bp, a.amount_cents) for a in priced.allowances] == [
        (2000, "S", 1000, 1000),
        (550, "S", 1000, 500),
    ]
    assert [(g.rate_bp, g.base_cents, g.vat_cents) for g in priced.vat] == [
        (2000, 9000, 1800),
        (550, 4500, 248),
        (0, 3000, 0),
    ]
    assert (priced.net_cents, priced.disbursements_cents) == (16500, 3000)
    assert [(s.account, s.net_cents) for s in priced.sales] == [("467", 3000), ("70720", 9000), ("70755", 4500)]


def test_a_charge_of_the_document_goes_to_its_own_account():
    priced = price([line("services", "100"), line("goods", "200")], charges=[Allowance(amount_cents=1000)])
    assert [(c.rate_bp, c.amount_cents) for c in priced.charges] == [(2000, 1000)]
    assert [p.base_cents for p in priced.vat[0].parts] == [20667, 10333]
    assert Sales(account="7085", net_cents=1000) in priced.sales


def test_in_gross_prices_a_discount_is_entered_gross_and_recorded_net():
    priced = price([line("goods", "120")], [Allowance(amount_cents=1200)], price_mode="gross")
    assert totals(priced) == (9000, 1800, 10800)
    [allowance] = priced.allowances
    assert (allowance.amount_cents, allowance.gross_cents) == (1000, 1200)
    assert (priced.lines[0].net_cents, priced.lines[0].gross_cents) == (10000, 12000)


def test_a_discount_needs_lines_to_be_shared_over():
    with pytest.raises(NothingToDiscount):
        price([], [Allowance(amount_cents=100)])
    with pytest.raises(NothingToDiscount):
        price([line("goods", "1"), line("goods", "1", "-1")], [Allowance(amount_cents=100)])


def test_exempt_groups_have_a_base_and_no_vat():
    priced = price([line("services", "100", category=c) for c in ("E", "AE", "K", "G", "O", "Z")])
    assert {(g.category, g.base_cents, g.vat_cents) for g in priced.vat} == {
        (c, 10000, 0) for c in ("E", "AE", "K", "G", "O", "Z")
    }
    assert {p.vat_due for g in priced.vat for p in g.parts} == {"none"}


def test_a_credit_note_keeps_the_vat_of_an_invoice_from_before_the_franchise():
    sold = price([line("services", "100")])
    note = price(negated(sold.lines)[0], regime="franchise")
    assert totals(note) == (-10_000, -2000, -12_000)


def test_a_company_in_franchise_charges_no_vat():
    priced = price([line("services", "100")], regime="franchise")
    assert totals(priced) == (10000, 0, 10000)
    assert priced.lines[0].vat_text == "TVA non applicable, art. 293 B du CGI"
    assert priced.vat[0].code == "VATEX-FR-FRANCHISE"


def test_shipping_follows_the_goods():
    with_goods = price([line("shipping", "10"), line("goods", "90")])
    assert [(p.nature, p.vat_due, p.base_cents) for p in with_goods.vat[0].parts] == [("goods", "delivery", 10000)]
    alone = price([line("shipping", "10")])
    assert [(p.nature, p.vat_due) for p in alone.vat[0].parts] == [("services", "cash")]
    taken_back = price(negated(with_goods.lines[:1])[0])
    assert [(p.nature, p.vat_due) for p in taken_back.vat[0].parts] == [("goods", "delivery")]


def test_parts_know_the_day_on_which_they_fall_due():
    days = {"issued_on": date(2026, 11, 24), "delivered_on": date(2026, 11, 20)}
    sold = [line("goods", "1"), line("services", "1"), line("services", "1", category="AE")]
    due_on = {(p.nature, p.vat_due): p.due_on for g in price(sold, regime="debit", **days).vat for p in g.parts}
    assert due_on == {
        ("goods", "delivery"): days["delivered_on"],
        ("services", "debit"): days["issued_on"],
        ("services", "none"): days["issued_on"],
    }
    assert price([line("services", "1")], **days).vat[0].parts[0].due_on is None


def test_a_deposit_is_on_cash_even_for_goods():
    priced = price([line("goods", "3000")], deposit=True, regime="debit")
    assert [(p.nature, p.vat_due) for p in priced.vat[0].parts] == [("goods", "cash")]
    assert priced.sales == (Sales(account="4191", net_cents=300_000),)


def test_a_final_invoice_deducts_its_deposits_part_by_part():
    deposit = price([line("goods", "3000")], deposit=True)
    reference = Deducts(invoice_id=UUID(int=7), number="F2026-0003", issued_on=date(2026, 9, 1))
    taken_off = deductions(reference, shares_of(deposit.vat), label="Acompte F2026-0003", price_mode="net")
    final = price([line("goods", "10000"), *taken_off])
    assert totals(final) == (700_000, 140_000, 840_000)
    assert final.lines[1].quantity == -1
    assert final.sales == (Sales(account="4191", net_cents=-300_000), Sales(account="70720", net_cents=1_000_000))
    assert [(p.vat_due, p.vat_cents) for p in final.vat[0].parts] == [("delivery", 140_000)]


def test_a_discount_of_a_final_invoice_does_not_touch_its_deposits():
    reference = Deducts(invoice_id=UUID(int=7), number="F2026-0003", issued_on=date(2026, 9, 1))
    deposit = price([line("goods", "3000"), line("services", "100", "-1")], deposit=True)
    taken_off = deductions(reference, shares_of(deposit.vat), label="Acompte F2026-0003", price_mode="gross")
    assert [(each.quantity, each.unit_price) for each in taken_off] == [(-1, 3600), (1, 120)]
    final = price([line("goods", "12000"), *taken_off], [Allowance(bp=1000)], price_mode="gross")
    assert final.gross_cents == 1_200_000 - 120_000 - 348_000


def test_works_in_progress_bill_what_was_not_billed_yet():
    progress = Progress(contract_net_cents=1_000_000, done_bp=4500, before_cents=300_000)
    priced = price([line("services", "0", progress=progress)])
    assert priced.net_cents == 150_000
    assert (priced.lines[0].quantity, priced.lines[0].unit_price) == (1, Decimal(1500))
    with pytest.raises(Malformed):
        price([line("services", "0", progress=progress)], price_mode="gross")


def test_a_price_below_zero_is_refused():
    with pytest.raises(Malformed):
        price([line("goods", "-1")])


@pytest.mark.parametrize(
    ("unit_price", "count", "expected"),
    [("0.03", 5, [-1, -1, -1, 0, 0]), ("0.02", 2, [0, -1])],  # VAT 0.03 of the five, 0.01 of the two
)
def test_credit_notes_take_no_more_vat_than_is_left_and_the_last_one_all_of_it(unit_price, count, expected):
    one = line("goods", unit_price)
    account, taken = examples.receivable(*[one] * count), []
    for _ in range(count):
        note = price(negated([one])[0], left=account.left)
        account = account.after(account.credit(note.vat))
        taken.append(note.vat_cents)
    assert (taken, account.left) == (expected, ())


@given(examples.lines, CHANGES, CHANGES, DOCUMENT)
def test_everything_adds_up(lines, allowances, charges, options):
    priced = priced_or_none(lines, allowances, charges, **options)
    if priced is None:
        return
    assert priced.net_cents == sum(g.base_cents for g in priced.vat) == sum(s.net_cents for s in priced.sales)
    assert priced.vat_cents == sum(g.vat_cents for g in priced.vat)
    assert priced.gross_cents == priced.net_cents + priced.vat_cents
    for group in priced.vat:
        assert group.base_cents == sum(p.base_cents for p in group.parts)
        assert group.vat_cents == sum(p.vat_cents for p in group.parts)
    lines_cents = sum(each.net_cents for each in priced.lines)
    reductions, additions = sum(a.amount_cents for a in priced.allowances), sum(c.amount_cents for c in priced.charges)
    assert priced.net_cents == lines_cents - reductions + additions


@given(examples.lines, CHANGES, CHANGES, DOCUMENT)
def test_vat_is_that_of_the_group_rounded_once(lines, allowances, charges, options):
    priced = priced_or_none(lines, allowances, charges, **options)
    for group in priced.vat if priced else ():
        exact = Decimal(group.base_cents) * group.rate_bp / 10_000
        assert abs(group.vat_cents - exact) <= (Decimal("0.5") if options["price_mode"] == "net" else 1)


@given(examples.lines, CHANGES, CHANGES, DOCUMENT)
def test_a_credit_note_is_its_invoice_turned_to_the_cent(lines, allowances, charges, options):
    sold = priced_or_none(lines, allowances, charges, **options)
    if sold is None:
        return
    note = price(*negated(sold.lines, sold.allowances, sold.charges), **options)
    assert totals(note) == tuple(-amount for amount in totals(sold))
    assert [turned(group) for group in note.vat] == [turned(group, -1) for group in sold.vat]
    assert [(s.account, -s.net_cents) for s in note.sales] == [(s.account, s.net_cents) for s in sold.sales]


@given(examples.lines, CHANGES)
def test_what_is_entered_gross_is_paid_gross(lines, allowances):
    priced = priced_or_none(lines, allowances, [], price_mode="gross")
    if priced is not None:
        entered = sum(each.gross_cents for each in priced.lines) - sum(a.gross_cents for a in priced.allowances)
        assert priced.gross_cents == entered


@given(examples.lines, CHANGES, DOCUMENT, st.randoms())
def test_the_order_of_lines_changes_no_vat(lines, allowances, options, random):
    shuffled = random.sample(lines, len(lines))
    one, other = priced_or_none(lines, allowances, [], **options), priced_or_none(shuffled, allowances, [], **options)
    assert (one and one.vat) == (other and other.vat)


def turned(group, sign=1):
    parts = [(p.nature, p.vat_due, sign * p.base_cents, sign * p.vat_cents) for p in group.parts]
    return group.rate_bp, group.category, group.code, sign * group.base_cents, sign * group.vat_cents, parts
