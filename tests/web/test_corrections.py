"""« Corriger » in one act, and invoices that are paid when they are issued, with an accountant's numbers."""

import re
from decimal import Decimal
from uuid import uuid4

import pytest
from msgspec.structs import replace

from domain.content import Content
from domain.invoice import Invoice
from domain.lines import Allowance
from domain.transfer import Transfer
from ledger.commands import clients, invoices
from projections import invoice_lists, payment_lists, streams
from projections.listing import Filter
from tests.web.editing import fields
from tests.web.issuing import form_of, id_in, issue
from tests.web.money import GROSS, outstanding
from tests.web.shop import LINE


@pytest.fixture
def hotel(new_shop):
    return new_shop.client("Hôtel du Parc", card={"siren": "552100554"})


def correct(person, invoice, *without):
    form = form_of(person.get(f"/factures/{invoice}/corriger").text, "/corriger")
    for name in without:
        del form[name]
    return person.http.post(f"/factures/{invoice}/corriger", data=form)


def test_one_act_drafts_the_credit_note_and_what_replaces_the_invoice_linked_all_ways(new_shop, keeper, hotel, see):
    person = keeper(new_shop)
    wrong = new_shop.invoice(hotel, "Vestiaires", issued_on=new_shop.today)
    form = form_of(person.get(f"/factures/{wrong}/corriger").text, "/corriger")
    first, again = (person.http.post(f"/factures/{wrong}/corriger", data=form) for _ in range(2))
    assert first.location == again.location
    note = id_in(first.location)
    (made,) = see(invoice_lists.replacing, wrong, new_shop.today)
    assert (made.kind, made.status, made.copied_from, made.subject) == ("invoice", "draft", wrong, "Vestiaires")
    issue(person, note)
    typed = fields(person.get(f"/factures/{made.id}/modifier").text)
    assert typed["note"] == "Merci."
    person.http.post(f"/factures/{made.id}/modifier", data=typed | {"lines.1.quantity": "10"})
    issue(person, made.id)
    assert see(invoice_lists.one, wrong, new_shop.today).status == "credited"
    assert see(invoice_lists.one, made.id, new_shop.today).gross_cents == 115_200
    pages = {one: person.get(f"/factures/{one}").text for one in (wrong, note, made.id)}
    for here, page in pages.items():
        links = page.split("Documents liés")[1].split("</section>")[0]
        assert {one for one in pages if f"/factures/{one}" in links} == set(pages) - {here}
    assert "document remplacé" in pages[made.id]
    assert "remplace la facture corrigée" in pages[note]


def test_the_credit_note_leads_on_to_the_draft_that_waits(new_shop, keeper, hotel):
    person = keeper(new_shop)
    wrong = new_shop.invoice(hotel, issued_on=new_shop.today)
    note = id_in(correct(person, wrong).location)
    issue(person, note)
    page = person.get(f"/factures/{note}").text
    assert re.search(r'href="/factures/[0-9a-f-]{36}/modifier">Continuer par le document', page)


def test_a_correction_can_be_the_credit_note_alone(new_shop, keeper, hotel, see):
    person = keeper(new_shop)
    wrong = new_shop.invoice(hotel, issued_on=new_shop.today)
    correct(person, wrong, "again")
    assert see(invoice_lists.replacing, wrong, new_shop.today) == []
    assert len(see(invoice_lists.credit_notes_of, wrong, new_shop.today)) == 1


