"""A place of delivery, or a building site, of one document: typed in the editor, shown on its paper, kept with it."""

import html
import io
import re
from uuid import uuid4

import pytest
from msgspec.structs import replace
from pypdf import PdfReader

from domain.company import Configuration
from domain.content import Content
from domain.invoice import Invoice
from domain.parties import Address, Card
from domain.quote import Quote
from ledger.commands import companies, invoices, quotes
from ledger.commands.privacy import ask_erasure
from projections import streams
from tests.web.conftest import PASSWORD
from tests.web.editing import fields, line
from tests.web.issuing import id_in
from tests.web.persons import erase_asked
from tests.web.public import Visitor, link
from tests.web.shop import LINE

NEW = "/factures/nouvelle"
DEPOT = Card(name="Dépôt", address=Address(street="3, quai du Port", postcode="35400", city="Saint-Malo", country="FR"))
SITE = Card(name="Lager", address=Address(street="Weg 1", postcode="89073", city="Ulm", country="DE"))
TYPED = {
    "delivery_name": "Lager", "delivery_street": "Weg 1", "delivery_postcode": "89073", "delivery_city": "Ulm",
    "delivery_country": "DE",
}  # fmt: skip
GROUP = '<details class="more" id="lieu">'


@pytest.fixture
def claire(new_shop, keeper):
    return keeper(new_shop)


@pytest.fixture
def hotel(new_shop):
    return new_shop.client("Hôtel du Parc", card={"siren": "552100554"}, delivery=DEPOT)


def typed(person, client, page=NEW, **more):
    return fields(person.get(page).text) | {"client_id": str(client)} | line(1, "Pose", "100") | more


def saved(person, document_id):
    return fields(person.get(f"/factures/{document_id}/modifier").text)


def test_the_group_is_closed_and_empty_and_what_it_leaves_empty_is_no_place(claire, hotel, see):
    page = claire.get(NEW).text
    assert GROUP in page
    assert "Livrer ailleurs" in page
    invoice = id_in(claire.http.post(NEW, data=typed(claire, hotel)).location)
    assert see(streams.load, Invoice, invoice).content.deliver_to == Card()


def test_a_builder_is_asked_for_the_building_site(new_shop, claire):
    building = Configuration(sector="building", insurer="MAAF, 79000 Niort", insurance_cover="France")
    new_shop.do(companies.configure, configuration=building)
    page = claire.get("/devis/nouveau").text
    assert "Adresse du chantier" in page
    assert "Livrer ailleurs" not in page


def test_what_is_typed_is_saved_shown_open_again_and_taken_away_again(claire, hotel, see):
    invoice = id_in(claire.http.post(NEW, data=typed(claire, hotel, **TYPED)).location)
    assert see(streams.load, Invoice, invoice).content.deliver_to == SITE
    page = claire.get(f"/factures/{invoice}/modifier").text
    assert GROUP not in page
    again = fields(page)
    assert {name: again[name] for name in TYPED} == TYPED
    assert claire.http.post(f"/factures/{invoice}/modifier", data=again | dict.fromkeys(TYPED, "")).status_code == 303
    assert see(streams.load, Invoice, invoice).content.deliver_to == Card()


@pytest.mark.parametrize("part", ["name", "postcode", "extra"])
def test_a_place_without_street_or_city_is_refused_and_stays_typed(claire, hotel, part):
    form = typed(claire, hotel, **{f"delivery_{part}": "35000"})
    answer = claire.http.post(NEW, data=form)
    assert answer.status_code == 422
    assert "Indiquez la rue ou la ville." in answer.text
    assert 'href="#delivery_city">Ville de livraison</a>' in answer.text
    assert GROUP not in answer.text  # open, that the message be seen
    assert fields(answer.text)[f"delivery_{part}"] == "35000"


def test_a_client_s_own_place_is_read_by_the_same_rules(claire):
    answer = claire.submit("/clients/nouveau", action="/clients/nouveau", name="Hôtel", delivery_postcode="35000")
    assert answer.status_code == 422
    assert 'id="delivery_city-erreur"' in answer.text


def test_what_no_document_prints_and_no_country_are_refused_at_their_field(claire, hotel):
    form = typed(claire, hotel, delivery_street="漢字", delivery_city="Ulm", delivery_country="??")
    answer = claire.http.post(NEW, data=form)
    assert answer.status_code == 422
    assert 'id="delivery_street-erreur"' in answer.text
    assert 'id="delivery_country-erreur"' in answer.text


def test_the_hint_tells_where_the_client_has_all_delivered(claire, hotel, new_shop):
    htmx = {"HX-Request": "true"}
    told = claire.http.post("/saisie/invoice/client", data=typed(claire, hotel), headers=htmx).text
    assert "Dépôt, 3, quai du Port, 35400 Saint-Malo" in html.unescape(told)
    assert 'id="lieu-aide" hx-swap-oob="true"' in told
    page = claire.get(f"{NEW}?client={hotel}").text
    assert "Dépôt, 3, quai du Port, 35400 Saint-Malo" in html.unescape(page)
    assert "hx-swap-oob" not in page.split('id="lieu-aide"')[1].split(">")[0]
    elsewhere = claire.http.post("/saisie/invoice/client", data=typed(claire, new_shop.client("Nulle part")))
    assert "s’il en a une" in elsewhere.text


