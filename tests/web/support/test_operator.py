"""The console: nothing for anybody but operators; requests, companies without their books, the health of the house."""

import re
from uuid import uuid4

import pytest
from psycopg.errors import InsufficientPrivilege

from tests.web.support.conftest import ask
from tests.web.sweep import addresses, rules, said_by
from web.demo.support import talk
from web.operator.cli import appoint

CONSOLE = (
    "/operateur/demandes/",
    "/operateur/societes/",
    "/operateur/sante/",
    "/operateur/annonces/",
    "/operateur/idees/",
    "/operateur/registres/",
)


@pytest.mark.parametrize("role", ["owner", "accountant", "inspector", None])
def test_there_is_no_console_for_anybody_else(app, person, shop, role):
    somebody = person((shop.id, role)) if role else person()
    somebody.sign_in()
    token = somebody.token("/societes/")
    tried = 0
    for method in ("GET", "POST"):
        for rule in rules(app, method):
            if rule.endpoint.startswith("operator."):
                for path in addresses(rule, [shop.id]):
                    send = (
                        somebody.http.get(path)
                        if method == "GET"
                        else somebody.http.post(path, data={"csrf_token": token})
                    )
                    assert send.status_code == 404, (method, path)
                    tried += 1
    assert tried > 12
    assert "/operateur" not in somebody.get("/societes/").text


def test_a_stranger_is_sent_to_the_door(stranger):
    assert stranger.get("/operateur/").location.startswith("/connexion")


def test_an_operator_has_the_console_and_no_books(operator, shop):
    assert operator.get("/operateur/").location == "/operateur/demandes/"
    for path in CONSOLE:
        assert operator.get(path).status_code == 200, path
    assert 'href="/operateur/"' in operator.get("/societes/").text
    assert operator.get("/factures").location == "/societes/"
    assert operator.post("/societes/ouvrir", company_id=str(shop.id)).status_code == 404


def test_what_waits_longest_comes_first_and_answers_close(operator, asker, person):
    other = person()
    other.sign_in()
    word = uuid4().hex[:10]
    first, second = ask(asker, subject=f"Premier {word}"), ask(other, subject=f"Second {word}")
    page = operator.get("/operateur/demandes/", query_string={"q": word}).text
    assert page.index(f"Premier {word}") < page.index(f"Second {word}")
    console = first.replace("/aide/", "/operateur/")
    operator.submit(console, body="Voilà.", close="1")
    assert "Close" in asker.get(first).text
    page = operator.get("/operateur/demandes/", query_string={"q": word, "etat": "open"}).text
    assert f"Premier {word}" not in page
    assert f"Second {word}" in page
    operator.submit(
        second.replace("/aide/", "/operateur/"), f"{second.replace('/aide/', '/operateur/')}/etat", status="answered"
    )
    assert "Répondue" in other.get(second).text


def test_an_empty_answer_is_not_sent(operator, asker, posted):
    path = ask(asker).replace("/aide/", "/operateur/")
    posted(f"{asker.name}@exemple.fr")
    assert operator.submit(path, body=" ").status_code == 422
    assert posted(f"{asker.name}@exemple.fr") == []


def test_every_operator_is_told_that_a_request_waits(operator, asker, posted):
    ask(asker, subject="Dites-le", body="à tous")
    (mail,) = posted(f"{operator.name}@exemple.fr")
    text = mail.get_body(("plain",)).get_content()
    assert "Dites-le" in mail["Subject"]
    assert "à tous" in text
    assert "/operateur/demandes/" in text


def test_companies_are_seen_from_outside_only(operator, shop, connect, caplog):
    head = connect("probant_audit", shop.id).execute("SELECT pos FROM ledger.head").fetchone()
    page = operator.get("/operateur/societes/", query_string={"q": str(shop.id)[:13]})
    assert page.status_code == 200
    row = re.search(r"<tbody>(.*?)</tbody>", page.text, re.DOTALL)[1]
    assert "Atelier Mercier" in row
    assert re.sub(r"\D", "", re.search(r'class="amount">([^<]+)<', row)[1]) == str(head[0])
    assert said_by(page).count(str(shop["hotel"])) == 0
    assert connect("probant_audit", shop.id).execute("SELECT pos FROM ledger.head").fetchone() == head