@pytest.mark.parametrize(("mode", "base", "vat"), [("net", 9_000, 1_800), ("gross", 7_500, 1_500)])
def test_chosen_lines_take_their_share_of_the_discount_and_the_two_halves_the_whole(
    new_shop, keeper, hotel, see, mode, base, vat
):
    """Two lines of 100 and 33.33, 10 % off: the first takes 90.00 of the 119.99 (or 100 of 133.33 with VAT)."""
    person = keeper(new_shop)
    lines = (
        replace(LINE, quantity=Decimal(1), unit_price=Decimal(100)),
        replace(LINE, id="2", quantity=Decimal(1), unit_price=Decimal("33.33")),
    )
    content = Content(client_id=hotel, lines=lines, price_mode=mode, allowances=(Allowance(label="Fidélité", bp=1000),))
    wrong = uuid4()
    new_shop.do(invoices.draft_invoice, invoice_id=wrong, kind="invoice", content=content)
    new_shop.issue(wrong, new_shop.today)
    answer = correct(person, wrong, "line.2", "again")
    assert answer.location.endswith("/modifier")
    note = id_in(answer.location)
    issue(person, note)
    issued = see(streams.load, Invoice, note).issued
    assert (issued.net_cents, issued.vat_cents) == (-base, -vat)
    note = id_in(correct(person, wrong, "line.1", "again").location)
    issue(person, note)
    assert outstanding(person.http.application, new_shop, wrong) == 0
    assert see(invoice_lists.one, wrong, new_shop.today).status == "credited"


def test_nothing_chosen_is_said_and_records_nothing(new_shop, keeper, hotel, see):
    person = keeper(new_shop)
    wrong = new_shop.invoice(hotel, issued_on=new_shop.today)
    answer = correct(person, wrong, "line.1")
    assert answer.status_code == 422
    assert "Cochez au moins une ligne" in answer.text
    assert see(invoice_lists.credit_notes_of, wrong, new_shop.today) == []


def test_what_was_paid_for_the_wrong_invoice_pays_the_right_one(new_shop, keeper, hotel, see, app):
    """2 131.20 paid, all credited: the new invoice of 1 152.00 takes it from the credit note, 979.20 are left."""
    person = keeper(new_shop)
    wrong = new_shop.invoice(hotel, issued_on=new_shop.today)
    new_shop.pay(hotel, GROSS, (wrong, GROSS))
    note = id_in(correct(person, wrong).location)
    issue(person, note)
    (made,) = see(invoice_lists.replacing, wrong, new_shop.today)
    typed = fields(person.get(f"/factures/{made.id}/modifier").text)
    person.http.post(f"/factures/{made.id}/modifier", data=typed | {"lines.1.quantity": "10"})
    form = form_of(person.get(f"/factures/{made.id}/emettre").text, "/emettre")
    assert form[f"credit.credit_note.{note}"] == "1"  # ticked at once: it is the money of the corrected invoice
    issue(person, made.id)
    issued = see(streams.load, Invoice, made.id).issued
    assert (issued.paid, issued.payable_cents, issued.process) == ((), 115_200, "S1")
    assert outstanding(app, new_shop, made.id) == 0
    assert see(invoice_lists.one, note, new_shop.today).left_cents == 97_920


def test_an_invoice_paid_before_says_so_and_owes_nothing(new_shop, keeper, hotel, see, app):
    """2 131.20 of services received before: S2, nothing payable, 355.20 of VAT due by the allocation."""
    person = keeper(new_shop)
    payment = new_shop.pay(hotel, 250_000)
    invoice = new_shop.invoice(hotel)
    assert "credit.payment" not in form_of(person.get(f"/factures/{invoice}/emettre").text, "/emettre")
    issue(person, invoice, **{f"credit.payment.{payment}": "1"})
    issued = see(streams.load, Invoice, invoice).issued
    assert [(p.payment_id, p.received_on, p.amount_cents) for p in issued.paid] == [(payment, new_shop.today, GROSS)]
    assert (issued.prepaid_cents, issued.payable_cents, issued.instalments, issued.process) == (GROSS, 0, (), "S2")
    assert issued.tax_due == ()
    row = see(invoice_lists.one, invoice, new_shop.today)
    assert (row.status, row.outstanding_cents, row.due_on) == ("paid", 0, None)
    left = see(payment_lists.one, payment)
    assert (left.left_cents, left.status) == (250_000 - GROSS, "unallocated")
    (put,) = see(payment_lists.page, Filter(kinds=("allocation",)))
    moved = see(streams.load, Transfer, put.id).recorded
    assert [(due.base_cents, due.vat_cents, due.on) for due in moved.tax_due] == [(177_600, 35_520, new_shop.today)]
    (posting,) = moved.postings
    assert (posting.piece, [(x.account, x.debit_cents, x.credit_cents) for x in posting.lines]) == (
        issued.number, [("44574", 35_520, 0), ("44571", 0, 35_520)],
    )  # fmt: skip
    (sold,) = issued.postings
    assert [(x.account, x.debit_cents - x.credit_cents) for x in sold.lines] == [
        ("411", GROSS), ("70620", -177_600), ("44574", -35_520),
    ]  # fmt: skip
    assert "Déjà réglé" in person.get(f"/factures/{invoice}").text


