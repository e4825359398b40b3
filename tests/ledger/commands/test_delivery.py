"""A document's own place of delivery, through the ledger: printed, sealed, carried along, gone with its person."""

from datetime import date
from uuid import uuid4

import msgspec
import pytest

from documents.facturx import xml
from domain.company import Configuration
from domain.content import Content
from domain.invoice import Reason
from domain.parties import Address, Card
from domain.recurring import Plan
from domain.schedule import Schedule
from ledger.commands import companies, corrections, invoices, quote_invoicing, quotes, recurring
from tests.documents.facturx.reading import Read
from tests.ledger.commands.conftest import BESANCON, line

DEPOT = Card(name="Dépôt", address=Address(street="3, quai du Port", postcode="35400", city="Saint-Malo", country="FR"))
ZOLA = Address(street="9, rue Zola", postcode="35000", city="Zolaville", country="FR")
SITE = Card(name="Chantier Zola", address=ZOLA)
ZOE = {"kind": "person", "natural_person": True, "card": {"name": "Zoé Colin", "siren": ""}}


@pytest.fixture
def places(shop, connect):
    """`places(cards)`: each in clear, whether sealed or not; None for one that nothing opens."""

    def opened(cards):
        conn = connect("probant_job", shop.id)
        found = dict(conn.execute("SELECT encode(digest, 'hex'), value FROM ledger.sealed").fetchall())
        return [(found.get(card.sealed) and clear(found[card.sealed])) if card.sealed else card for card in cards]

    return opened


def clear(value):
    return msgspec.json.decode(value, type=Card)


def last(shop, topic):
    return [event for event in shop.events(shop.id) if topic == event.TOPIC][-1]


def quoted(shop, client, **content):
    quote_id = uuid4()
    given = Content(client_id=client, lines=(line("1000"),), **content)
    shop.do(quotes.draft_quote, quote_id=quote_id, content=given)
    shop.do(quotes.send_quote, quote_id=quote_id, sent_on=shop.day, base_version=1)
    return quote_id


def accepted(shop, client, **content):
    quote_id = quoted(shop, client, **content)
    shop.do(quotes.accept_quote, quote_id=quote_id, accepted_on=shop.day)
    return quote_id


def test_an_invoice_goes_to_its_own_place_and_its_electronic_form_says_so(shop):
    shop.issued(shop.client(delivery=DEPOT), deliver_to=SITE)
    issued = last(shop, "invoice.issued")
    assert issued.deliver_to == SITE
    read = Read(xml(issued, {}.get))
    assert (read.one("BT-70"), read.one("BT-77")) == ("Chantier Zola", "Zolaville")


def test_without_a_place_of_its_own_it_goes_to_the_client_s(shop):
    shop.issued(shop.client(delivery=DEPOT))
    issued = last(shop, "invoice.issued")
    assert issued.deliver_to == DEPOT
    assert Read(xml(issued, {}.get)).one("BT-77") == "Saint-Malo"


def test_a_quote_says_its_own_place_before_the_client_s_and_a_builder_s_before_her_address(shop):
    client = shop.client()
    builder = Configuration(sector="building", insurer="MAAF, 79000 Niort", insurance_cover="France")
    shop.do(companies.configure, configuration=builder)
    quoted(shop, client, deliver_to=SITE)
    assert last(shop, "quote.sent").deliver_to == SITE
    quoted(shop, client)
    assert last(shop, "quote.sent").deliver_to == Card(name="Hôtel du Parc", address=BESANCON)


@pytest.mark.parametrize("profile", [{}, ZOE], ids=["business", "person"])
def test_every_document_drawn_from_a_quote_has_its_place(shop, profile, places):
    client = shop.client(**profile)
    quote, deposit = accepted(shop, client, deliver_to=SITE), uuid4()
    shop.do(quote_invoicing.invoice_deposit, quote_id=quote, invoice_id=deposit, share_bp=3000, label="Acompte")
    shop.issue(deposit)
    shop.do(quote_invoicing.invoice_quote, quote_id=quote, invoice_id=uuid4(), deduction_label="Acompte")
    works = accepted(shop, client, deliver_to=SITE)
    shop.do(
        quote_invoicing.invoice_progress, quote_id=works, invoice_id=uuid4(), done_bp=(("1", 5000),),
        retention_bp=0, deduction_label="Acompte",
    )  # fmt: skip
    drafted = [event.content.deliver_to for event in shop.events(shop.id) if event.TOPIC == "invoice.drafted"]
    assert places(drafted) == [SITE] * 3
    assert places([last(shop, "invoice.issued").deliver_to]) == [SITE]


@pytest.mark.parametrize("profile", [{}, ZOE], ids=["business", "person"])
def test_a_correction_and_a_recurrence_keep_the_place(shop, profile, places):
    client = shop.client(**profile)
    invoice, credit_note = shop.issued(client, deliver_to=SITE), uuid4()
    shop.do(corrections.correct_invoice, invoice_id=invoice, credit_note_id=credit_note, replacing_id=uuid4())
    shop.issue(credit_note, reason=Reason(code="cancelled", text="Erreur"))
    plan = Plan(
        content=Content(client_id=client, lines=(line(),), deliver_to=SITE), schedule=Schedule(first_on=shop.day)
    )
    every = uuid4()
    shop.do(recurring.define_recurring, recurring_id=every, plan=plan)
    shop.do(recurring.draft_due, recurring_id=every, due_on=shop.day, invoice_id=uuid4())
    drafted = [event.content.deliver_to for event in shop.events(shop.id) if event.TOPIC == "invoice.drafted"]
    assert places(drafted) == [SITE] * 4
    assert places([last(shop, "invoice.issued").deliver_to]) == [SITE]


def test_the_place_of_a_person_is_in_no_line_and_under_a_seal_of_its_own_in_each(shop, connect):
    zoe = shop.client(**ZOE)
    shop.issued(zoe, deliver_to=SITE)
    accepted(shop, zoe, deliver_to=SITE)
    told = connect("probant_audit", shop.id).execute("SELECT string_agg(line, '') FROM ledger.entry").fetchone()[0]
    assert "Zola" not in told
    events = shop.events(shop.id)
    cards = [event.content.deliver_to for event in events if event.TOPIC in ("invoice.drafted", "quote.drafted")]
    cards += [event.deliver_to for event in events if event.TOPIC in ("invoice.issued", "quote.sent")]
    assert len({card.sealed for card in cards} - {""}) == len(cards) == 4


def test_an_erased_person_leaves_no_place(shop, job_pool, places):
    zoe = shop.client(**ZOE)
    shop.invoice(zoe, deliver_to=SITE)
    drafted = last(shop, "invoice.drafted").content.deliver_to
    assert places([drafted]) == [SITE]
    with job_pool.connection() as conn:
        conn.execute("SELECT ledger.erase_subject(%s, %s, 'demande')", (shop.id, zoe))
    assert places([drafted]) == [None]


def test_a_revised_draft_may_lose_its_place_again(shop):
    client = shop.client(delivery=DEPOT)
    invoice = shop.invoice(client, deliver_to=SITE)
    content = Content(client_id=client, lines=(line(),))
    shop.do(invoices.revise_invoice, invoice_id=invoice, content=content, base_version=1)
    shop.issue(invoice, base_version=2, issued_on=date(2026, 3, 2))
    assert last(shop, "invoice.issued").deliver_to == DEPOT
