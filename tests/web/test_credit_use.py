"""A credit note partly deducted from another invoice and partly given back, on one page."""

import re
from uuid import uuid4

import pytest

from domain.payment import Refund
from domain.transfer import Transfer
from ledger.commands import invoices
from projections import invoice_lists, payment_lists, streams
from projections.listing import Filter
from tests.web.money import GROSS, outstanding, owed, receive


@pytest.fixture
def credit(new_shop, keeper):
    """A credit note of 2 131.20 of a paid invoice, another invoice of as much, and who keeps the books."""
    first, second = owed(new_shop, 2)
    person = keeper(new_shop)
    receive(person, first)
    note = uuid4()
    new_shop.do(invoices.draft_credit_note, credit_note_id=note, invoice_id=first)
    new_shop.issue(note, new_shop.today)
    return note, second, person


def test_a_part_is_deducted_and_a_part_given_back_in_one_act(app, new_shop, see, credit):
    """2 131.20 = 1 131.20 on the other invoice (VAT 188.53 due) + 1 000.00 back (its VAT was given back before)."""
    note, second, person = credit
    answer = person.submit(f"/factures/{note}/affecter", refund="1000", method="cheque")
    assert answer.location == f"/factures/{note}"
    assert outstanding(app, new_shop, second) == GROSS - 113_120
    assert see(invoice_lists.one, note, new_shop.today).left_cents == 0
    rows = {row.kind: row for row in see(payment_lists.page, Filter(kinds=("refund", "allocation")))}
    put = see(streams.load, Transfer, rows["allocation"].id).recorded
    back = see(streams.load, Refund, rows["refund"].id).recorded
    assert [due.vat_cents for due in put.tax_due] == [18_853]
    assert (back.amount_cents, back.account, back.tax_due) == (100_000, "512", ())
    assert [(x.account, x.debit_cents - x.credit_cents) for x in back.postings[0].lines] == [
        ("411", 100_000), ("512", -100_000),
    ]  # fmt: skip
    assert put.postings[0].piece != back.postings[0].piece
    page = person.get(f"/factures/{note}").text.replace("\u00a0", " ")
    assert "1 131,20 € affectés, 1 000,00 € remboursés" in page
    assert re.search(r'Reste à utiliser</dt><dd[^>]*><span class="double">0,00', page)


def test_more_than_is_left_is_refused_whole(app, new_shop, see, credit):
    note, second, person = credit
    typed = {f"cash.{second}": "2000", "refund": "131,21"}
    refused = person.submit(f"/factures/{note}/affecter", **typed)
    assert refused.status_code == 409
    assert 'value="131,21"' in refused.text
    assert outstanding(app, new_shop, second) == GROSS
    assert see(payment_lists.page, Filter(kinds=("refund", "allocation"))) == []


def test_all_can_be_given_back_from_the_same_page(see, new_shop, credit):
    note, second, person = credit
    form = person.form(f"/factures/{note}/affecter")
    del form[f"pay.{second}"]
    answer = person.http.post(f"/factures/{note}/affecter", data=form | {"refund": "2131,20"})
    assert "/reglements/" in answer.location
    assert see(invoice_lists.one, note, new_shop.today).left_cents == 0


def test_nothing_asked_is_said(credit):
    note, second, person = credit
    form = person.form(f"/factures/{note}/affecter")
    del form[f"pay.{second}"]
    assert "ou indiquez ce qui est rendu" in person.http.post(f"/factures/{note}/affecter", data=form).text