def test_the_preview_prints_the_place_that_is_typed_else_the_client_s(claire, hotel):
    def printed(form):
        answer = claire.http.post("/saisie/invoice/apercu.pdf", data=form)
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)

    mine, usual = printed(typed(claire, hotel, **TYPED)), printed(typed(claire, hotel))
    assert ("Weg 1" in mine, "quai du Port" in mine) == (True, False)
    assert ("Weg 1" in usual, "quai du Port" in usual) == (False, True)


def test_a_conflict_shows_both_places(claire, hotel, new_shop):
    invoice = new_shop.invoice(hotel, "Premier")
    mine = saved(claire, invoice) | TYPED
    theirs = Content(client_id=hotel, lines=(LINE,), deliver_to=DEPOT)
    new_shop.do(invoices.revise_invoice, invoice_id=invoice, content=theirs, base_version=1)
    answer = claire.http.post(f"/factures/{invoice}/modifier", data=mine)
    assert answer.status_code == 409
    told = html.unescape(answer.text)
    assert "Dépôt, 3, quai du Port, 35400 Saint-Malo" in told
    assert "Lager, Weg 1, 89073 Ulm, Allemagne" in told
    same = claire.http.post(f"/factures/{invoice}/modifier", data=mine | dict.fromkeys(TYPED, "") | {"subject": "X"})
    assert "Lieu de livraison" in same.text


def test_two_who_left_the_place_empty_do_not_differ_in_it(claire, hotel, new_shop):
    invoice = new_shop.invoice(hotel, "Premier")
    mine = saved(claire, invoice) | {"subject": "Le mien"}
    theirs = Content(client_id=hotel, subject="Le sien", lines=(LINE,))
    new_shop.do(invoices.revise_invoice, invoice_id=invoice, content=theirs, base_version=1)
    answer = claire.http.post(f"/factures/{invoice}/modifier", data=mine)
    assert "Lieu de livraison" not in answer.text


def test_keystrokes_kept_aside_bring_the_place_back(claire, hotel):
    form = typed(claire, hotel, **TYPED) | {"document_id": str(uuid4()), "base_version": "0"}
    claire.http.post("/saisie/invoice/brouillon", data=form)
    again = fields(claire.get(f"{NEW}?reprise={form['document_id']}").text)
    assert {name: again[name] for name in TYPED} == TYPED


def test_goods_delivered_in_the_union_have_its_reason_before_others(claire, new_shop):
    client = new_shop.client("Lager GmbH", card={"siren": "552100554", "vat_number": "DE136695976"})

    def rank(**place):
        form = typed(claire, client, action="ligne", **place)
        page = claire.http.post("/saisie/invoice/lignes", data=form).text
        return re.findall(r'<option value="FR\|(\w+)\|0', page).index("K")

    assert rank(**TYPED) < rank()


def test_a_copy_keeps_the_place(claire, hotel, new_shop, see):
    invoice, quote = uuid4(), uuid4()
    content = Content(client_id=hotel, lines=(LINE,), deliver_to=SITE)
    new_shop.do(invoices.draft_invoice, invoice_id=invoice, kind="invoice", content=content)
    new_shop.do(quotes.draft_quote, quote_id=quote, content=content)
    copy = claire.submit(f"/factures/{invoice}", action=f"/factures/{invoice}/dupliquer").location
    assert see(streams.load, Invoice, id_in(copy)).content.deliver_to == SITE
    copy = claire.submit(f"/devis/{quote}", action=f"/devis/{quote}/dupliquer").location
    assert see(streams.load, Quote, id_in(copy)).content.deliver_to == SITE
    assert fields(claire.get(f"/recurrences/nouvelle?facture={invoice}").text)["delivery_street"] == "Weg 1"


def test_a_recurrence_has_a_place_too(claire, hotel, new_shop):
    page = "/recurrences/nouvelle"
    made = claire.http.post(page, data=typed(claire, hotel, page, rhythm="1", **TYPED))
    assert made.status_code == 303, made.text
    assert fields(claire.get(f"{made.location}/modifier").text)["delivery_city"] == "Ulm"


def test_the_client_reads_on_her_page_where_her_quote_is_done(app, settings, new_shop, hotel, render):
    quote = uuid4()
    content = Content(client_id=hotel, lines=(LINE,), deliver_to=SITE)
    new_shop.do(quotes.draft_quote, quote_id=quote, content=content)
    new_shop.do(quotes.send_quote, quote_id=quote, sent_on=new_shop.today, base_version=1)
    render(new_shop, quote)
    page = Visitor(app).get(link(new_shop, settings, quote)).text
    assert "Weg 1" in page
    assert "quai du Port" not in page


def test_a_person_reads_the_place_in_her_copy_and_it_goes_with_her(new_shop, claire, connect, workshop):
    zoe = new_shop.client("Zoé Colin", "person", natural_person=True, taxable=False)
    invoice = uuid4()
    content = Content(client_id=zoe, lines=(LINE,), deliver_to=replace(SITE, name="Chez Zoé"))
    new_shop.do(invoices.draft_invoice, invoice_id=invoice, kind="invoice", content=content)
    assert saved(claire, invoice)["delivery_name"] == "Chez Zoé"
    card = f"/clients/{zoe}/donnees-personnelles/"
    assert "Chez Zoé" in claire.submit(card, f"{card}copie", format="json", password=PASSWORD).text
    new_shop.do(ask_erasure, erasure_id=uuid4(), client_id=zoe, subject_id=zoe, ground="asked")
    erase_asked(workshop, connect, new_shop)
    page = claire.get(f"/factures/{invoice}/modifier").text
    assert "Weg 1" not in page
    assert fields(page)["delivery_name"] == ""
