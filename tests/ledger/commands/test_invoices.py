"""Invoices through the ledger: what is refused, what is frozen, what a credit note takes back."""

from datetime import date
from uuid import uuid4

import pytest

from domain.books import EndsNoPeriod, PeriodNotOver
from domain.client import ClientArchived, Profile
from domain.company import Configuration, PeriodClosed
from domain.content import Content, Stale
from domain.errors import NotFound
from domain.invoice import NotDraft, Reason
from domain.issue_dates import IssueDateRefused
from domain.numbering import Numbering, NumberingFixed
from domain.parties import Address, Card
from domain.readiness import NotReady
from domain.settlement import CreditsTooMuch
from ledger.books import Books
from ledger.commands import clients, companies, invoices
from tests.ledger.commands.conftest import line


def test_numbers_follow_each_other_and_a_refusal_takes_none(shop):
    client = shop.client()
    assert shop.issue(shop.invoice(client)) == "F2026-0001"
    with pytest.raises(NotReady):
        shop.issue(shop.invoice(client, line("0", quantity="0")))
    assert shop.issue(shop.invoice(client)) == "F2026-0002"


def test_every_year_has_its_series(shop):
    client = shop.client()
    shop.issued(client)
    shop.day = date(2027, 1, 4)
    assert shop.issue(shop.invoice(client)) == "F2027-0001"


def test_an_invoice_of_last_year_issued_in_january_takes_a_number_of_last_year(shop):
    client = shop.client()
    shop.issued(client)
    shop.day = date(2027, 1, 4)
    assert shop.issue(shop.invoice(client), issued_on=date(2026, 12, 31)) == "F2026-0002"


@pytest.mark.parametrize("issued_on", [date(2026, 3, 13), date(2026, 3, 1)])
def test_an_issue_date_is_neither_in_the_future_nor_older_than_ten_days(shop, issued_on):
    invoice = shop.invoice(shop.client())
    shop.day = date(2026, 3, 12)
    with pytest.raises(IssueDateRefused) as refused:
        shop.issue(invoice, issued_on=issued_on)
    assert (refused.value.earliest, refused.value.latest) == (date(2026, 3, 2), date(2026, 3, 12))


def test_an_issue_date_is_never_before_the_last_of_its_series(shop):
    client = shop.client()
    shop.issued(client)
    with pytest.raises(IssueDateRefused):
        shop.issue(shop.invoice(client), issued_on=date(2026, 3, 1))


def test_nothing_is_issued_in_closed_books(shop):
    invoice = shop.invoice(shop.client())
    shop.day = date(2026, 4, 2)
    shop.do(companies.close_books, through=date(2026, 3, 31), kind="month")
    with pytest.raises(PeriodClosed):
        shop.issue(invoice, issued_on=date(2026, 3, 31))


@pytest.mark.parametrize(
    ("through", "kind", "refusal"),
    [
        (date(2026, 2, 27), "month", EndsNoPeriod),
        (date(2026, 2, 28), "fiscal_year", EndsNoPeriod),
        (date(2026, 3, 31), "month", PeriodNotOver),
        (date(2026, 12, 31), "fiscal_year", PeriodNotOver),
    ],
    ids=["a day", "a month for a year", "this month", "this year"],
)
def test_books_are_closed_through_the_end_of_a_period_that_is_over(shop, through, kind, refusal):
    with pytest.raises(refusal):
        shop.do(companies.close_books, through=through, kind=kind)
    shop.do(companies.close_books, through=date(2026, 2, 28), kind="month")


def test_an_issued_invoice_is_final(shop):
    client = shop.client()
    invoice = shop.issued(client)
    for refused in (
        lambda: shop.do(invoices.discard_invoice, invoice_id=invoice),
        lambda: shop.issue(invoice, base_version=2),
        lambda: shop.do(invoices.revise_invoice, invoice_id=invoice, content=Content(client_id=client), base_version=2),
    ):
        with pytest.raises(NotDraft):
            refused()


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(shop):
    client = shop.client()
    invoice = shop.invoice(client)
    content = Content(client_id=client, lines=(line("50"),))
    shop.do(invoices.revise_invoice, invoice_id=invoice, content=content, base_version=1)
    with pytest.raises(Stale) as stale:
        shop.do(invoices.revise_invoice, invoice_id=invoice, content=content, base_version=1)
    assert (stale.value.expected, stale.value.found) == (1, 2)


