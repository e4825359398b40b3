"""A place of delivery, or of works, of one document: it goes before the client's, and rules look at it."""

from dataclasses import replace
from uuid import UUID

import msgspec
import pytest

from domain.client import Client, Profile
from domain.company import Company
from domain.content import Content, delivered_to
from domain.corrections import correcting_content, replacing_content
from domain.invoice import Invoice
from domain.mentions import Sale, lacks
from domain.mentions.references import NEW_MENTIONS
from domain.offer import NOWHERE
from domain.parties import Address, Card
from domain.pricing import price
from tests.documents.books import Books
from tests.documents.books import content as written
from tests.domain.examples import line
from tests.domain.sales import CARD, DAY, IDENTITY
from tests.domain.test_exempting import sold

DEPOT = Card(name="Dépôt", address=Address(street="3, quai du Port", postcode="35400", city="Saint-Malo", country="FR"))
SITE = Card(name="Chantier", address=Address(street="Weg 1", postcode="89073", city="Ulm", country="DE"))


def sale(content: Content, delivery: Card = NOWHERE) -> Sale:
    company = Company.open(
        UUID(int=1), origin="o", signer="s", software="p", company=IDENTITY, mode="live", natural_person=False
    )
    client = Client.create(UUID(int=2), "C1", Profile(kind="business", card=CARD, delivery=delivery))
    return Sale.of("invoice", DAY, content, price(content.lines), company, client)


def test_the_place_of_a_document_goes_before_that_of_its_client():
    content = Content(client_id=UUID(int=2), deliver_to=SITE)
    assert delivered_to(content, DEPOT) == SITE
    assert sale(content, DEPOT).delivery == SITE


@pytest.mark.parametrize("usual", [NOWHERE, DEPOT], ids=["nowhere", "depot"])
def test_a_document_without_a_place_goes_where_its_client_has_all_delivered(usual):
    content = Content(client_id=UUID(int=2))
    assert delivered_to(content, usual) == usual
    assert sale(content, usual).delivery == usual


def test_a_draft_without_a_place_is_written_as_before_and_an_old_one_has_none():
    content = Content(client_id=UUID(int=2), lines=(line("services", "100"),))
    assert b"deliver_to" not in msgspec.json.encode(content)
    old = msgspec.json.decode(b'{"client_id":"00000000-0000-0000-0000-000000000002","subject":"A"}', type=Content)
    assert msgspec.json.encode(old) == b'{"client_id":"00000000-0000-0000-0000-000000000002","subject":"A"}'
    placed = Content(client_id=UUID(int=2), deliver_to=DEPOT)
    assert msgspec.json.decode(msgspec.json.encode(placed), type=Content) == placed


def test_goods_delivered_in_the_union_by_this_document_alone_may_leave_without_vat():
    here = Content(client_id=UUID(int=2), lines=(sold("262 ter", "goods"),))
    there = msgspec.structs.replace(here, deliver_to=SITE)
    numbered = msgspec.structs.replace(CARD, vat_number="DE136695976")
    refused = [list(lacks(replace(sale(content, DEPOT), card=numbered))) for content in (here, there)]
    assert refused == [["lines.1.vat_union_goods"], []]


def test_goods_that_go_to_a_place_without_a_city_wait_for_it():
    goods, nowhere = line("goods", "100"), Card(name="Quai 3", address=Address(street="Quai 3", country="FR"))
    content = Content(client_id=UUID(int=2), lines=(goods,), deliver_to=nowhere)
    on = NEW_MENTIONS["small"]
    assert list(lacks(replace(sale(content, DEPOT), on=on))) == ["buyer.delivery_city"]
    whole = msgspec.structs.replace(content, deliver_to=DEPOT)
    assert list(lacks(replace(sale(whole), on=on))) == []


def test_what_corrects_an_invoice_goes_to_the_place_of_that_invoice():
    books = Books(Profile(kind="business", card=CARD))
    invoice: Invoice = books.issue("invoice", written(deliver_to=SITE), "F2026-0001", deliver_to=SITE)
    assert correcting_content(invoice).deliver_to == replacing_content(invoice).deliver_to == SITE
    usual: Invoice = books.issue("invoice", written(), "F2026-0002", deliver_to=DEPOT)
    assert correcting_content(usual).deliver_to == replacing_content(usual).deliver_to == NOWHERE
