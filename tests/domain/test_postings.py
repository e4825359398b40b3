from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import postings
from domain.entry_lines import Unbalanced
from domain.lines import Fees, Instalment, Other, PostingVat
from domain.postings import Piece
from domain.pricing import negated, price
from tests.domain import examples
from tests.domain.examples import entries, line, receivable

ISSUED_ON = date(2026, 11, 20)
PAID_ON = date(2026, 11, 28)
PIECE = Piece(number="F2026-0001", on=ISSUED_ON, aux="C000123")
SERVICES = line("services", "1000", account="706")
GOODS = line("goods", "1000", account="707")


def issue(priced, **options):
    terms = (Instalment(due_on=date(2026, 12, 20), amount_cents=priced.gross_cents),)
    return postings.invoice(PIECE, priced, **{"instalments": terms} | options)


def pay(settled, moved, **options):
    facts = {"account": "512", "received_on": PAID_ON, "vat_on": PAID_ON, "amount_cents": moved.cash_cents}
    return postings.payment(PIECE, [(settled, moved)], **facts | options)


def test_services_wait_for_the_money_and_goods_do_not():
    assert entries(issue(price([SERVICES]))) == {"411": 120_000, "706": -100_000, "44574": -20_000}
    assert entries(issue(price([GOODS]))) == {"411": 120_000, "707": -100_000, "44571": -20_000}
    assert entries(issue(price([SERVICES], regime="debit"))) == {"411": 120_000, "706": -100_000, "44571": -20_000}


def test_a_posting_says_the_number_the_client_s_code_the_due_date_and_the_vat():
    [posting] = issue(price([SERVICES]))
    assert (posting.journal, posting.date, posting.operation_on) == ("VE", ISSUED_ON, None)
    assert (posting.piece, posting.piece_on, posting.label) == ("F2026-0001", ISSUED_ON, "F2026-0001")
    assert [(x.account, x.aux, x.due_on) for x in posting.lines] == [
        ("411", "C000123", date(2026, 12, 20)),
        ("706", "", None),
        ("44574", "", None),
    ]
    assert posting.lines[2].vat == PostingVat(rate_bp=2000, category="S", side="output", base_cents=100_000)


def test_a_deposit_and_its_final_invoice():
    deposit = price([line("goods", "3000")], deposit=True)
    account = receivable(line("goods", "3000"), deposit=True)
    assert entries(issue(deposit)) == {"411": 360_000, "4191": -300_000, "44574": -60_000}
    assert [each.aux for each in issue(deposit)[0].lines] == ["C000123", "C000123", ""]
    assert entries(pay(account, account.settle(360_000))) == {
        "512": 360_000, "411": -360_000, "44574": 60_000, "44571": -60_000,
    }  # fmt: skip
    taken_off = line("goods", "3000", "-1", account="4191")
    final = price([line("goods", "10000", account="707"), taken_off])
    assert entries(issue(final)) == {"411": 840_000, "4191": 300_000, "707": -1_000_000, "44571": -140_000}


def test_a_retention_stands_apart_until_it_is_due():
    priced = price([line("services", "10000", account="704")])
    terms = (
        Instalment(due_on=date(2026, 12, 20), amount_cents=1_140_000),
        Instalment(due_on=date(2027, 12, 20), amount_cents=60_000, kind="retention"),
    )
    posted = entries(issue(priced, instalments=terms))
    assert posted == {"411": 1_140_000, "4117": 60_000, "704": -1_000_000, "44574": -200_000}


def test_a_credit_note_takes_the_unpaid_then_what_was_paid():
    account = receivable(SERVICES)
    account = account.after(account.settle(60_000))
    note = price(negated([line("services", "750", account="706")])[0])
    posted = postings.credit_note(PIECE, note, [(account, account.credit(note.vat))])
    assert entries(posted) == {"706": 75_000, "44574": 10_000, "44571": 5000, "411": -90_000}