def test_the_buyer_is_frozen_as_it_was(shop):
    client = shop.client()
    shop.issued(client)
    moved = Card(
        name="Hôtel du Lac",
        address=Address(street="1, quai du Lac", postcode="74000", city="Annecy", country="FR"),
        siren="552100554",
    )
    profile = Profile(kind="business", card=moved)
    shop.do(clients.change_client, client_id=client, profile=profile, base_version=1)
    issued = [event for event in shop.events(shop.id) if event.TOPIC == "invoice.issued"]
    assert [event.buyer.card.name for event in issued] == ["Hôtel du Parc"]


def test_a_natural_person_leaves_no_name_in_any_line(shop, connect):
    zoe = shop.client("person", natural_person=True, card={"name": "Zoé Lefèvre", "siren": ""})
    invoice, credit_note = shop.issued(zoe, subject="Le mariage de Zoé", note="Zoé viendra le chercher"), uuid4()
    shop.do(invoices.draft_credit_note, credit_note_id=credit_note, invoice_id=invoice)
    shop.issue(credit_note, reason=Reason(code="cancelled", text="Zoé ne se marie plus"))
    lines = connect("probant_audit", shop.id).execute("SELECT string_agg(line, '') FROM ledger.entry").fetchone()[0]
    assert "Zo" not in lines
    assert lines.count('"sealed"') >= 5


def test_what_lacks_for_an_issue_is_named(shop):
    client = shop.client(card={"siren": "", "address": Address(country="FR")})
    with pytest.raises(NotReady) as refused:
        shop.issue(shop.invoice(client, line(label="")))
    assert refused.value.fields == (
        "buyer.street", "buyer.postcode", "buyer.city", "buyer.siren", "lines.1.label",
    )  # fmt: skip


def test_an_archived_client_is_not_invoiced(shop):
    client = shop.client()
    invoice = shop.invoice(client)
    shop.do(clients.archive_client, client_id=client)
    with pytest.raises(ClientArchived):
        shop.issue(invoice)
    shop.do(clients.restore_client, client_id=client)
    assert shop.issue(invoice)


def test_a_pattern_in_use_is_fixed_for_the_year(shop):
    shop.issued(shop.client())
    other = Configuration(numbering=Numbering(invoice="FA{yyyy}-###"))
    with pytest.raises(NumberingFixed):
        shop.do(companies.configure, configuration=other)
    shop.day = date(2027, 1, 1)
    shop.do(companies.configure, configuration=other)
    assert shop.issue(shop.invoice(shop.client())) == "FA2027-001"


def test_an_invoice_of_another_company_does_not_exist(shop):
    with pytest.raises(NotFound):
        shop.issue(uuid4())


def test_a_credit_note_of_the_whole_is_minus_the_invoice(shop):
    client = shop.client()
    invoice = shop.issued(client, line("33.33", quantity="3"), line("10.02", 550, "goods", id="2"))
    credit_note = uuid4()
    shop.do(invoices.draft_credit_note, credit_note_id=credit_note, invoice_id=invoice)
    assert shop.issue(credit_note) == "A2026-0001"
    first, second = [event for event in shop.events(shop.id) if event.TOPIC == "invoice.issued"]
    assert (second.net_cents, second.vat_cents, second.gross_cents) == (
        -first.net_cents, -first.vat_cents, -first.gross_cents,
    )  # fmt: skip
    assert second.refers_to[0].number == first.number
    assert (second.type_code, second.kind) == (381, "credit_note")


def test_nothing_is_credited_twice(shop):
    invoice = shop.issued(shop.client())
    one, two = uuid4(), uuid4()
    for credit_note in (one, two):
        shop.do(invoices.draft_credit_note, credit_note_id=credit_note, invoice_id=invoice)
    shop.issue(one)
    with pytest.raises(CreditsTooMuch):
        shop.issue(two)


@pytest.mark.parametrize(("base", "kept_cents"), [("gross", 6_000), ("net", 5_000)])
def test_a_guarantee_is_a_share_of_what_the_company_decided(shop, base, kept_cents):
    shop.do(companies.configure, configuration=Configuration(retention_base=base))
    shop.issued(shop.client(), line("1000"), retention_bp=500)
    issued = shop.events(shop.id)[-1]
    assert [part.amount_cents for part in issued.instalments] == [120_000 - kept_cents, kept_cents]


PERSON = {"kind": "person", "card": {"name": "Zoé Colin", "siren": ""}, "natural_person": True}


@pytest.mark.parametrize("client", [{}, PERSON])
def test_an_invoice_is_issued_in_two_exchanges_since_its_client_comes_with_it(shop, exchanges, client):
    invoice_id, pen = shop.invoice(shop.client(**client)), shop.books

    def issue(books):
        shop.books = Books(books.pool, pen.mapper, pen.key)
        assert shop.issue(invoice_id) == "F2026-0001"

    assert exchanges(issue) == 2
