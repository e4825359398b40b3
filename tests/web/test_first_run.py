"""The assistant: a company asked for on a page, opened by the worker, owned by who asked."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from domain.company import Company
from domain.reminder_policy import ReminderPolicy, policy_id
from domain.terms import years_later
from projections import persons, streams
from tests.web.subscribing import asking, new_siren, newcomer, open_one
from web.accounts import store
from web.first_run.opening import mode_of, open_company
from web.subscriptions import rows


@pytest.fixture
def anna(person, web_pool):
    return newcomer(person(), web_pool)


def test_from_an_account_without_a_company_to_books_that_are_open(anna, workshop, web_pool):
    siren = new_siren()
    company_id = open_one(
        anna, workshop, siren=f"{siren[:3]} {siren[3:6]} {siren[6:]}", reminders="automatic", vat_regime="debit",
        terms="45-1-0", number_invoice="VAS{yyyy}-####",
    )  # fmt: skip
    with workshop.read(company_id) as tx:
        company = streams.load(tx, Company, company_id)
        assert streams.load(tx, ReminderPolicy, policy_id(company_id)).policy.automatic
    assert (company.identity.siren, company.identity.name, company.mode) == (siren, "Atelier Vasseur", "live")
    assert company.identity.vat_number == f"FR{(12 + 3 * (int(siren) % 97)) % 97:02}{siren}"
    assert (company.configuration.vat_regime, company.configuration.terms.days) == ("debit", 45)
    assert company.configuration.numbering.invoice == "VAS{yyyy}-####"
    assert [m.role for m in store.memberships(web_pool, anna.id)] == ["owner"]
    assert "Atelier Vasseur" in anna.get("/").text
    assert anna.get("/factures/nouvelle").status_code == 200


def test_a_year_that_does_not_end_in_december_is_said_at_the_start(anna, workshop):
    today = rows.today()
    first, last = today.replace(day=1), years_later(today.replace(day=1), 1) - timedelta(days=1)
    company_id = open_one(anna, workshop, fiscal_first=first.isoformat(), fiscal_last=last.isoformat())
    with workshop.read(company_id) as tx:
        assert streams.load(tx, Company, company_id).fiscal_years == ((first, last),)


def test_a_sole_trader_is_sealed_and_one_without_vat_prints_no_number(anna, workshop):
    company_id = open_one(
        anna, workshop, name="Anna Vasseur EI", legal_form="Entrepreneur individuel", capital="", rcs_city="",
        vat_regime="franchise",
    )  # fmt: skip
    with workshop.read(company_id) as tx:
        company = streams.load(tx, Company, company_id)
        clear = persons.opened(tx, company.identity)
    assert company.natural_person
    assert company.identity.sealed
    assert (clear.name, clear.vat_number) == ("Anna Vasseur EI", "")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"siren": "123456789"}, "Sa clé ne tombe pas juste"),
        ({"siren": ""}, "À remplir"),
        ({"legal_form": ""}, "À remplir"),
        ({"capital": ""}, "il s’imprime sur les documents d’une société"),
        ({"vat_number": "FR00123"}, "n’est pas valable"),
        ({"iban": "FR76"}, "n’est pas valable"),
        ({"number_invoice": ""}, "À remplir"),
        ({"number_credit_note": "F{yyyy}-####"}, "à chacune son format"),
        ({"number_invoice": "F {yyyy}"}, "ne peut pas numéroter"),
        ({"fiscal_first": "2199-01-01"}, "aujourd’hui au plus tard"),
        ({"fiscal_last": "2000-12-31"}, "Aujourd’hui au plus tôt"),
        ({"reminders": "souvent"}, "Choisissez dans la liste"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_the_rest_stays(anna, typed, told):
    answer = anna.submit("/demarrage", **asking(**typed))
    assert answer.status_code in (409, 422)
    assert told in answer.text
    assert "2, rue Hoche" in answer.text


def test_the_same_form_sent_twice_opens_one_company(anna, workshop, web_pool):
    form = anna.form("/demarrage") | asking()
    first, second = (anna.http.post("/demarrage", data=form) for _ in range(2))
    assert first.location == second.location
    company_id = first.location.rpartition("/")[2]
    for _ in range(2):
        open_company(workshop, company_id=company_id)
    assert [m.company_id for m in store.memberships(web_pool, anna.id)] == [UUID(company_id)]


def test_while_the_worker_is_at_it_the_page_waits_and_the_form_leads_there(anna):
    answer = anna.submit("/demarrage", **asking())
    page = anna.get(answer.location).text
    assert "Le registre s’ouvre" in page
    assert "Continuer" not in page
    assert anna.get("/demarrage").location == answer.location


def test_a_siren_that_keeps_its_books_here_is_refused_without_a_word_of_whose(anna, person, workshop, web_pool):
    siren = new_siren()
    open_one(anna, workshop, siren=siren, name="Menuiserie de l’Anse")
    paul = newcomer(person(), web_pool)
    answer = paul.submit("/demarrage", **asking(siren=siren))
    assert answer.status_code == 409
    assert "Demandez à son titulaire de vous y inviter" in answer.text
    for word in ("Menuiserie", anna.name, f"{anna.name}@exemple.fr"):
        assert word not in answer.text
    assert "2, rue Hoche" in answer.text
    assert "Vous n’avez pas d’adhésion" in paul.get("/adhesions").text  # nothing of the refused one is left


def test_a_company_of_somebody_else_that_is_opened_is_none_of_hers(anna, person, web_pool):
    answer = anna.submit("/demarrage", **asking())
    paul = newcomer(person(), web_pool)
    assert paul.get(answer.location).status_code == 404
    token = paul.token("/societes/")
    assert paul.http.post(f"{answer.location}/entrer", data={"csrf_token": token}).status_code == 404


def test_what_the_ledger_refuses_gives_the_siren_free_and_says_why(anna, workshop, connect):
    siren = new_siren()
    answer = anna.submit("/demarrage", **asking(siren=siren))
    company_id = answer.location.rpartition("/")[2]
    connect("postgres").execute(  # as an older program might have let it pass
        "UPDATE accounts.openings SET asked = jsonb_set(asked, '{identity,iban}', '\"FR76\"') WHERE company_id = %s",
        (company_id,),
    )
    open_company(workshop, company_id=company_id)
    page = anna.get(answer.location).text
    assert "n’est pas valable" in page
    assert "Recommencer" in page
    open_one(anna, workshop, siren=siren)


def test_the_second_company_of_a_small_plan_is_refused_with_what_to_do(anna, workshop):
    open_one(anna, workshop)
    answer = anna.submit("/demarrage", **asking())
    assert answer.status_code == 409
    assert "changez d’offre dans « Mes adhésions »" in answer.text


def test_a_bigger_plan_opens_several_companies_under_one_subscription(person, workshop, web_pool):
    anna = newcomer(person(), web_pool, "cabinet")
    names = ("Cabinet Un", "Cabinet Deux")
    for name in names:
        open_one(anna, workshop, name=name)
    page = anna.get("/adhesions").text
    assert all(name in page for name in names)


def test_a_picture_that_is_none_is_told_and_the_step_may_be_left_out(anna, workshop):
    open_one(anna, workshop)
    form = anna.form("/demarrage/logo")
    answer = anna.http.post("/demarrage/logo", data=form)
    assert answer.status_code == 409
    assert "PNG ou JPEG" in answer.text
    assert 'href="/"' in answer.text


@pytest.mark.parametrize(
    ("trainings", "mode"), [([], "live"), ([False], "live"), ([True, False], "live"), ([True, True], "training")]
)
def test_among_the_demos_companies_a_new_one_is_a_training_too(trainings, mode):
    assert mode_of(trainings) == mode


def test_who_was_only_invited_opens_none_when_sign_up_is_closed(app, person, monkeypatch):
    paul = person((uuid4(), "collaborator"))
    paul.sign_in()
    assert paul.get("/demarrage").status_code == 200
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], sign_up="closed"))
    assert paul.get("/demarrage").status_code == 403
    assert paul.post("/demarrage").status_code == 403