def test_what_was_paid_in_part_leaves_the_rest_due_and_comes_back_when_undone(new_shop, keeper, hotel, see, app):
    person = keeper(new_shop)
    payment = new_shop.pay(hotel, 100_000)
    invoice = new_shop.invoice(hotel)
    issue(person, invoice, **{f"credit.payment.{payment}": "1"})
    issued = see(streams.load, Invoice, invoice).issued
    assert (issued.payable_cents, issued.process) == (113_120, "S1")
    assert [part.amount_cents for part in issued.instalments] == [113_120]
    row = see(invoice_lists.one, invoice, new_shop.today)
    assert (row.status, row.outstanding_cents, row.due_on) == ("partly_paid", 113_120, new_shop.today)
    (put,) = see(payment_lists.page, Filter(kinds=("allocation",)))
    undo = f"/reglements/{put.id}/annuler-affectation"
    assert person.submit(f"/reglements/{put.id}", action=undo, reason="Autre facture").status_code == 303
    assert outstanding(app, new_shop, invoice) == GROSS
    new_shop.pay(hotel, GROSS, (invoice, GROSS))
    assert see(invoice_lists.one, invoice, new_shop.today).status == "paid"


def test_two_sources_share_one_invoice_and_the_cent_is_not_lost(new_shop, keeper, hotel, see, app):
    person = keeper(new_shop)
    one, two, three = (new_shop.pay(hotel, cents) for cents in (71_040, 71_041, 90_000))
    invoice = new_shop.invoice(hotel)
    issue(person, invoice, **{f"credit.payment.{paid}": "1" for paid in (one, two, three)})
    issued = see(streams.load, Invoice, invoice).issued
    assert sorted(p.amount_cents for p in issued.paid) == [71_039, 71_040, 71_041]
    rows = see(payment_lists.page, Filter(kinds=("allocation",)))
    puts = [see(streams.load, Transfer, row.id).recorded for row in rows]
    assert sum(due.vat_cents for put in puts for due in put.tax_due) == 35_520
    assert see(payment_lists.one, three).left_cents == 90_000 - 71_039


def test_a_payment_of_somebody_else_or_of_later_is_refused_and_no_number_is_taken(new_shop, keeper, hotel, see):
    person = keeper(new_shop)
    other = new_shop.pay(new_shop.client("Autre", card={"siren": "404833048"}), 5_000)
    mine = new_shop.pay(hotel, 5_000)
    invoice = new_shop.invoice(hotel)
    form = form_of(person.get(f"/factures/{invoice}/emettre").text, "/emettre")
    refused = person.http.post(f"/factures/{invoice}/emettre", data=form | {f"credit.payment.{other}": "1"})
    assert refused.status_code == 409
    yesterday = {"issued_on": new_shop.days_ago(1).isoformat(), "command_id": str(uuid4())}
    early = form | yesterday | {f"credit.payment.{mine}": "1"}
    late = person.http.post(f"/factures/{invoice}/emettre", data=early)
    assert late.status_code == 409
    assert "après la date d’émission" in late.text
    assert see(invoice_lists.one, invoice, new_shop.today).status == "draft"


def test_a_corrected_invoice_of_a_person_keeps_her_words_sealed(new_shop, keeper, connect):
    person = keeper(new_shop)
    claire = new_shop.client("Claire Dumas", "person", natural_person=True, taxable=False)
    wrong = new_shop.invoice(claire, "Serrure de la rue aux Ours", issued_on=new_shop.today)
    correct(person, wrong)
    lines = connect("probant_web", new_shop.id).execute("SELECT line FROM ledger.entry").fetchall()
    assert not any("rue aux Ours" in line for (line,) in lines)
    assert new_shop.do(clients.archive_client, client_id=claire) is None
