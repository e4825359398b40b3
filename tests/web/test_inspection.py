"""« Contrôle » and the inspector: everything that an inspection asks for in one place, and nothing that writes."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.web.conftest import Person
from tests.web.shop import open_shop
from tests.web.sweep import addresses, crawl, rules
from web import roles
from web.accounts.sign_in import OPEN_TO_ALL

PIECES = (
    "/attestation/", "/archives/", "/clotures/", "/registre/", "/registre/preuve", "/journal-technique/", "/empreintes",
    "/factures", "/reglements", "/clients",
)  # fmt: skip


@pytest.fixture
def invited(shop, owner, app) -> Person:
    """An inspector, invited by the owner on the page."""
    return invite(app, owner, shop.today + timedelta(days=30))


def invite(app, owner, until) -> Person:
    name = f"i-{uuid4().hex[:8]}"
    answer = owner.submit(
        "/controle/", "/controle/acces/", username=name, email=f"{name}@exemple.fr", until_on=until.isoformat()
    )
    assert answer.status_code == 200, answer.text
    password = re.search(r'class="secret">([^<]+)<', answer.text)[1]
    with app.extensions["pool"].connection() as conn:
        user_id = conn.execute("SELECT id FROM accounts.users WHERE username = %s", [name]).fetchone()[0]
    person = Person(app, user_id, name, f"10.{uuid4().int % 256}.{uuid4().int % 256}.7")
    assert person.sign_in(password=password).status_code == 302
    return person


def test_owner_and_inspector_reach_all_that_an_inspection_asks_for(owner, invited):
    for who in (owner, invited):
        page = who.get("/controle/").text
        for place in PIECES:
            assert f'href="{place}' in page, place
            assert who.get(place).status_code == 200, place


def test_the_totals_are_those_of_the_period(owner, shop):
    told = owner.get(f"/controle/?du={shop.today}&au={shop.today}").text
    assert "Règlements nets" in told
    assert "0,00\u00a0€" not in told.partition("Facturé TTC")[2].partition("</dd>")[0]
    none = owner.get("/controle/?du=2001-01-01&au=2001-12-31").text
    assert "0,00\u00a0€" in none.partition("Facturé TTC")[2].partition("</dd>")[0]


def test_an_inspector_writes_nothing_wherever_she_knocks(app, invited, shop, connect):
    token, today = invited.token("/societes/"), shop.today.isoformat()
    head = "SELECT pos, hash FROM ledger.head"
    queue = (
        "SELECT count(*) FROM jobs.procrastinate_jobs WHERE args ->> 'company_id' = %s AND task_name <> 'note_access'"
    )
    before = connect("probant_audit", shop.id).execute(head).fetchone()
    jobs = connect("postgres").execute(queue, (str(shop.id),)).fetchone()
    form = {
        "csrf_token": token, "name": "Nom", "label": "Article", "first": today, "last": today, "where": "Coffre",
        "username": "un-autre", "email": "un@autre.fr", "until_on": today, "copy_reason": "lost", "issued_on": today,
        "base_version": "1", "version": "1", "on": today, "method": "transfer", "amount": "1,00", "kind": "business",
    }  # fmt: skip
    tried = 0
    for rule in rules(app, "POST"):
        if rule.endpoint in OPEN_TO_ALL or roles.need_of(rule.endpoint, "POST") in (roles.SELF, roles.LOOK):
            continue
        for path in addresses(rule, [*shop.ids.values()][:6]):
            answer = invited.http.post(path, data=form | {"command_id": str(uuid4())})
            assert answer.status_code == 403, (path, answer.status_code)
            tried += 1
    assert tried > 40
    assert connect("probant_audit", shop.id).execute(head).fetchone() == before
    assert connect("postgres").execute(queue, (str(shop.id),)).fetchone() == jobs


def test_no_page_offers_an_inspector_an_address_that_refuses_her(invited):
    refused = [path for path, answer in crawl(invited, "/controle/") if answer.status_code == 403]
    assert refused == []


def test_rights_are_entries_and_end(app, settings, web_pool, job_pool, read_tables, keeper, connect):
    shop = open_shop(web_pool, job_pool, settings.secret("commands"))
    owner = keeper(shop)
    inspector = invite(app, owner, shop.today + timedelta(days=3))
    granted = connect("probant_audit", shop.id).execute(
        "SELECT line::json -> 'data' FROM ledger.entry WHERE type = 'security.rights_granted'"
    )
    ((facts,),) = granted.fetchall()
    assert (facts["subject_id"], facts["role"]) == (str(inspector.id), "inspector")
    assert "until_at" in facts
    assert inspector.get("/controle/").status_code == 200
    with app.extensions["pool"].connection() as conn:
        conn.execute(
            "UPDATE accounts.memberships SET from_at = now() - interval '2 days', until_at = now() - interval '1 day'"
            " WHERE user_id = %s", [inspector.id],
        )  # fmt: skip
    assert inspector.get("/controle/").status_code == 303
    again = invite(app, owner, shop.today)
    assert owner.submit("/controle/", f"/controle/acces/{again.id}/fermer").status_code == 303
    assert again.get("/controle/").status_code == 303
    page = owner.get("/journal-technique/?nature=droits").text
    assert "Droits donnés : contrôleur" in page
    assert "Droits retirés" in page


def test_only_the_owner_opens_an_access(shop, person):
    accountant = person((shop.id, "accountant"))
    accountant.sign_in()
    assert "Ouvrir un accès" not in accountant.get("/controle/").text
    answer = accountant.post("/controle/acces/", username="x-y-z", email="x@y.fr", until_on=shop.today.isoformat())
    assert answer.status_code == 403


def test_an_access_of_more_than_a_year_is_refused_at_its_field(owner, shop):
    answer = owner.submit(
        "/controle/", "/controle/acces/", username="trop-long", email="trop@long.fr",
        until_on=(shop.today + timedelta(days=400)).isoformat(),
    )  # fmt: skip
    assert answer.status_code == 422
    assert "Entre aujourd’hui et dans un an" in answer.text
