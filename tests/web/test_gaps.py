"""What a draft lacks is listed beside the button that issues it, each with a link to a field that is really there."""

import html
import re
from uuid import uuid4

import pytest
from msgspec.structs import replace

from domain.client import Profile
from domain.company import Configuration
from domain.content import Content
from domain.mentions import RULES
from domain.parties import Address, Card
from ledger.commands import clients, companies, invoices
from tests.web.editing import fields, line
from tests.web.shop import MERCIER
from web import forms
from web.labels import FIELDS

HTMX = {"HX-Request": "true"}


def totals(person, form, kind="invoice"):
    headers = HTMX | {"HX-Current-URL": f"http://localhost/{'devis' if kind == 'quote' else 'factures'}/nouveau"}
    return person.http.post(f"/saisie/{kind}/totaux", data=form, headers=headers).text


def begun(person, client_id, *lines):
    form = fields(person.get(f"/factures/nouvelle?client={client_id}").text)
    for some in lines:
        form |= some
    return form


def links(page):
    """Every link of the list of what is missing, and of what is advised."""
    listed = "".join(re.findall(r'<ul class="missing.*?</ul>|Conseillé.*?</p>', page, re.DOTALL))
    return [html.unescape(found) for found in re.findall(r'href="([^"]+)"', listed)]


def test_each_link_leads_to_a_field_and_back(new_shop, keeper):
    bare = replace(MERCIER, name="Mercier", siren="", vat_number="", legal_form="", address=Address())
    new_shop.do(companies.change_identity, identity=bare, natural_person=False)
    new_shop.do(companies.configure, configuration=Configuration(sector="building"))
    nobody, card = uuid4(), Card(name="Tischler GmbH", address=Address(country="DE"))
    profile = Profile(kind="business", country="DE", card=card)
    new_shop.do(clients.create_client, client_id=nobody, profile=profile)
    person = keeper(new_shop)
    form = begun(person, nobody, line(1, "", "10"))
    asked = links(totals(person, form))
    anchors = {link.split("#")[1] for link in asked}
    assert anchors == {
        "siren", "street", "postcode", "city", "legal_form", "vat_number", "insurer", "insurance_cover",
        "lines.1.label", "email",
    }  # fmt: skip
    for link in asked:
        path, anchor = link.split("#")
        page = person.get(path).text if path else person.get("/factures/nouvelle").text
        assert f'id="{anchor}"' in page
        assert not path or 'name="retour" value="/factures/nouveau"' in page


def test_the_settings_lead_back_to_the_draft_and_to_no_other_site(new_shop, keeper):
    person = keeper(new_shop)
    for told, path in (("/factures/nouvelle", "/factures/nouvelle"), ("https://example.org/", "/")):
        answer = person.submit(f"/reglages?retour={told}", action="/reglages/documents", retour=told)
        assert answer.headers["Location"] == path


def test_every_field_that_a_rule_asks_of_the_seller_or_buyer_is_on_its_page(new_shop, keeper):
    person = keeper(new_shop)
    client = new_shop.client("Hôtel")
    pages = {"seller": person.get("/reglages").text, "buyer": person.get(f"/clients/{client}/modifier").text}
    for name in asked_fields():
        owner, part = name.split(".")
        assert f'id="{part}"' in pages[owner], name
        assert part in FIELDS, name


def asked_fields():
    return [rule.code for rule in RULES if rule.code.startswith(("seller.", "buyer."))]


def test_a_quote_lists_its_links_too(new_shop, keeper):
    new_shop.do(companies.change_identity, identity=replace(MERCIER, capital_cents=0), natural_person=False)
    quote = new_shop.quote(new_shop.client("Hôtel", card={"siren": "552100554"}), "Terrasse")
    for page in (f"/devis/{quote}", f"/devis/{quote}/envoyer"):
        asked = links(keeper(new_shop).get(page).text)
        assert asked == [f"/reglages?retour={page}#capital"]


def test_the_page_that_issues_refuses_with_the_same_list(new_shop, keeper):
    new_shop.do(companies.change_identity, identity=replace(MERCIER, rcs_city=""), natural_person=False)
    client, invoice, person = new_shop.client("Hôtel", card={"siren": "552100554"}), uuid4(), keeper(new_shop)
    new_shop.do(invoices.draft_invoice, invoice_id=invoice, kind="invoice", content=Content(client_id=client, lines=()))
    page = person.get(f"/factures/{invoice}/emettre").text
    assert {link.split("#")[1] for link in links(page)} == {"rcs_city", "lines.1.label"}
    answer = person.submit(f"/factures/{invoice}/emettre", action=f"/factures/{invoice}/emettre")
    assert answer.status_code == 409
    assert "Ville du RCS de votre société" in answer.text


def test_a_delay_beyond_the_legal_cap_is_said_beside_the_terms(new_shop, keeper):
    person, client = keeper(new_shop), new_shop.client("Hôtel", card={"siren": "552100554"})
    form = begun(person, client, line(1, "Pose", "100"))
    late, good = (totals(person, form | {"terms": key}) for key in ("90-0-0", "45-1-0"))
    assert ("Plafond légal dépassé" in late, "Plafond légal dépassé" in good) == (True, False)
    assert "il manque" not in late


@pytest.mark.parametrize("name", ["山田 Taro", "Fleurs 🌷", "a\u200bb字"])
def test_a_name_that_no_document_prints_is_refused_at_its_field(new_shop, keeper, name):
    person = keeper(new_shop)
    for page, action, field in (
        ("/clients/nouveau", "/clients/nouveau", "name"),
        ("/clients/nouveau", "/clients/nouveau", "delivery_name"),
        ("/reglages", "/reglages/identite", "name"),
        ("/reglages", "/reglages/documents", "mediator"),
        ("/catalogue/nouveau", "/catalogue/nouveau", "label"),
    ):
        answer = person.submit(page, action=action, **{"name": "Hôtel", field: name})
        assert answer.status_code == 422, page
        assert f'id="{field}-erreur"' in answer.text
        assert "Aucun document ne peut imprimer" in answer.text


def test_a_subject_and_a_line_that_no_document_prints_are_refused_in_the_editor(new_shop, keeper):
    person, client = keeper(new_shop), new_shop.client("Hôtel", card={"siren": "552100554"})
    form = begun(person, client, line(1, "Pose 🪚", "100"), {"subject": "漢字"})
    answer = person.http.post("/factures/nouvelle", data=form)
    assert answer.status_code == 422
    assert answer.text.count("Aucun document ne peut imprimer") >= 2


def test_greek_polish_and_breton_names_are_printed():
    name = "Łukasz Żółć, Ναυτιλία, Penn-ar-Bedoù c’hoar"
    assert forms.text(name) == name
