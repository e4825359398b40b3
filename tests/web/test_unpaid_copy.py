"""The copy that says that its invoice was not paid, made on the page of the debt: the VAT comes back only with it."""

import pytest

from domain.debt import Debt
from domain.document import Document, document_stream
from ledger.commands.debts import debt_id
from projections import files, streams
from tests.documents.reading import text
from tests.web.money import GROSS


@pytest.fixture
def boss(new_shop, keeper):
    return keeper(new_shop)


@pytest.fixture
def owed(new_shop, render):
    client = new_shop.client("Hôtel du Parc", card={"siren": "552100554"})
    invoice = new_shop.invoice(client, issued_on=new_shop.today)
    new_shop.pay(client, 13_120, (invoice, 13_120))
    render(new_shop, invoice)
    return invoice


def copied(boss, invoice):
    page = f"/factures/{invoice}/perte"
    return boss.submit(page, action=f"{page}/duplicata")


def test_it_says_what_is_left_without_vat_and_its_vat(boss, owed, see):
    """2 000.00 of 2 131.20 are left; the invoice is 1 776.00 and 355.20: 1 666.67 and 333.33."""
    assert copied(boss, owed).status_code == 303
    assert "Duplicata n° 1" in boss.get(f"/factures/{owed}/perte").text
    printed = text(boss.get(f"/documents/{owed}/duplicata/1.pdf").data).replace("\u00a0", " ")
    assert "impayée pour la somme de 1 666,67 € (prix net) et pour la somme de 333,33 € (TVA" in printed
    assert [one.reason for one in see(files.copies, owed)] == ["unpaid"]


def test_its_sums_stay_what_they_were_on_that_day(boss, new_shop, owed, see):
    copied(boss, owed)
    before = boss.get(f"/documents/{owed}/duplicata/1.pdf").data
    client = see(lambda tx: tx.value("SELECT client_id FROM read.invoices WHERE id = %(id)s", id=owed))
    new_shop.pay(client, 1_000, (owed, 1_000))
    assert boss.get(f"/documents/{owed}/duplicata/1.pdf").data == before


def test_a_loss_names_the_document_that_the_copy_was_made_of(boss, new_shop, owed, see):
    copied(boss, owed)
    page = f"/factures/{owed}/perte"
    assert boss.submit(page, action=page, stage="loss", ground="Liquidation", recover_due="1").status_code == 303
    lost = see(streams.load, Debt, debt_id(owed)).written_off
    assert lost.notice_document_id == document_stream(owed)
    assert see(streams.load, Document, document_stream(owed)).unpaid[1].net_cents == 166_667


def test_a_loss_without_the_copy_names_none(boss, owed, see):
    page = f"/factures/{owed}/perte"
    boss.submit(page, action=page, stage="loss", ground="Liquidation")
    assert see(streams.load, Debt, debt_id(owed)).written_off.notice_document_id is None


def test_a_paid_invoice_has_no_such_copy(boss, new_shop, owed, see):
    client = see(lambda tx: tx.value("SELECT client_id FROM read.invoices WHERE id = %(id)s", id=owed))
    page, form = f"/factures/{owed}/perte", boss.form(f"/factures/{owed}/perte", f"/factures/{owed}/perte/duplicata")
    new_shop.pay(client, GROSS - 13_120, (owed, GROSS - 13_120))
    assert boss.http.post(f"{page}/duplicata", data=form).status_code == 409
    assert see(files.copies, owed) == []


def test_the_form_of_other_copies_does_not_offer_it(boss, owed):
    refused = boss.submit(f"/factures/{owed}", action=f"/documents/{owed}/duplicata", copy_reason="unpaid")
    assert refused.status_code == 422