def test_a_credit_note_of_goods_gives_their_vat_back():
    account, note = receivable(GOODS), price(negated([GOODS])[0])
    posted = postings.credit_note(PIECE, note, [(account, account.credit(note.vat))])
    assert entries(posted) == {"707": 100_000, "44571": 20_000, "411": -120_000}


def test_a_discount_is_a_financial_charge_without_its_vat():
    account = receivable(SERVICES)
    paid = pay(account, account.settle(120_000, [("discount", 2400)]))
    assert entries(paid) == {"512": 117_600, "665": 2000, "411": -120_000, "44574": 20_000, "44571": -19_600}
    account = receivable(GOODS)
    paid = pay(account, account.settle(120_000, [("discount", 2400)]))
    assert entries(paid) == {"512": 117_600, "665": 2000, "411": -120_000, "44571": 400}


def test_the_payment_service_keeps_its_fee():
    account = receivable(line("goods", "100"))
    paid = pay(account, account.settle(12_000), account="5115", fees=Fees(amount_cents=205))
    assert entries(paid) == {"5115": 11_795, "627": 205, "411": -12_000}
    with_vat = Fees(amount_cents=240, vat_cents=40, vat_bp=2000)
    paid = pay(account, account.settle(12_000), fees=with_vat)
    assert entries(paid) == {"512": 11_760, "627": 200, "44566": 40, "411": -12_000}
    assert PostingVat(rate_bp=2000, category="S", side="input", base_cents=200) in [x.vat for x in paid[0].lines]


def test_a_payment_settles_keeps_and_brings_other_money():
    account = receivable(line("goods", "100"))
    others = (
        Other(kind="penalty", amount_cents=310),
        Other(kind="indemnity", amount_cents=4000),
        Other(kind="unknown", amount_cents=50),
    )
    moved = account.settle(12_000, [("rounding", 2), ("exchange", -3)])
    paid = pay(account, moved, amount_cents=12_001 + 4360 + 700, others=others, unallocated_cents=700)
    assert entries(paid) == {
        "512": 17_061, "411": -12_700, "658": 2, "756": -3, "763": -310, "7581": -4000, "471": -50,
    }  # fmt: skip


def test_cash_has_its_journal():
    account = receivable(line("goods", "100"))
    assert pay(account, account.settle(12_000), account="530")[0].journal == "CA"


def test_vat_that_falls_due_on_another_day_is_posted_on_that_day():
    account = receivable(SERVICES)
    bank, vat = pay(account, account.settle(120_000), vat_on=PAID_ON + timedelta(days=3))
    assert (bank.journal, bank.date, entries((bank,))) == ("BQ", PAID_ON, {"512": 120_000, "411": -120_000})
    assert (vat.journal, vat.date, entries((vat,))) == ("OD", date(2026, 12, 1), {"44574": 20_000, "44571": -20_000})


def test_a_reversal_is_the_payment_turned():
    account = receivable(SERVICES)
    moved = account.settle(120_000, [("discount", 2400), ("rounding", 1)])
    other = Other(kind="indemnity", amount_cents=4000)
    facts = {"others": (other,), "unallocated_cents": 100, "amount_cents": moved.cash_cents + 4100}
    paid = entries(pay(account, moved, **facts))
    back = account.after(moved).unsettle(moved)
    facts = {
        "others": (Other(kind="indemnity", amount_cents=-4000),),
        "unallocated_cents": -100,
        "amount_cents": back.cash_cents - 4100,
    }
    assert entries(pay(account.after(moved), back, **facts)) == {a: -cents for a, cents in paid.items()}


def test_money_goes_back_to_the_client():
    posted = postings.refund(PIECE, account="512", paid_on=PAID_ON, amount_cents=30_000)
    assert entries(posted) == {"411": 30_000, "512": -30_000}


def test_a_credit_used_on_another_invoice_makes_its_cash_vat_due():
    account = receivable(SERVICES)
    posted = postings.allocation(PIECE, [(account, account.settle(60_000))], allocated_on=PAID_ON)
    assert entries(posted) == {"44574": 10_000, "44571": -10_000}
    account = receivable(GOODS)
    assert postings.allocation(PIECE, [(account, account.settle(60_000))], allocated_on=PAID_ON) == ()
    doubtful = receivable(GOODS).doubt()
    posted = postings.allocation(PIECE, [(doubtful, doubtful.settle(60_000))], allocated_on=PAID_ON)
    assert entries(posted) == {"416": -60_000, "411": 60_000}


