"""« Contrôle » and the inspector: everything that an inspection asks for in one place, and nothing that writes."""

import re
from datetime import timedelta
from email.message import EmailMessage
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from tests.web.conftest import PASSWORD, Person, fields_of
from tests.web.shop import open_shop
from tests.web.sweep import addresses, crawl, rules
from web import roles
from web.accounts.newcomers import forget_newcomers
from web.accounts.sign_in import OPEN_TO_ALL

ACCESS = "/controle/acces/"
PIECES = (
    "/attestation/", "/archives/", "/clotures/", "/registre/", "/registre/preuve", "/journal-technique/", "/empreintes",
    "/factures", "/reglements", "/clients",
)  # fmt: skip


@pytest.fixture
def invited(shop, owner, app, posted) -> Person:
    """An inspector, invited by the owner on the page."""
    return invite(app, posted, owner, shop.today + timedelta(days=30))


def ask(owner: Person, email: str, until) -> TestResponse:
    return owner.submit(ACCESS, email=email, until_on=until.isoformat(), current=PASSWORD)


def link_of(mail: EmailMessage) -> str:
    return re.search(r"https?://[^/]+(/invitation/[\w-]+)", mail.get_body(("plain",)).get_content())[1]


def invite(app, posted, owner, until) -> Person:
    """She makes her account by the link of her mail, under a name and a password that she alone chose."""
    name = f"i-{uuid4().hex[:8]}"
    answer = ask(owner, f"{name}@exemple.fr", until)
    assert answer.status_code == 303, answer.text
    (mail,) = posted(f"{name}@exemple.fr")
    link, person = link_of(mail), Person(app, uuid4(), name, f"10.{uuid4().int % 256}.{uuid4().int % 256}.7")
    page = person.get(link).text
    terms = re.search(r'name="terms" value="([^"]+)"', page)[1]
    typed = {"username": name, "password": PASSWORD, "password2": PASSWORD, "terms": terms}
    joined = person.http.post(f"{link}/compte", data=fields_of(page, f"{link}/compte") | typed)
    assert joined.status_code == 303, joined.text
    with app.extensions["pool"].connection() as conn:
        person.id = conn.execute("SELECT id FROM accounts.users WHERE username = %s", [name]).fetchone()[0]
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


def test_rights_are_entries_and_end(app, settings, web_pool, job_pool, read_tables, keeper, connect, posted):
    shop = open_shop(web_pool, job_pool, settings.secret("commands"))
    owner = keeper(shop)
    inspector = invite(app, posted, owner, shop.today + timedelta(days=3))
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
    again = invite(app, posted, owner, shop.today)
    assert owner.submit(ACCESS, f"{ACCESS}{again.id}/fermer", current=PASSWORD).status_code == 303
    assert again.get("/controle/").status_code == 303
    page = owner.get("/journal-technique/?nature=droits").text
    assert "Droits donnés : contrôleur" in page
    assert "Droits retirés" in page


def test_only_the_owner_opens_an_access(shop, person):
    accountant = person((shop.id, "accountant"))
    accountant.sign_in()
    assert "Ouvrir un accès" not in accountant.get("/controle/").text
    assert accountant.get(ACCESS).status_code == 403
    assert accountant.post(ACCESS, email="x@y.fr", until_on=shop.today.isoformat()).status_code == 403


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"days": 400}, "Entre aujourd’hui et dans un an"),
        ({"email": "quelqu-un@yopmail.com"}, "jetables"),
        ({"email": "sans arobase"}, "nom@domaine.fr"),
    ],
    ids=["too long", "thrown away", "no address"],
)
def test_what_is_no_access_is_refused_at_its_field(owner, shop, typed, why):
    email, days = typed.get("email", "trop@exemple.fr"), typed.get("days", 3)
    answer = ask(owner, email, shop.today + timedelta(days=days))
    assert answer.status_code == 422
    assert why in answer.text


def test_an_access_is_given_by_who_knows_the_password(owner, shop, posted):
    email, until = f"i-{uuid4().hex[:8]}@exemple.fr", shop.today.isoformat()
    asked = owner.submit(ACCESS, email=email, until_on=until)
    assert (asked.status_code, posted(email)) == (422, [])
    form = fields_of(asked.text, ACCESS)
    wrong = owner.http.post(ACCESS, data=form | {"current": "faux"})
    assert (wrong.status_code, posted(email)) == (422, [])
    assert owner.http.post(ACCESS, data=fields_of(wrong.text, ACCESS) | {"current": PASSWORD}).status_code == 303
    assert len(posted(email)) == 1


def test_nobody_learns_at_the_door_of_inspectors_who_has_an_account_nor_makes_one(owner, shop, person, posted, connect):
    """The owner sees the same page for an address with an account; nothing is made before the mailbox answers."""
    paul, new = person(), f"i-{uuid4().hex[:8]}@exemple.fr"
    answers = [ask(owner, email, shop.today) for email in (f"{paul.name}@exemple.fr", new)]
    assert [(one.status_code, one.location) for one in answers] == [(303, ACCESS)] * 2
    token = link_of(posted(new)[0]).rpartition("/")[2]
    assert token not in owner.get(ACCESS).text
    made = connect("postgres").execute("SELECT count(*) FROM accounts.users WHERE email = %s", (new,)).fetchone()
    assert made == (0,)


def test_an_agent_inspects_two_companies_with_one_account_and_loses_each_on_its_day(
    app, shop, owner, new_shop, keeper, posted, connect, workshop
):
    agent = invite(app, posted, owner, shop.today + timedelta(days=2))
    assert ask(keeper(new_shop), f"{agent.name}@exemple.fr", new_shop.today + timedelta(days=9)).status_code == 303
    link = link_of(posted(f"{agent.name}@exemple.fr")[-1])
    assert agent.submit(link, f"{link}/accepter").status_code == 303
    ends = connect("postgres").execute(
        "SELECT count(until_at) FROM accounts.memberships WHERE user_id = %s AND role = 'inspector'", (agent.id,)
    )
    assert ends.fetchone() == (2,)
    assert agent.get("/factures").status_code == 200
    for days, left in ((1, 1), (40, 0)):
        with connect("postgres") as conn:
            conn.execute(
                "UPDATE accounts.memberships SET from_at = now() - interval '99 days',"
                " until_at = now() - make_interval(days => %s) WHERE user_id = %s", (days, agent.id),
            )  # fmt: skip
        assert agent.get("/factures").status_code == 303
        forget_newcomers(workshop)
        kept = connect("postgres").execute("SELECT count(*) FROM accounts.users WHERE id = %s", (agent.id,))
        assert kept.fetchone() == (left,), days
