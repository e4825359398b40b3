"""Payments on screen: what comes in is put on invoices, what is left is kept, and nothing that was entered is lost."""

from uuid import uuid4

import pytest

from tests.web.conftest import fields_of
from tests.web.money import GROSS, outstanding, owed, payment_of, payments, receive, recorded


@pytest.fixture
def books(new_shop, keeper):
    """`books(n)`: as many invoices of one client, the oldest first, and the keeper of the company."""
    return lambda n=1: (owed(new_shop, n), keeper(new_shop))


def test_the_form_opens_with_all_that_is_due_and_one_click_records_it(app, new_shop, books):
    (invoice,), person = books()
    form = person.form(f"/factures/{invoice}/encaisser")
    assert (form["amount"], form["method"], form["on"]) == ("2131,20", "transfer", new_shop.today.isoformat())
    payment = recorded(app, new_shop, payment_of(receive(person, invoice)))
    assert (payment.amount_cents, payment.unallocated_cents) == (GROSS, 0)
    assert outstanding(app, new_shop, invoice) == 0


def test_the_same_form_sent_twice_makes_one_payment(app, new_shop, books):
    (invoice,), person = books()
    form = person.form(path := f"/factures/{invoice}/encaisser")
    first, again = person.http.post(path, data=form), person.http.post(path, data=form)
    assert (first.status_code, again.status_code, first.location) == (303, 303, again.location)
    assert len(payments(app, new_shop)) == 1


def test_a_smaller_amount_settles_a_part_without_further_typing(app, new_shop, books):
    (invoice,), person = books()
    receive(person, invoice, amount="1 000,00 €")
    assert outstanding(app, new_shop, invoice) == GROSS - 100_000


def test_one_cheque_settles_several_invoices_the_first_ticked_first(app, new_shop, books):
    (first, second, third), person = books(3)
    answer = receive(person, second, amount="5000", method="cheque", **{f"pay.{third}": "1"})
    assert {a.invoice_id: a.settled_cents for a in recorded(app, new_shop, payment_of(answer)).allocations} == {
        second: GROSS, third: GROSS
    }  # fmt: skip
    assert outstanding(app, new_shop, first) == GROSS
    assert recorded(app, new_shop, payment_of(answer)).unallocated_cents == 500_000 - 2 * GROSS


def test_typed_amounts_go_before_what_the_program_would_share(app, new_shop, books):
    (first, second), person = books(2)
    answer = receive(person, first, amount="1000", **{f"pay.{second}": "1", f"cash.{second}": "999,50"})
    allocations = recorded(app, new_shop, payment_of(answer)).allocations
    assert [a.settled_cents for a in allocations] == [50, 99_950]


def test_a_discount_settles_without_money_and_cancels_its_vat(app, new_shop, books):
    (invoice,), person = books()
    answer = receive(person, invoice, amount="2088,58", **{f"discount.{invoice}": "42,62"})
    (allocation,) = recorded(app, new_shop, payment_of(answer)).allocations
    assert (allocation.settled_cents, allocation.cash_cents) == (GROSS, 208_858)
    assert [(a.kind, a.amount_cents, a.vat_cents) for a in allocation.adjustments] == [("discount", 4_262, 710)]


def test_fees_of_the_bank_leave_the_debt_settled_in_full(app, new_shop, books):
    (invoice,), person = books()
    payment = recorded(app, new_shop, payment_of(receive(person, invoice, method="card", fees="12,34")))
    assert payment.fees.amount_cents == 1_234
    assert outstanding(app, new_shop, invoice) == 0


def test_an_over_payment_is_explained_before_it_is_kept_as_credit(app, new_shop, books):
    (invoice,), person = books()
    form = person.form(path := f"/factures/{invoice}/encaisser") | {"amount": "2 200,00"}
    told = person.http.post(f"{path}/apercu", data=form, headers={"HX-Request": "true"}).text
    assert "Au crédit du client" in told
    assert "68,80" in told
    assert "355,20" in told  # the VAT that falls due
    page = person.get(person.http.post(path, data=form).location).text
    assert "Affecter 68,80" in page
    assert payments(app, new_shop)[0].status == "unallocated"


@pytest.mark.parametrize(
    ("typed", "field", "code"),
    [
        ({"amount": ""}, "amount", 422),
        ({"amount": "-5"}, "amount", 422),
        ({"amount": "12,345"}, "amount", 422),
        ({"on": "2100-01-01"}, "on", 409),
        ({"method": "cash"}, "method", 409),
        ({"method": "shells"}, "method", 422),
        ({"fees": "beaucoup"}, "fees", 422),
    ],
)
def test_a_refused_payment_shows_the_form_as_typed_with_the_reason_at_its_field(books, typed, field, code):
    (invoice,), person = books()
    answer = receive(person, invoice, reference="VIR 0042", **typed)
    assert answer.status_code == code
    assert f'id="{field}-erreur"' in answer.text
    again = fields_of(answer.text, f"/factures/{invoice}/encaisser")
    assert again["reference"] == "VIR 0042"
    assert all(again[name] == value for name, value in typed.items() if name != "method" or value == "cash")