def test_a_debt_is_doubted_written_off_and_recovered():
    account = receivable(SERVICES)
    assert entries(postings.doubted(PIECE, account, on=PAID_ON)) == {"416": 120_000, "411": -120_000}
    account = account.doubt()
    lost = account.write_off(120_000, recover_due=False)
    posted = postings.written_off(PIECE, (account, lost), on=PAID_ON)
    assert entries(posted) == {"654": 100_000, "44574": 20_000, "416": -120_000}
    account = account.after(lost)
    posted = postings.recovered(PIECE, (account, account.recover(30_000)), account="512", on=PAID_ON)
    assert entries(posted) == {"512": 30_000, "7583": -25_000, "44571": -5000}


def test_vat_on_lost_goods_comes_back_only_after_the_marked_duplicate():
    account = receivable(GOODS)
    for recover_due, expected in (
        (True, {"654": 100_000, "44571": 20_000, "411": -120_000}),
        (False, {"654": 120_000, "411": -120_000}),
    ):
        lost = account.write_off(120_000, recover_due=recover_due)
        assert entries(postings.written_off(PIECE, (account, lost), on=PAID_ON)) == expected


def test_what_was_paid_before_issue_is_owed_all_the_same_and_allocated_by_an_entry_of_its_own():
    posted = issue(
        price([SERVICES]), instalments=(Instalment(due_on=PAID_ON, amount_cents=60_000),), prepaid_cents=60_000
    )
    assert entries(posted) == {"411": 120_000, "706": -100_000, "44574": -20_000}


def test_in_a_closed_period_the_first_open_day_is_posted_and_the_real_date_kept():
    closed = Piece(number="F2026-0001", on=ISSUED_ON, aux="C000123", open_from=date(2026, 12, 1))
    [posting] = postings.refund(closed, account="512", paid_on=PAID_ON, amount_cents=1)
    assert (posting.date, posting.operation_on, posting.piece_on) == (date(2026, 12, 1), PAID_ON, ISSUED_ON)


def test_an_unbalanced_entry_is_refused():
    with pytest.raises(Unbalanced):
        issue(price([SERVICES]), instalments=())
    account = receivable(SERVICES)
    with pytest.raises(Unbalanced):
        pay(account, account.settle(60_000), amount_cents=1)


@settings(max_examples=200)
@given(examples.sold_lines, examples.modes, st.lists(examples.steps, max_size=12))
def test_after_any_history_the_books_say_what_the_invoice_says(lines, mode, steps):
    priced = price(lines, price_mode=mode)
    start = receivable(*lines, price_mode=mode)
    posted, account, declared = list(issue(priced)), start, list(postings.tax_due_at_issue(priced.vat, ISSUED_ON))
    refundable = 0
    for what, before, moved, note in examples.history(lines, start, steps, mode):
        posted += entry_of(what, before, moved, note)
        declared += postings.tax_due([moved], PAID_ON)
        refundable -= moved.cash_cents if what == "credit" else 0
        account = before.after(moved)
    books = entries(tuple(posted))
    assert sum(books.values()) == 0
    assert books.get("411", 0) == account.outstanding_cents - refundable
    assert books.get("44574", 0) == -examples.vat_cents(account.pending)
    assert books.get("44571", 0) == -examples.vat_cents(account.due) == -sum(due.vat_cents for due in declared)


def entry_of(what, account, moved, note):
    """The postings of a step of a history."""
    match what:
        case "credit":
            return postings.credit_note(PIECE, note, [(account, moved)])
        case "lose":
            return postings.written_off(PIECE, (account, moved), on=PAID_ON)
        case "recover":
            return postings.recovered(PIECE, (account, moved), account="512", on=PAID_ON)
    return pay(account, moved, vat_on=PAID_ON + timedelta(days=1))
