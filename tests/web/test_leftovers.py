"""What is left of a payment or of a credit note, and debts that are not paid."""

from uuid import uuid4

import pytest

from ledger.commands import invoices
from tests.web.money import GROSS, outstanding, owed, payment_of, receive


@pytest.fixture
def books(new_shop, keeper):
    """`books(n)`: as many invoices of one client, the oldest first, and the keeper of the company."""
    return lambda n=1: (owed(new_shop, n), keeper(new_shop))


def test_what_is_left_goes_to_another_invoice_and_comes_back(app, new_shop, books):
    (first, second), person = books(2)
    payment = payment_of(receive(person, first, amount="2 231,20"))
    left = f"/reglements/{payment}/affecter"
    allocation = payment_of(person.submit(left))
    assert outstanding(app, new_shop, second) == GROSS - 10_000
    assert "Annulez d’abord cette affectation" in person.get(f"/reglements/{payment}").text
    undo = f"/reglements/{allocation}/annuler-affectation"
    assert person.submit(f"/reglements/{allocation}", action=undo, reason="Mauvaise facture").status_code == 303
    assert outstanding(app, new_shop, second) == GROSS
    assert person.form(left)["left"] == "100,00"


def test_what_is_left_is_given_back_once_at_most(app, new_shop, books):
    (invoice,), person = books()
    payment = payment_of(receive(person, invoice, amount="2 231,20"))
    path = f"/reglements/{payment}/rembourser"
    assert person.form(path)["amount"] == "100,00"
    refused = person.submit(path, amount="100,01")
    assert refused.status_code == 409
    assert 'id="amount-erreur"' in refused.text
    refund = payment_of(person.submit(path))
    assert "Trop-perçu d’un règlement" in person.get(f"/reglements/{refund}").text
    assert "Il n’en reste rien." in person.get(path).text


def test_a_credit_note_of_a_paid_invoice_is_refunded_from_its_own_page(new_shop, books):
    (invoice,), person = books()
    receive(person, invoice)
    note = uuid4()
    new_shop.do(invoices.draft_credit_note, credit_note_id=note, invoice_id=invoice)
    new_shop.issue(note, new_shop.today)
    refund = payment_of(person.submit(f"/factures/{note}/rembourser"))
    assert "2 131,20" in person.get(f"/reglements/{refund}").text.replace("\u00a0", " ")
    assert "Il n’en reste rien." in person.get(f"/factures/{note}/affecter").text


def test_a_debt_is_doubted_then_lost_then_comes_in_after_all(app, new_shop, books):
    (invoice,), person = books()
    path = f"/factures/{invoice}/perte"
    assert person.submit(path, stage="doubt", ground="Redressement judiciaire").status_code == 303
    assert "Douteuse depuis" in person.get(path).text
    assert outstanding(app, new_shop, invoice) == GROSS
    assert person.submit(path, stage="loss", ground="").status_code == 422
    assert person.submit(path, stage="loss", ground="Certificat d’irrécouvrabilité").status_code == 303
    assert outstanding(app, new_shop, invoice) == 0
    again = person.submit(path, action=f"/factures/{invoice}/rentree", amount="500", ground="Dividende de la procédure")
    assert again.status_code == 303
    assert person.form(path, action=f"/factures/{invoice}/rentree")["amount"] == "1631,20"
