"""Works billed as they advance, what is left of a quote, penalties, pro forma, expiry: an accountant's numbers."""

import re
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from msgspec.structs import replace

from domain.content import Content
from domain.invoice import Invoice
from domain.lines import Allowance
from domain.payment import Payment
from domain.quote import Quote
from ledger.commands import invoices, quote_invoicing, quotes
from projections import invoice_lists, streams
from projections import quotes as quote_rows
from tests.documents.reading import text
from tests.web.issuing import form_of, id_in, issue
from tests.web.money import GROSS, outstanding, owed
from tests.web.shop import LINE
from web.jobs.quotes import expire_quotes
from web.reminders import plan
from web.reminders.plan import Wanted


@pytest.fixture
def works(new_shop):
    """A quote of 12 000 € net, accepted: two lots of 8 000 and 4 000 at 20 %."""
    client = new_shop.client("Hôtel du Parc", card={"siren": "552100554"})
    lots = (
        replace(LINE, quantity=Decimal(1), unit_price=Decimal(8000)),
        replace(LINE, id="2", label="Peinture", quantity=Decimal(1), unit_price=Decimal(4000)),
    )
    quote = new_shop.quote(client, "Réhabilitation", *lots, sent_on=new_shop.today)
    new_shop.do(quotes.accept_quote, quote_id=quote, accepted_on=new_shop.today)
    return quote


def situation(person, quote, first, second, kept=""):
    path = f"/devis/{quote}/situation"
    form = form_of(person.get(path).text, "/situation")
    return person.http.post(path, data=form | {"done.1": first, "done.2": second, "retention": kept})


def left(see, quote, day):
    return see(quote_rows.one, quote, day).left_cents


def test_situations_bill_what_is_done_less_what_was_billed(new_shop, keeper, works, see):
    """30 % of 8 000 = 2 400; then 70 % and 50 %: 3 200 + 2 000; retention 5 % of 6 240 = 312."""
    person = keeper(new_shop)
    first = id_in(situation(person, works, "30", "").location)
    issue(person, first)
    one = see(streams.load, Invoice, first).issued
    assert (one.kind, one.net_cents, one.type_code, one.process) == ("progress", 240_000, 380, "S1")
    assert left(see, works, new_shop.today) == 1_440_000 - 288_000
    assert form_of(person.get(f"/devis/{works}/situation").text, "/situation")["done.1"] == "30"
    second = id_in(situation(person, works, "70", "50", "5").location)
    issue(person, second)
    two = see(streams.load, Invoice, second).issued
    assert [(line.net_cents, line.progress.before_cents) for line in two.lines] == [(320_000, 240_000), (200_000, 0)]
    assert [(part.amount_cents, part.kind) for part in two.instalments] == [(592_800, "term"), (31_200, "retention")]
    (posting,) = two.postings
    assert [(x.account, x.debit_cents) for x in posting.lines if x.debit_cents] == [("411", 592_800), ("4117", 31_200)]
    page = person.get(f"/factures/{second}").text.replace("\u00a0", " ")
    assert "Avancement : 70 % de 8 000,00 €, dont 2 400,00 € déjà facturés" in page
    assert person.submit(f"/devis/{works}", action=f"/devis/{works}/acompte", share="30").status_code == 303


def test_the_last_situation_deducts_the_deposits_and_ends_the_quote(new_shop, keeper, works, see):
    """Deposit 30 % = 3 600 + 720; all done: 12 000 − 3 600 = 8 400 net, VAT 1 680, nothing left."""
    person = keeper(new_shop)
    deposit = uuid4()
    new_shop.do(quote_invoicing.invoice_deposit, quote_id=works, invoice_id=deposit, share_bp=3000, label="Acompte")
    assert "encore en brouillon" in situation(person, works, "100", "100").text
    issue(person, deposit)
    last = id_in(situation(person, works, "100", "100").location)
    issue(person, last)
    issued = see(streams.load, Invoice, last).issued
    assert (issued.kind, issued.process, issued.net_cents, issued.vat_cents) == ("final", "S4", 840_000, 168_000)
    row = see(quote_rows.one, works, new_shop.today)
    assert (row.status, row.left_cents) == ("invoiced", 0)


def test_a_situation_taken_back_is_to_be_billed_again(new_shop, keeper, works, see):
    person = keeper(new_shop)
    first = id_in(situation(person, works, "50", "").location)
    issue(person, first)
    note = uuid4()
    new_shop.do(invoices.draft_credit_note, credit_note_id=note, invoice_id=first)
    new_shop.issue(note, new_shop.today)
    assert left(see, works, new_shop.today) == 1_440_000
    again = id_in(situation(person, works, "40", "").location)
    issue(person, again)
    assert see(streams.load, Invoice, again).issued.net_cents == 320_000