def test_more_than_an_invoice_waits_for_is_refused_at_its_own_field(books):
    (invoice,), person = books()
    answer = receive(person, invoice, amount="3000", **{f"cash.{invoice}": "3000"})
    assert answer.status_code == 409
    assert f'id="cash.{invoice}-erreur"' in answer.text


def test_htmx_gets_a_dialog_and_is_told_where_to_go_next(books):
    (invoice,), person = books()
    path, htmx = f"/factures/{invoice}/encaisser", {"HX-Request": "true"}
    dialog = person.get(f"{path}?retour=/", headers=htmx).text
    assert dialog.startswith("<dialog")
    refused = person.http.post(path, data=fields_of(dialog, path) | {"amount": "x"}, headers=htmx)
    assert (refused.status_code, refused.text[:7]) == (422, "<dialog")
    done = person.http.post(path, data=fields_of(dialog, path), headers=htmx)
    assert done.headers["HX-Redirect"] == "/"


def test_no_address_of_another_site_is_a_way_back(books):
    (invoice,), person = books()
    page = person.get(f"/factures/{invoice}/encaisser?retour=//ailleurs.example/").text
    assert 'href="//ailleurs' not in page
    assert receive(person, invoice, retour="https://ailleurs.example/").location == "/"


def test_nothing_is_asked_of_an_invoice_that_waits_for_nothing(shop, owner):
    assert "n’attend aucun règlement" in owner.get(f"/factures/{shop['paid']}/encaisser").text
    assert "n’attend aucun règlement" in owner.get(f"/factures/{shop['draft']}/encaisser").text
    assert owner.get(f"/factures/{uuid4()}/encaisser").status_code == 404


def test_a_wrong_click_is_undone_and_both_entries_stay(app, new_shop, books):
    (invoice,), person = books()
    payment = payment_of(receive(person, invoice))
    page = f"/reglements/{payment}"
    assert person.submit(page, action=f"{page}/annuler", cause="bounced").status_code == 303
    assert outstanding(app, new_shop, invoice) == GROSS
    shown = person.get(page).text
    assert "Impayé" in shown
    assert "Règlement reçu" in shown
    assert "rejeté par la banque" in shown
    assert "Annuler ce règlement" not in shown


def test_the_list_finds_by_number_reference_and_amount_and_its_total_is_that_of_the_filter(books):
    (first, second), person = books(2)
    receive(person, first, reference="VIR-A")
    receive(person, second, amount="123", reference="VIR-B")
    number = person.get(f"/factures/{first}/encaisser").text.split("Encaisser ")[1].split(" ")[0]
    for q, found in ((number, "VIR-A"), ("vir-b", "VIR-B"), ("123", "VIR-B")):
        page = person.get(f"/reglements?q={q}").text
        assert found in page, q
        assert page.count('class="c-client clip"') == 1, q
    assert "123,00" in person.get("/reglements?q=vir-b").text.split("<tfoot>")[1]


def test_the_csv_holds_what_the_list_shows(books):
    (invoice,), person = books()
    receive(person, invoice, reference="VIR-A")
    lines = person.get("/reglements.csv?mode=transfer").text.splitlines()
    assert lines[0].endswith("Date;Nature;Client;Mode;Référence;Factures;Montant;À affecter;Statut")
    assert lines[1].split(";")[1:5] == ["Règlement", "Hôtel du Parc", "Virement", "VIR-A"]
    assert len(person.get("/reglements.csv?mode=cash").text.splitlines()) == 1


def test_another_company_sees_none_of_it(shop, new_shop, keeper):
    stranger = keeper(new_shop)
    for path in (f"/reglements/{shop['payment']}", f"/reglements/{shop['payment']}/affecter",
                 f"/factures/{shop['late']}/encaisser", f"/factures/{shop['late']}/perte"):  # fmt: skip
        assert stranger.get(path).status_code == 404, path


def test_an_inspector_reads_and_does_not_record(shop, person):
    inspector = person((shop.id, "inspector"))
    inspector.sign_in()
    assert inspector.get(f"/reglements/{shop['payment']}").status_code == 200
    page = f"/factures/{shop['late']}/encaisser"
    assert inspector.get(page).status_code == 403
    assert inspector.post(page).status_code == 403
