"""Clients on screen: what is typed is kept, what is refused says why, what is saved is on the card."""

from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from domain.client import Client
from projections import streams
from tests.web.conftest import fields_of

NEW = "/clients/nouveau"


def typed(**fields):
    return {"name": f"Menuiserie {uuid4().hex[:8]}", "city": "Rennes", "postcode": "35000"} | fields


def card_of(answer):
    assert answer.status_code == 303, answer.text
    return urlsplit(answer.location).path


def saved(app, shop, path):
    with app.extensions["engine"].read(shop.id) as tx:
        return streams.load(tx, Client, path.rsplit("/", 1)[1])


def test_a_business_is_created_with_its_numbers_as_a_person_writes_them(owner):
    fields = typed(siret="732 829 320 00074", vat_number="fr 44 732829320", email="a@b.fr")
    card = owner.get(card_of(owner.submit(NEW, **fields))).text
    for text in (fields["name"], "732829320", "73282932000074", "FR44732829320", "mailto:a@b.fr", "35000 Rennes"):
        assert text in card


def test_a_wrong_key_is_told_at_its_field_and_nothing_typed_is_lost(owner):
    fields = typed(
        siren="732829321", street="2, rue du Puits", **{"contacts.0.name": "Léa", "contacts.0.id": str(uuid4())}
    )
    answer = owner.submit(NEW, **fields)
    assert answer.status_code == 422
    assert "Sa clé ne tombe pas juste : un chiffre est faux, ou deux sont échangés." in answer.text
    assert 'href="#siren"' in answer.text
    again = fields_of(answer.text, NEW)
    assert {name: again[name] for name in fields} == fields


def test_every_unreadable_field_is_told_at_once(owner):
    answer = owner.submit(NEW, name="", email="chez moi", **{"contacts.0.email": "x", "contacts.0.id": str(uuid4())})
    assert answer.status_code == 422
    assert {f'href="#{name}"' in answer.text for name in ("name", "email", "contacts.0.email")} == {True}
    assert "Contact 1, adresse e-mail" in answer.text


def test_the_vat_number_follows_from_the_siren_when_asked(owner):
    form = owner.form(NEW) | typed(siren="732 829 320")
    page = owner.http.post(NEW, data=form | {"action": "tva"})
    assert fields_of(page.text, NEW)["vat_number"] == "FR44732829320"
    piece = owner.http.post("/clients/numero-tva", data=form, headers={"HX-Request": "true"}).text
    assert "FR44732829320" in piece
    assert "<html" not in piece
    foreign = owner.http.post(NEW, data=form | {"action": "tva", "country": "DE"})
    assert fields_of(foreign.text, NEW)["vat_number"] == ""


def test_contacts_come_and_go_without_saving_anything(owner):
    form = owner.form(NEW) | typed()
    one = fields_of(owner.http.post(NEW, data=form | {"action": "contact"}).text, NEW)
    one |= {"contacts.0.name": "Léa Petit", "contacts.0.email": "lea@exemple.fr"}
    two = fields_of(owner.http.post(NEW, data=one | {"action": "contact"}).text, NEW) | {"contacts.1.name": "Max"}
    left = fields_of(owner.http.post(NEW, data=two | {"action": "retirer-0"}).text, NEW)
    assert "contacts.0.name" not in left
    assert left["contacts.1.name"] == "Max"
    assert left["name"] == form["name"]
    assert form["name"] not in owner.get("/clients").text
    card = owner.get(card_of(owner.http.post(NEW, data=two))).text
    assert "Léa Petit" in card
    assert "lea@exemple.fr" in card


def test_a_double_click_makes_one_client(owner, app, shop):
    form = owner.form(NEW) | typed()
    cards = {card_of(owner.http.post(NEW, data=form)) for _ in range(2)}
    assert len(cards) == 1
    assert saved(app, shop, cards.pop()).version == 1


def test_a_client_made_from_the_editor_goes_back_there_chosen(owner):
    page = f"{NEW}?retour=/devis/nouveau%3Freprise%3D1&nom=Atelier+Roux"
    form = owner.form(page, NEW)
    assert form["name"] == "Atelier Roux"
    answer = owner.http.post(NEW, data=form)
    assert answer.location.startswith("/devis/nouveau?reprise=1&client=")


