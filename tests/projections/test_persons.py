"""Personal data in read models: shown while it may be, blank once erased, whichever way the rows were made."""

import re
from uuid import uuid4

from domain.client import Client, Profile
from domain.invoice import Invoice
from domain.parties import Address, Card, Contact, ContactCard
from ledger.commands import clients as client_commands
from projections import PROJECTIONS, clients, invoice_lists, payment_lists, persons, quotes, search, streams
from projections.listing import Filter
from tests.projections.history import ADDRESS, contact
from tests.projections.test_engine import dump

CANARIES = "Canari|canari@example.org|Secretville"


def person(shop):
    card = Card(
        name="Jeanne Canari",
        email="canari@example.org",
        address=Address(street="1 rue Haute", postcode="35000", city="Secretville"),
    )
    return shop.client(kind="person", card=card, contacts=(contact("Paul Canari"),))


def erase(job_pool, shop, *subjects):
    with job_pool.connection() as conn:
        for subject in subjects:
            conn.execute("SELECT ledger.erase_subject(%s, %s, 'demande')", (shop.company, subject))


def traces(connect, company):
    return {
        table: found
        for table, rows in dump(connect, company).items()
        if (found := re.findall(CANARIES, f"{rows}", re.IGNORECASE))
    }


def test_a_person_is_found_by_name_in_clear(engine, shop):
    client = person(shop)
    shop.draft(client, "10", subject="Thèse de Mme Canari")
    with engine.read(shop.company) as tx:
        assert [row.id for row in clients.page(tx, clients.Filter(q="canari secretville"))] == [client]
        assert [c.name for c in clients.contacts(tx, client)] == ["Paul Canari"]
        assert [row.subject for row in invoice_lists.page(tx, Filter(q="jeanne"), shop.day)] == ["Thèse de Mme Canari"]


def test_an_erased_person_is_blank_everywhere_and_a_rebuild_gives_the_same_bytes(engine, shop, job_pool, connect):
    client = person(shop)
    with engine.read(shop.company) as tx:
        contacts = [c.id for c in clients.contacts(tx, client)]
    draft, quote = shop.draft(client, "10", subject="Thèse Canari"), shop.quote(client, "20")
    shop.do(client_commands.change_client, client_id=client, base_version=1, profile=profile(contacts[0]))
    engine.catch_up(shop.company)
    assert set(traces(connect, shop.company)) == {"clients", "contacts", "invoices"}

    erase(job_pool, shop, client, *contacts)
    with engine.read(shop.company) as tx:
        row = clients.one(tx, client)
        assert (row.name, row.city, row.email) == (persons.ERASED, "", "")
        assert [c.name for c in clients.contacts(tx, client)] == [persons.ERASED]
        assert invoice_lists.one(tx, draft, shop.day).client == persons.ERASED
        assert quotes.one(tx, quote, shop.day).subject == ""
        assert [hit.kind for hit in search.find(tx, "canari")] == []
        assert persons.opened(tx, streams.load(tx, Client, client).profile.card) == Card(name=persons.ERASED)
        assert persons.opened_content(tx, streams.load(tx, Invoice, draft).content).subject == ""
    shown = dump(connect, shop.company)
    assert traces(connect, shop.company) == {}
    for projection in PROJECTIONS:
        engine.rebuild(shop.company, projection.name)
    assert dump(connect, shop.company) == shown


def test_what_the_law_keeps_stays_in_the_vault_and_leaves_lists_and_searches(engine, shop, job_pool):
    client = person(shop)
    invoice = shop.invoice(client, "10", subject="Thèse")
    payment = shop.pay(client, 1_200, (invoice, 1_200), reference="VIR CANARI")
    erase(job_pool, shop, client)
    with engine.read(shop.company) as tx:
        issued = streams.load(tx, Invoice, invoice).issued
        assert persons.opened(tx, issued.buyer.card).name == "Jeanne Canari"
        assert invoice_lists.one(tx, invoice, shop.day).subject == ""
        assert payment_lists.one(tx, payment).reference == ""
        assert clients.one(tx, client).name == persons.ERASED


def test_others_keep_their_names(engine, shop, job_pool):
    client, other = person(shop), shop.client("Hôtel")
    erase(job_pool, shop, client, uuid4())
    with engine.read(shop.company) as tx:
        assert clients.one(tx, other).name == "Hôtel"


def profile(contact_id):
    card = Card(name="Jeanne Canari", email="canari@example.org", address=ADDRESS)
    people = (Contact(id=contact_id, card=ContactCard(name="Pauline Canari", email="p.canari@example.org")),)
    return Profile(kind="person", natural_person=True, card=card, contacts=people)