@pytest.mark.parametrize(("typed", "said"), [
    (("0", "0"), "ne facturerait rien"), (("120", ""), "Entre 0 et 100"), (("x", ""), "pas un nombre"),
])  # fmt: skip
def test_a_situation_that_says_nothing_is_refused_as_typed(new_shop, keeper, works, typed, said):
    answer = situation(keeper(new_shop), works, *typed)
    assert answer.status_code in (409, 422)
    assert said in answer.text
    assert f'value="{typed[0]}"' in answer.text


def test_a_quote_in_situations_is_not_billed_otherwise(new_shop, keeper, works):
    person = keeper(new_shop)
    issue(person, id_in(situation(person, works, "10", "").location))
    refused = person.post(f"/devis/{works}/facturer", command_id=str(uuid4()))
    assert refused.status_code == 409
    assert "se facture par situations" in refused.text
    assert "/facturer" not in person.get(f"/devis/{works}").text


def test_a_discount_of_the_whole_quote_in_euros_is_refused_one_in_percent_is_shared(new_shop, keeper, see):
    client = new_shop.client("Hôtel du Parc", card={"siren": "552100554"})
    person = keeper(new_shop)
    for less, status in ((Allowance(amount_cents=5_000), 409), (Allowance(bp=1000), 303)):
        quote = uuid4()
        lines = (replace(LINE, quantity=Decimal(1), unit_price=Decimal(1000)),)
        content = Content(client_id=client, lines=lines, allowances=(less,))
        new_shop.do(quotes.draft_quote, quote_id=quote, content=content)
        new_shop.do(quotes.send_quote, quote_id=quote, sent_on=new_shop.today, base_version=1)
        new_shop.do(quotes.accept_quote, quote_id=quote, accepted_on=new_shop.today)
        form = form_of(person.get(f"/devis/{quote}/situation").text, "/situation")
        answer = person.http.post(f"/devis/{quote}/situation", data=form | {"done.1": "50"})
        assert answer.status_code == status
    issue(person, id_in(answer.location))
    assert see(streams.load, Invoice, id_in(answer.location)).issued.net_cents == 45_000


def test_what_is_left_of_a_quote_is_in_the_list_and_its_export(new_shop, keeper, works):
    person = keeper(new_shop)
    issue(person, id_in(situation(person, works, "50", "").location))
    assert "9 600,00 €" in person.get("/devis").text.replace("\u00a0", " ")
    header, row = person.get("/devis.csv").text.strip("\ufeff\r\n").split("\r\n")
    assert row.split(";")[header.split(";").index("Reste à facturer")] == "9600,00"


def test_a_pro_forma_binds_nobody_and_takes_no_number(new_shop, keeper, works, connect):
    person = keeper(new_shop)
    draft = new_shop.invoice(new_shop.client("Autre", card={"siren": "404833048"}), "À livrer")
    before = connect("probant_web", new_shop.id).execute("SELECT pos FROM ledger.head").fetchone()
    for path in (f"/devis/{works}/pro-forma.pdf", f"/factures/{draft}/pro-forma.pdf"):
        printed = text(person.get(path).data)
        assert "Facture pro forma" in printed
        assert "PRO FORMA" in printed
    assert connect("probant_web", new_shop.id).execute("SELECT pos FROM ledger.head").fetchone() == before


def test_penalties_are_a_debit_note_outside_vat_in_a_series_of_its_own(new_shop, keeper, see, app):
    """From 14 June to 14 July 2025, 2 131.20 × 13.15 % × 16 / 365 = 12.29, × 12.15 % × 14 / 365 = 9.93; 40.00."""
    person = keeper(new_shop)
    (late,) = owed(new_shop)
    path = f"/factures/{late}/penalites"
    assert person.form(path)["base.1"] == "2131,20"
    typed = {"due.1": "2025-06-14", "until.1": "2025-07-14"}
    note = id_in(person.submit(path, **typed).location)
    issue(person, note)
    issued = see(streams.load, Invoice, note).issued
    assert re.fullmatch(r"P\d{4}-0001", issued.number)
    assert (issued.kind, issued.type_code, issued.net_cents, issued.vat_cents) == ("debit_note", 380, 6_222, 0)
    assert [line.net_cents for line in issued.lines] == [1_229, 993, 4_000]
    assert "16 jours au taux annuel de 13,15" in issued.lines[0].label
    assert issued.tax_due == ()
    (posting,) = issued.postings
    assert [(x.account, x.debit_cents - x.credit_cents) for x in posting.lines] == [
        ("411", 6_222), ("7581", -4_000), ("763", -2_222),
    ]  # fmt: skip
    assert outstanding(app, new_shop, late) == GROSS
    assert f"/factures/{late}" in person.get(f"/factures/{note}").text
    assert person.submit(path, **{"base.1": ""}, indemnity="1").status_code == 303
    refused = person.submit(path, **typed | {"until.1": "2025-06-13"})
    assert "précède l’échéance" in refused.text