def test_a_client_completed_from_a_document_goes_back_there(owner, shop):
    draft = f"/factures/{shop.invoice(shop.client('Sans rue'), 'Table')}"
    edit = f"{card_of(owner.submit(NEW, **typed()))}/modifier"
    assert f'href="{draft}"' in owner.get(f"{edit}?retour={draft}").text  # « Abandonner » too
    form = owner.form(f"{edit}?retour={draft}", edit)
    assert owner.http.post(edit, data=form | {"name": ""}).status_code == 422
    assert owner.http.post(edit, data=form).location == draft
    assert owner.submit(edit).location == edit.removesuffix("/modifier")


def test_no_other_site_is_returned_to(owner):
    answer = owner.submit(NEW, **typed(retour="https://ailleurs.example/devis"))
    assert answer.location.startswith("/?client=")


@pytest.mark.parametrize(
    ("kind", "sole_trader", "natural"), [("person", "", True), ("business", "1", True), ("business", "", False)]
)
def test_the_card_of_a_natural_person_is_sealed(owner, app, shop, kind, sole_trader, natural):
    client = saved(
        app, shop, card_of(owner.submit(NEW, **typed(kind=kind, sole_trader=sole_trader, siren="732829320")))
    )
    assert client.profile.natural_person == natural
    assert bool(client.profile.card.sealed) == natural


def test_a_person_has_no_company_numbers(owner):
    card = owner.get(card_of(owner.submit(NEW, **typed(kind="person", siren="732829320", vat_number="FR44732829320"))))
    assert "732829320" not in card.text


def test_a_foreign_country_has_no_french_territory(owner, app, shop):
    client = saved(app, shop, card_of(owner.submit(NEW, **typed(country="DE", territory="GP"))))
    assert (client.profile.country, client.profile.territory) == ("DE", "FR")


def test_the_form_gives_back_every_field_that_it_took(owner):
    fields = typed(
        kind="association", street="1, place Hoche", extra="Bât. B", phone="02 99 00 00 01", territory="GP",
        delivery_name="Entrepôt", delivery_city="Cesson", delivery_country="BE", terms="45-1-0", language="en",
        tags="vip, théâtre", prospect="1",
    )  # fmt: skip
    card = card_of(owner.submit(NEW, **fields))
    again = owner.form(f"{card}/modifier")
    assert {name: again[name] for name in fields} == fields
    assert owner.submit(f"{card}/modifier").status_code == 303


def test_a_client_may_be_spared_reminders(owner, app, shop):
    form = owner.form(NEW) | typed()
    assert form.pop("reminders") == "1"
    card = card_of(owner.http.post(NEW, data=form))
    assert not saved(app, shop, card).profile.reminders
    assert "aucune automatique" in owner.get(card).text
    assert "reminders" not in owner.form(f"{card}/modifier")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("siren", "73282932", "Un SIREN a neuf chiffres."),
        ("siret", "73282932000073", "Sa clé ne tombe pas juste"),
        ("vat_number", "FR45732829320", "Sa clé ne tombe pas juste"),
        ("vat_number", "FR4473282932", "VIES ne connaît pas cette forme"),
    ],
)
def test_a_wrong_number_is_told_in_words(owner, field, value, said):
    answer = owner.submit(NEW, **typed(**{field: value}))
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{value}"' in answer.text


def test_the_list_narrows_to_a_tag(new_shop, keeper):
    new_shop.client("Hôtel du Parc", tags=("hôtellerie", "fidèle"))
    new_shop.client("Garage du Port", tags=("fidèle",))
    claire = keeper(new_shop)
    assert "<option>hôtellerie</option>" in claire.get("/clients").text
    found = claire.get("/clients", query_string={"etiquette": "hôtellerie"}).text
    assert "Hôtel du Parc" in found
    assert "Garage du Port" not in found


def test_who_comes_second_sees_what_the_first_saved_and_may_save_over_it(owner, shop, keeper):
    card = card_of(owner.submit(NEW, **typed(city="Rennes")))
    page = f"{card}/modifier"
    mine = owner.form(page) | {"phone": "0299000000"}
    keeper(shop).submit(page, city="Fougères", terms="45-1-0", language="en", prospect="1")
    answer = owner.http.post(page, data=mine)
    assert answer.status_code == 409
    assert "Fougères" in answer.text
    for told in ("<td>45 jours fin de mois</td><td>Celles de la société</td>", "<td>Anglais</td>", "<td>oui</td>"):
        assert told in answer.text  # words, not codes
    assert 'value="0299000000"' in answer.text
    assert owner.http.post(page, data=fields_of(answer.text, page)).status_code == 303
    assert "35000 Rennes" in owner.get(card).text


