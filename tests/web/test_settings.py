"""The settings: what the company is and decides; owners and accountants change it, and each change is an entry."""

import pytest

from domain.company import Company
from domain.parties import Card
from projections import streams
from tests.web.conftest import PASSWORD, fields_of

IDENTITY, DOCUMENTS = "/reglages/identite", "/reglages/documents"
GROUP = {
    "group_name": "Groupe Mercier", "group_vat_number": "FR86901234526", "group_street": "1 place de la Gare",
    "group_postcode": "35200", "group_city": "Rennes",
}  # fmt: skip
IBAN, BANNER = "FR1420041010050500013M02606", "L’IBAN de la société a été changé"


def company(app, shop):
    with app.extensions["engine"].read(shop.id) as tx:
        return streams.load(tx, Company, shop.id)


def change(person, action, **typed):
    return person.submit("/reglages", action=action, **typed)


def test_an_unchanged_form_records_nothing(app, new_shop, keeper):
    person = keeper(new_shop)
    for action in (IDENTITY, DOCUMENTS):
        assert change(person, action).status_code == 303
    assert company(app, new_shop).version == 2


def test_the_identity_is_changed_with_numbers_as_a_person_writes_them(app, new_shop, keeper):
    answer = change(
        keeper(new_shop), IDENTITY, name="Atelier Mercier et Fille", siret="732 829 320 00074",
        iban="fr76 3000 6000 0112 3456 7890 189", capital="20 000", current=PASSWORD,
    )  # fmt: skip
    assert answer.status_code == 303
    identity = company(app, new_shop).identity
    assert (identity.name, identity.capital_cents) == ("Atelier Mercier et Fille", 2_000_000)
    assert identity.iban == "FR7630006000011234567890189"


def test_another_iban_asks_for_the_password_and_is_told_to_owners_and_members(
    app, new_shop, keeper, person, posted, connect
):
    owner, accountant, reader = keeper(new_shop), person((new_shop.id, "accountant")), person((new_shop.id, "reader"))
    accountant.sign_in()
    reader.sign_in()
    asked = change(accountant, IDENTITY, iban=IBAN, name="L’Atelier, d’accord")
    assert (asked.status_code, company(app, new_shop).version) == (422, 2)
    wrong = accountant.http.post(IDENTITY, data=fields_of(asked.text, IDENTITY) | {"current": "faux"})
    assert (wrong.status_code, company(app, new_shop).version) == (422, 2)
    assert BANNER not in reader.get("/factures").text
    done = accountant.http.post(IDENTITY, data=fields_of(wrong.text, IDENTITY) | {"current": PASSWORD})
    assert done.status_code == 303
    identity = company(app, new_shop).identity
    assert (identity.iban, identity.name) == (IBAN, "L’Atelier, d’accord")
    (mail,) = posted(f"{owner.name}@exemple.fr")
    text = mail.get_body(("plain",)).get_content()
    assert accountant.name in text
    assert "finit par 2606" in text
    assert posted(f"{reader.name}@exemple.fr") == []
    for who in (owner, accountant, reader):
        page = who.get("/factures").text
        assert BANNER in page
        assert accountant.name in page
    with connect("postgres") as conn:
        conn.execute("UPDATE accounts.bank_changes SET changed_at = now() - interval '24 hours 1 second'")
    assert BANNER not in reader.get("/factures").text


def test_the_banner_of_an_iban_stays_in_its_company(new_shop, owner, keeper):
    change(keeper(new_shop), IDENTITY, iban=IBAN, current=PASSWORD)
    assert BANNER not in owner.get("/factures").text


def test_a_sole_traders_iban_is_compared_in_clear(new_shop, keeper, posted):
    person = keeper(new_shop)
    change(person, IDENTITY, natural_person="1", iban=IBAN, current=PASSWORD)
    assert change(person, IDENTITY, phone="0299000099").status_code == 303
    assert "Votre mot de passe" in change(person, IDENTITY, iban="").text
    assert len(posted(f"{person.name}@exemple.fr")) == 1


def test_a_sole_traders_identity_is_sealed_and_still_shown(app, new_shop, keeper):
    person = keeper(new_shop)
    assert change(person, IDENTITY, natural_person="1", name="Claire Mercier").status_code == 303
    assert company(app, new_shop).identity.sealed
    assert fields_of(person.get("/reglages").text, IDENTITY)["name"] == "Claire Mercier"
    assert "Claire Mercier" not in person.get("/registre/3").text.split('id="ligne"')[1]


@pytest.mark.parametrize(
    ("typed", "field", "code"),
    [
        ({"siren": "732829321"}, "siren", 409),
        ({"iban": "FR7630006000011234567890188"}, "iban", 409),
        ({"name": ""}, "name", 422),
        ({"email": "chez moi"}, "email", 422),
        ({"capital": "beaucoup"}, "capital", 422),
    ],
)
def test_a_wrong_identity_is_told_at_its_field_and_nothing_typed_is_lost(new_shop, keeper, typed, field, code):
    answer = change(keeper(new_shop), IDENTITY, phone="0299000099", **typed)
    assert answer.status_code == code
    assert f'id="{field}-erreur"' in answer.text
    again = fields_of(answer.text, IDENTITY)
    assert {name: again[name] for name in ("phone", *typed)} == {"phone": "0299000099", **typed}