def test_the_debit_note_asks_for_what_the_reminder_said(new_shop, keeper, see):
    person = keeper(new_shop)
    client = new_shop.client("Hôtel du Parc", card={"siren": "552100554"})
    late = new_shop.invoice(client, issued_on=new_shop.days_ago(9))
    note = id_in(person.submit(f"/factures/{late}/penalites").location)
    issue(person, note)
    asked = see(lambda tx: plan.ask(tx, [Wanted(plan.row_of(tx, late, new_shop.today), "last")], new_shop.today))
    (item,) = asked.call.items
    assert see(streams.load, Invoice, note).issued.net_cents == item.interest_cents + item.fee_cents


def test_a_person_owes_no_indemnity(new_shop, keeper):
    person = keeper(new_shop)
    claire = new_shop.client("Claire Dumas", "person", natural_person=True, taxable=False)
    late = new_shop.invoice(claire, issued_on=new_shop.today)
    form = form_of(person.get(f"/factures/{late}/penalites").text, "/penalites")
    assert "indemnity" not in form
    refused = person.http.post(f"/factures/{late}/penalites", data=form | {"indemnity": "1"})
    assert refused.status_code == 422


def test_a_payment_brings_penalties_and_sums_not_known_yet(new_shop, keeper, see):
    """2 131.20 + 21.02 of interest + 40.00 + 7.00 unknown = 2 199.22: 763, 7581, 471; no credit, no VAT on them."""
    person = keeper(new_shop)
    (invoice,) = owed(new_shop)
    typed = {"amount": "2199,22", "other.penalty": "21,02", "other.indemnity": "40", "other.unknown": "7"}
    payment = id_in(person.submit(f"/factures/{invoice}/encaisser", **typed).location)
    paid = see(streams.load, Payment, payment).recorded
    assert (paid.unallocated_cents, sum(due.vat_cents for due in paid.tax_due)) == (0, 35_520)
    accounts = {x.account: x.credit_cents for posting in paid.postings for x in posting.lines if x.credit_cents}
    assert accounts == {"411": GROSS, "763": 2_102, "7581": 4_000, "471": 700, "44571": 35_520}
    assert "Pénalités de retard" in person.get(f"/reglements/{payment}").text


def test_a_quote_that_nobody_answered_expires_by_an_entry_once(new_shop, workshop, see, keeper):
    client = new_shop.client("Hôtel du Parc", card={"siren": "552100554"})
    quote = new_shop.quote(client, "Terrasse", sent_on=new_shop.today - timedelta(days=45))
    fresh = new_shop.quote(client, "Salon", sent_on=new_shop.today)
    for _ in range(2):
        expire_quotes(workshop)
    states = {one: see(streams.load, Quote, one).state for one in (quote, fresh)}
    assert states == {quote: "expired", fresh: "sent"}
    assert "expiré" in keeper(new_shop).get(f"/devis/{quote}").text


def test_a_deposit_received_before_its_invoice_is_paid_on_it(new_shop, keeper, works, see):
    """30 % = 4 320.00 received first: type 386, nothing payable, its VAT due at once by the allocation."""
    person = keeper(new_shop)
    client = see(quote_rows.one, works, new_shop.today).client_id
    payment = new_shop.pay(client, 432_000)
    deposit = uuid4()
    new_shop.do(quote_invoicing.invoice_deposit, quote_id=works, invoice_id=deposit, share_bp=3000, label="Acompte")
    issue(person, deposit, **{f"credit.payment.{payment}": "1"})
    issued = see(streams.load, Invoice, deposit).issued
    assert (issued.type_code, issued.process, issued.payable_cents) == (386, "S2", 0)
    assert see(invoice_lists.one, deposit, new_shop.today).status == "paid"