def test_an_archived_client_leaves_the_list_and_comes_back(owner, new_shop, keeper):
    claire = keeper(new_shop)
    client_id = new_shop.client("Garage du Port")
    card = f"/clients/{client_id}"
    assert "Supprimer ce client" in claire.get(card).text
    claire.submit(card, f"{card}/archiver")
    assert "Garage du Port" not in claire.get("/clients").text
    assert "Garage du Port" in claire.get("/clients?etat=archives").text
    refused = claire.submit(f"{card}/modifier", phone="1")
    assert refused.status_code == 409
    assert "Ce client est archivé" in refused.text
    claire.submit(card, f"{card}/reactiver")
    assert "Garage du Port" in claire.get("/clients").text


def test_the_list_finds_sorts_and_counts(new_shop, keeper):
    claire = keeper(new_shop)
    assert "Aucun client pour l’instant" in claire.get("/clients").text
    for name in ("Zoé Café", "Élan", "Bâti Nord"):
        new_shop.client(name)
    new_shop.client("Futur", prospect=True)
    page = claire.get("/clients").text
    assert [page.index(name) for name in ("Bâti Nord", "Élan", "Futur", "Zoé Café")] == sorted(
        page.index(name) for name in ("Bâti Nord", "Élan", "Futur", "Zoé Café")
    )
    assert 'Actifs<span class="n">4</span>' in page
    assert 'Prospects<span class="n">1</span>' in page
    down = claire.get("/clients?tri=-name").text
    assert down.index("Zoé Café") < down.index("Bâti Nord")
    found = claire.get("/clients?q=cafe+zoe").text
    assert "Zoé Café" in found
    assert "Bâti Nord" not in found
    assert "Aucun client ne répond" in claire.get("/clients?q=introuvable").text
    piece = claire.get("/clients?etat=prospects", headers={"HX-Request": "true"}).text
    assert "Futur" in piece
    assert "<html" not in piece


def test_the_list_has_pages(new_shop, keeper):
    claire = keeper(new_shop)
    for rank in range(51):
        new_shop.client(f"Client {rank:02}")
    assert "Client 50" not in claire.get("/clients").text
    second = claire.get("/clients?page=2").text
    assert "Client 50" in second
    assert "51 à 51 sur 51" in second


def test_the_csv_has_what_the_list_shows(new_shop, keeper):
    new_shop.client("=Hôtel", card={"email": "h@exemple.fr"})
    new_shop.client("Autre")
    answer = keeper(new_shop).get("/clients.csv?q=hotel")
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert answer.headers["Content-Disposition"] == "attachment; filename=clients.csv"
    assert len(lines) == 2
    assert ";'=Hôtel;Entreprise;non;Rennes;France;;h@exemple.fr;;0,00;;oui;non" in lines[1]


def test_the_list_says_who_owes_what(shop, owner):
    page = owner.get("/clients?tri=-outstanding").text
    assert page.index("Hôtel du Parc") < page.index("Tischler GmbH") < page.index("Boulangerie Lefèvre")
    assert "1\u00a0131,20\u00a0€" in page  # 2 131,20 of which 1 000 are paid


def test_the_card_tells_where_the_client_stands(new_shop, keeper):
    shop = new_shop.fill()
    page = keeper(shop).get(f"/clients/{shop['hotel']}").text
    for text in (
        "F2026-0001".replace("2026", str(shop.today.year)),
        "Client créé",
        "Jeanne Roux",
        "compta@parc.example",
    ):
        assert text in page
    assert page.index("Vie du client") < page.index("Client créé")


def test_the_client_of_another_company_does_not_exist_here(new_shop, shop, keeper):
    stranger = keeper(new_shop)
    for path in (f"/clients/{shop['hotel']}", f"/clients/{shop['hotel']}/modifier"):
        answer = stranger.get(path)
        assert answer.status_code == 404
        assert "Parc" not in answer.text
    own = new_shop.client("À moi")
    form = stranger.form(f"/clients/{own}", f"/clients/{own}/archiver")
    assert stranger.http.post(f"/clients/{shop['hotel']}/archiver", data=form).status_code == 404


def test_an_inspector_reads_and_never_writes(person, shop):
    inspector = person((shop.id, "inspector"))
    inspector.sign_in()
    assert inspector.get(NEW).status_code == 403
    assert inspector.post(NEW, **typed()).status_code == 403
    assert inspector.get("/clients").status_code == 200