def test_documents_follow_the_settings(app, new_shop, keeper):
    typed = {"vat_regime": "debit", "terms": "45-1-0", "late_rate": "12,5", "quote_days": "60"}
    typed["number_quote"] = "DEV{yyyy}-###"
    assert change(keeper(new_shop), DOCUMENTS, **typed).status_code == 303
    settings = company(app, new_shop).configuration
    assert (settings.vat_regime, settings.late_rate_bp, settings.quote_days) == ("debit", 1250, 60)
    assert (settings.terms.days, settings.terms.end_of_month) == (45, True)
    assert settings.numbering.quote == "DEV{yyyy}-###"


def test_a_pattern_that_has_numbered_this_year_is_fixed_and_explained(new_shop, keeper):
    new_shop.invoice(new_shop.client("Hôtel du Parc", card={"siren": "552100554"}), issued_on=new_shop.today)
    person = keeper(new_shop)
    assert "A déjà numéroté en" in person.get("/reglages").text
    answer = change(person, DOCUMENTS, number_invoice="X{yyyy}-##")
    assert answer.status_code == 409
    assert "reste jusqu’au 31 décembre" in answer.text


def test_a_pattern_without_a_rank_is_refused(new_shop, keeper):
    answer = change(keeper(new_shop), DOCUMENTS, number_quote="Devis")
    assert answer.status_code == 409
    assert "« Devis » ne peut pas numéroter" in answer.text
    assert fields_of(answer.text, DOCUMENTS)["number_quote"] == "Devis"


@pytest.mark.parametrize(("role", "may"), [("accountant", True), ("collaborator", False), ("inspector", False)])
def test_only_owners_and_accountants_change_them(new_shop, person, role, may):
    somebody = person((new_shop.id, role))
    somebody.sign_in()
    page = somebody.get("/reglages").text
    assert ("Vous pouvez lire ces réglages" in page) is not may
    token = somebody.token("/reglages")
    posted = somebody.http.post(DOCUMENTS, data=fields_of(page, DOCUMENTS) | {"csrf_token": token, "quote_days": "15"})
    assert posted.status_code == (303 if may else 403 if role == "collaborator" else posted.status_code)
    assert (posted.status_code == 303) is may


def test_what_the_law_prints_is_kept_as_it_was_written(app, new_shop, keeper):
    typed = {
        "size": "large", "sector": "building", "insurer": "MAAF, 79000 Niort", "insurance_cover": "France",
        "mediator": "CM2C, Paris", "quote_fee": "45 € TTC",
    }  # fmt: skip
    person = keeper(new_shop)
    assert change(person, DOCUMENTS, **typed).status_code == 303
    settings = company(app, new_shop).configuration
    assert {name: getattr(settings, name) for name in typed} == typed
    again = fields_of(person.get("/reglages").text, DOCUMENTS)
    assert {name: again[name] for name in typed} == typed


def test_a_sole_trader_is_called_one_and_may_say_it_otherwise(app, new_shop, keeper):
    person = keeper(new_shop)
    for typed, kept in (("", "Entrepreneur individuel"), ("EI, RNE de Rennes", "EI, RNE de Rennes")):
        assert change(person, IDENTITY, natural_person="1", legal_form=typed).status_code == 303
        assert fields_of(person.get("/reglages").text, IDENTITY)["legal_form"] == kept


def test_another_register_is_kept(app, new_shop, keeper):
    assert change(keeper(new_shop), IDENTITY, register="RSAC Rennes").status_code == 303
    assert company(app, new_shop).identity.register == "RSAC Rennes"


def test_a_member_of_an_assujetti_unique_says_so_and_its_documents_too(app, new_shop, keeper):
    person = keeper(new_shop)
    client = new_shop.client("Hôtel du Parc", card={"siren": "552100554"})
    before = new_shop.invoice(client, issued_on=new_shop.today)
    assert change(person, IDENTITY, **GROUP | {"group_vat_number": "fr 86 901 234 526"}).status_code == 303
    group = company(app, new_shop).identity.member_of
    assert (group.name, group.vat_number, group.address.city) == ("Groupe Mercier", "FR86901234526", "Rennes")
    again = fields_of(person.get("/reglages").text, IDENTITY)
    assert {name: again[name] for name in GROUP} == GROUP
    after = new_shop.invoice(client, issued_on=new_shop.today)
    told = "Membre d’un assujetti unique : Groupe Mercier"
    assert [told in person.get(f"/factures/{one}").text for one in (before, after)] == [False, True]
    assert change(person, IDENTITY, **dict.fromkeys(GROUP, "")).status_code == 303
    assert company(app, new_shop).identity.member_of == Card()
    assert told in person.get(f"/factures/{after}").text


@pytest.mark.parametrize("field", GROUP)
def test_half_an_assujetti_unique_is_refused_at_its_field_and_nothing_typed_is_lost(app, new_shop, keeper, field):
    typed = GROUP | {field: ""}
    answer = change(keeper(new_shop), IDENTITY, **typed)
    assert answer.status_code == 409
    assert f'id="{field}-erreur"' in answer.text
    assert '<details class="more" id="groupe" open>' in answer.text
    again = fields_of(answer.text, IDENTITY)
    assert {name: again[name] for name in GROUP} == typed
    assert company(app, new_shop).version == 2