def test_the_console_of_companies_finds_by_name_and_siren(operator, shop):
    assert "Atelier Mercier" in operator.get("/operateur/societes/?q=atelier mercier").text
    assert "Aucune société ici" in operator.get("/operateur/societes/?q=personne ne s’appelle ainsi").text


def test_what_an_operator_does_is_in_the_log(operator, asker, caplog):
    path = ask(asker).replace("/aide/", "/operateur/")
    operator.submit(path, body="Voilà.")
    assert f"operator user:{operator.id}: POST {path}" in caplog.text
    assert "Voilà" not in caplog.text


def test_the_health_page_says_what_waits_and_what_failed(operator, connect, job_pool, shop):
    admin = connect("postgres")
    admin.execute(
        "INSERT INTO jobs.procrastinate_jobs (queue_name, task_name, status, args, attempts)"
        " VALUES ('trial_task', 'trial_task', 'failed',"
        " jsonb_build_object('company_id', %s::text, 'x_id', 'secret-id'), 12)",
        [str(shop.id)],
    )
    admin.execute("INSERT INTO jobs.procrastinate_workers DEFAULT VALUES")
    page = operator.get("/operateur/sante/").text
    assert "trial_task" in page
    assert "secret-id" not in page
    assert "Abandonnée" in page
    assert "vivant" in page
    assert "0.1.0" in page
    admin.execute("DELETE FROM jobs.procrastinate_jobs WHERE task_name = 'trial_task'")
    admin.execute("DELETE FROM jobs.procrastinate_workers")


def test_a_service_without_workers_or_mail_says_so(operator, connect):
    connect("postgres").execute("DELETE FROM jobs.procrastinate_workers")
    page = operator.get("/operateur/sante/").text
    assert "Aucun ouvrier ne travaille." in page
    assert "PROBANT_SMTP_HOST" in page


def test_the_database_tells_an_operator_only(asker, operator, web_pool):
    for person, sees in ((asker, False), (operator, True)):
        with web_pool.connection() as conn, conn.transaction():
            conn.execute("SELECT set_config('probant.person', %s, true)", [str(person.id)])
            assert (conn.execute("SELECT count(*) FROM support.companies()").fetchone()[0] > 0) is sees
    with web_pool.connection() as conn, pytest.raises(InsufficientPrivilege):
        conn.execute("UPDATE accounts.users SET operator = true WHERE id = %s", [asker.id])


def test_an_operator_is_appointed_by_the_command_line_only(person, job_pool):
    somebody = person()
    somebody.sign_in()
    assert somebody.get("/operateur/sante/").status_code == 404
    with job_pool.connection() as conn:
        assert appoint(conn, somebody.name.upper(), operator=True) == somebody.name
        assert somebody.get("/operateur/sante/").status_code == 200
        assert appoint(conn, f"{somebody.name}@exemple.fr", operator=False) == somebody.name
        assert somebody.get("/operateur/sante/").status_code == 404
        assert appoint(conn, "personne-ici", operator=True) is None


def test_the_demo_shows_requests_ideas_and_the_console(person, web_pool, job_pool, shop, silence):
    somebody = person()
    talk(web_pool, job_pool, somebody.id, somebody.name, shop.id)
    somebody.sign_in()
    told = somebody.get("/aide/demandes/").text
    assert "Répondue" in told
    assert "En attente de réponse" in told
    assert "Bienvenue dans la démonstration" in told
    assert "Prévu : CAMT.053" in somebody.get("/idees/").text
    assert somebody.get("/operateur/sante/").status_code == 200
