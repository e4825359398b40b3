"""Works in a dwelling at a reduced rate: the client certifies on the quote or the invoice (CGI 279-0 bis)."""

import re
from uuid import uuid4

import pytest

from domain.company import Configuration
from domain.invoice import Invoice
from domain.quote import Quote
from ledger.commands import companies, quote_invoicing, quotes
from projections import streams
from tests.web.editing import fields, line
from tests.web.issuing import id_in, issue
from tests.web.public import Visitor, link

TICK, CERTIFIED = 'name="dwelling"', "certifie, en qualité de preneur de la prestation"


@pytest.fixture
def builder(new_shop, keeper):
    told = Configuration(sector="building", insurer="MAAF, 79000 Niort", insurance_cover="France")
    new_shop.do(companies.configure, configuration=told)
    return keeper(new_shop)


def typed(person, shop, path, *, rate="1000", **more):
    """A new document for a person, as the browser would send it."""
    client = shop.client("Claire Dumas", "person", natural_person=True, taxable=False)
    row = line(1, "Rénovation d’une salle de bains", "5 000", vat=f"FR|S|{rate}||")
    return person.http.post(path, data=fields(person.get(path).text) | {"client_id": str(client)} | row | more)


def test_only_a_builder_is_asked(new_shop, keeper, builder):
    assert TICK in builder.get("/devis/nouveau").text
    new_shop.do(companies.configure, configuration=Configuration())
    assert TICK not in builder.get("/devis/nouveau").text


def test_the_client_certifies_on_the_quote_and_on_what_is_drawn_from_it(app, settings, new_shop, builder, see, render):
    quote_id = id_in(typed(builder, new_shop, "/devis/nouveau", dwelling="1").location)
    assert "checked" in re.search(rf"<input[^>]*{TICK}[^>]*>", builder.get(f"/devis/{quote_id}/modifier").text)[0]
    new_shop.do(quotes.send_quote, quote_id=quote_id, sent_on=new_shop.today, base_version=1)
    sent = see(streams.load, Quote, quote_id).sent
    assert [mention.code for mention in sent.mentions].count("RENOVATION") == 1
    render(new_shop, quote_id)
    asked = Visitor(app).get(link(new_shop, settings, quote_id)).text
    assert CERTIFIED in asked.split('id="t-conditions"')[0]  # on the paper
    assert CERTIFIED in asked.split('id="t-conditions"')[1]  # in what the client accepts
    new_shop.do(quotes.accept_quote, quote_id=quote_id, accepted_on=new_shop.today)
    deposit = uuid4()
    new_shop.do(quote_invoicing.invoice_deposit, quote_id=quote_id, invoice_id=deposit, share_bp=3000, label="Acompte")
    issue(builder, deposit)
    issued = see(streams.load, Invoice, deposit).issued
    assert "RENOVATION" in {mention.code for mention in issued.mentions}
    assert CERTIFIED in builder.get(f"/factures/{deposit}").text


def test_nothing_is_certified_that_was_not_said(new_shop, builder):
    page = typed(builder, new_shop, "/devis/nouveau").location
    assert CERTIFIED not in builder.get(page).text


def test_without_a_reduced_rate_there_is_nothing_to_certify_and_the_editor_says_so(new_shop, builder):
    page = typed(builder, new_shop, "/factures/nouvelle", rate="2000", dwelling="1").location
    edited = builder.get(f"{page}/modifier").text
    assert 'href="#dwelling"' in edited
    assert "Travaux dans un logement" in edited
