"""Requests for help: the form, the thread, who sees what; announcements; what the end of an account erases."""

import re
from uuid import UUID, uuid4

import pytest
from psycopg.errors import InsufficientPrivilege

from tests.web.support.conftest import ask
from web.accounts import store
from web.support.tasks import forget_tickets


def test_a_request_and_its_answer_are_one_thread(asker, operator):
    path = ask(asker, subject="Mon logo est flou <b>")
    assert "Mon logo est flou &lt;b&gt;" in asker.get("/aide/demandes/").text
    console = path.replace("/aide/", "/operateur/")
    assert "En attente de réponse" in operator.get(console).text
    assert operator.submit(console, body="Envoyez une image plus grande.").status_code == 303
    page = asker.get(path).text
    assert "Envoyez une image plus grande." in page
    assert "Répondue" in page
    assert operator.name not in page
    assert asker.submit(path, body="C’est mieux, merci.").status_code == 303
    page = operator.get(console).text
    assert "C’est mieux, merci." in page
    assert "En attente de réponse" in page
    assert asker.submit(path, f"{path}/clore").status_code == 303
    assert "Close" in asker.get(path).text
    assert "Rouvrir la demande" in asker.get(path).text


def test_a_form_sent_twice_is_one_request_and_one_message(asker, connect):
    form = asker.form("/aide/contact/") | {"subject": "Deux fois", "body": "Une seule demande"}
    answers = [asker.http.post("/aide/contact/", data=form) for _ in range(2)]
    assert len({answer.location for answer in answers}) == 1
    path = answers[0].location
    reply = asker.form(path) | {"body": "Une seule réponse"}
    assert [asker.http.post(path, data=reply).status_code for _ in range(2)] == [303, 303]
    admin = connect("postgres")
    assert admin.execute("SELECT count(*) FROM support.ticket WHERE user_id = %s", [asker.id]).fetchone() == (1,)
    assert asker.get(path).text.count("Une seule réponse") == 1


def test_a_stranger_asks_and_reads_nothing(stranger, asker, connect):
    assert ask(stranger, name="Jeanne Roy", email="jeanne@exemple.fr") == "/aide/contact/"
    page = stranger.get("/aide/contact/").text
    reference = re.search(r"Demande ([0-9A-F]{4}-[0-9A-F]{4}) envoyée", page)[1]
    (ticket_id,) = (
        connect("postgres")
        .execute("SELECT id FROM support.ticket WHERE left(id::text, 8) = %s", [reference.replace("-", "").lower()])
        .fetchone()
    )
    assert stranger.get(f"/aide/demandes/{ticket_id}").status_code == 303  # to the sign-in page
    assert asker.get(f"/aide/demandes/{ticket_id}").status_code == 404
    assert asker.post(f"/aide/demandes/{ticket_id}", body="x").status_code == 404


@pytest.mark.parametrize(("field", "typed"), [
    ("email", "jeanne"), ("email", "jeanne@"), ("email", "a@b.fr\nBcc: c@d.fr"), ("name", ""), ("subject", " "),
    ("body", ""), ("body", "x" * 10_001), ("subject", "x\x00y"),
])  # fmt: skip
def test_what_cannot_be_sent_comes_back_as_typed(stranger, field, typed):
    form = {"name": "Jeanne Roy", "email": "jeanne@exemple.fr", "subject": "Objet", "body": "Message"} | {field: typed}
    answer = stranger.submit("/aide/contact/", **form)
    assert answer.status_code == 422
    assert f'id="{field}-erreur"' in answer.text
    assert "Rien n’est enregistré" in answer.text


def test_who_has_asked_enough_for_an_hour_waits(stranger):
    form = {"name": "J", "email": f"{uuid4().hex}@exemple.fr", "subject": "Encore", "body": "une question"}
    codes = [stranger.submit("/aide/contact/", **form).status_code for _ in range(11)]
    assert codes == [303] * 10 + [429]


def test_only_the_person_and_operators_see_a_request(asker, person, operator):
    path = ask(asker)
    other = person()
    other.sign_in()
    for method in (other.get, lambda path: other.post(path, body="Je lis ?"), lambda path: other.post(f"{path}/clore")):
        assert method(path).status_code == 404
    assert operator.get(path).status_code == 404  # it is in the console for her
    assert "Mon logo est flou" not in other.get("/aide/demandes/").text


def test_the_database_shows_a_person_her_own_requests_whatever_a_page_asks(asker, person, web_pool):
    ticket_id = UUID(ask(asker).rpartition("/")[2])
    other = person()
    with web_pool.connection() as conn, conn.transaction():
        conn.execute("SELECT set_config('probant.person', %s, true)", [str(other.id)])
        assert conn.execute("SELECT count(*) FROM support.ticket").fetchone() == (0,)
        assert conn.execute("SELECT count(*) FROM support.message").fetchone() == (0,)
        assert conn.execute("UPDATE support.ticket SET status = 'closed' WHERE id = %s", [ticket_id]).rowcount == 0
        with pytest.raises(InsufficientPrivilege), conn.transaction():
            conn.execute(
                "INSERT INTO support.message (id, ticket_id, side, author_id, body) VALUES (%s, %s, 'person', %s, 'x')",
                [uuid4(), ticket_id, other.id],
            )
    with web_pool.connection() as conn:
        assert conn.execute("SELECT count(*) FROM support.ticket").fetchone() == (0,)


def test_a_person_does_not_answer_as_the_operator(asker, web_pool):
    ticket_id = UUID(ask(asker).rpartition("/")[2])
    with web_pool.connection() as conn, conn.transaction():
        conn.execute("SELECT set_config('probant.person', %s, true)", [str(asker.id)])
        with pytest.raises(InsufficientPrivilege):
            conn.execute(
                "INSERT INTO support.message (id, ticket_id, side, author_id, body)"
                " VALUES (%s, %s, 'operator', %s, 'x')",
                [uuid4(), ticket_id, asker.id],
            )


def test_an_announcement_is_shown_until_it_is_read_or_over(asker, operator, silence):
    title = f"Interruption {uuid4().hex[:8]}"
    page = operator.get("/operateur/annonces/").text
    until = re.search(r'name="until_on" type="date" value="([^"]+)"', page)[1]
    assert (
        operator.submit("/operateur/annonces/", title=title, body="Dimanche à 8 h.", until_on=until).status_code == 303
    )
    page = asker.get("/aide/demandes/").text
    assert title in page
    action = re.search(
        rf'action="(/annonces/[^"]+/lue)"[^§]*?{title}|{title}[^§]*?action="(/annonces/[^"]+/lue)"', page
    )
    path = next(found for found in action.groups() if found)
    assert asker.post(path, next="/aide/demandes/").location == "/aide/demandes/"
    assert title not in asker.get("/aide/demandes/").text
    assert title in operator.get("/aide/demandes/").text
    announcement_id = path.split("/")[2]
    assert operator.post(f"/operateur/annonces/{announcement_id}/retirer").status_code == 303
    assert title not in operator.get("/aide/demandes/").text


def test_an_announcement_of_yesterday_is_refused(operator):
    answer = operator.submit("/operateur/annonces/", title="Hier", body="x", until_on="2020-01-01")
    assert answer.status_code == 422
    assert "Ce jour est passé" in answer.text


def test_a_person_who_is_forgotten_leaves_no_word(asker, stranger, web_pool, connect):
    path = ask(asker, subject="À oublier")
    ask(stranger, name="La même", email=f"{asker.name}@EXEMPLE.fr".replace("EXEMPLE", "exemple"), subject="Sans compte")
    assert asker.submit("/idees/nouvelle", title=f"Idée de {asker.name}").status_code == 303
    with web_pool.connection() as conn:
        conn.execute("SELECT support.forget(%s)", [asker.id])
    admin = connect("postgres")
    assert asker.get(path).status_code == 404
    assert admin.execute(
        "SELECT count(*) FROM support.ticket WHERE email = %s", [f"{asker.name}@exemple.fr"]
    ).fetchone() == (0,)
    assert admin.execute("SELECT count(*) FROM support.vote WHERE user_id = %s", [asker.id]).fetchone() == (0,)
    assert admin.execute("SELECT user_id FROM support.idea WHERE title = %s", [f"Idée de {asker.name}"]).fetchone() == (
        None,
    )


def test_requests_are_forgotten_three_years_after_their_end(asker, web_pool, job_pool, connect):
    old, young = (UUID(ask(asker).rpartition("/")[2]) for _ in range(2))
    admin = connect("postgres")
    for ticket_id, age in ((old, "3 years 1 day"), (young, "2 years")):
        admin.execute(
            "UPDATE support.ticket SET status = 'closed', changed_at = now() - %s::interval WHERE id = %s",
            [age, ticket_id],
        )
    with job_pool.connection() as conn:
        conn.execute("SELECT support.forget_old()")
    left = admin.execute("SELECT id FROM support.ticket WHERE user_id = %s", [asker.id]).fetchall()
    assert left == [(young,)]


def test_a_request_that_nobody_answered_is_forgotten_too(asker, job_pool, connect):
    ticket_id = UUID(ask(asker).rpartition("/")[2])
    admin = connect("postgres")
    admin.execute("UPDATE support.ticket SET changed_at = now() - interval '3 years 1 day' WHERE id = %s", [ticket_id])
    with job_pool.connection() as conn:
        conn.execute("SELECT support.forget_old()")
    assert admin.execute("SELECT count(*) FROM support.ticket WHERE id = %s", [ticket_id]).fetchone() == (0,)


def test_what_was_answered_closes_after_a_month_of_silence_and_says_so(asker, operator, workshop, posted, connect):
    silent, young = ask(asker, subject="Muette"), ask(asker, subject="Jeune")
    for path in (silent, young):
        operator.submit(path.replace("/aide/", "/operateur/"), body="Voilà.")
    posted(f"{asker.name}@exemple.fr")
    connect("postgres").execute(
        "UPDATE support.ticket SET changed_at = now() - interval '31 days' WHERE id = %s",
        [UUID(silent.rpartition("/")[2])],
    )
    forget_tickets(workshop)
    forget_tickets(workshop)
    assert "Close" in asker.get(silent).text
    assert "Répondue" in asker.get(young).text
    (mail,) = posted(f"{asker.name}@exemple.fr")
    assert "est close" in mail["Subject"]
    assert "il y a 30 jours" in mail.get_body(("plain",)).get_content()


def test_an_operator_erases_what_a_stranger_wrote(stranger, operator, asker, connect):
    email, admin = f"{uuid4().hex}@exemple.fr", connect("postgres")
    for _ in range(2):
        ask(stranger, name="Jeanne Roy", email=email)
    kept = ask(asker)
    mine = "SELECT id FROM support.ticket WHERE email = %s"
    (first, _) = admin.execute(mine, [email]).fetchall()
    path = f"/operateur/demandes/{first[0]}"
    assert operator.submit(path, f"{path}/effacer").status_code == 422  # not sure
    assert asker.post(f"{path}/effacer", sure="1").status_code == 404
    assert operator.submit(path, f"{path}/effacer", sure="1").status_code == 303
    assert admin.execute(mine, [email]).fetchall() == []
    assert admin.execute("SELECT count(*) FROM support.message WHERE sender = %s", [email]).fetchone() == (0,)
    assert asker.get(kept).status_code == 200


def test_a_new_account_has_neither_requests_nor_news(asker):
    page = asker.get("/aide/demandes/").text
    assert "Aucune demande." in page
    assert store.SHORTEST_PASSWORD  # the person of these tests came in by the real form


def test_what_is_not_there_is_not_found_before_anything_is_read(asker, operator):
    nothing = uuid4()
    for path in (f"/aide/demandes/{nothing}", f"/operateur/demandes/{nothing}", f"/operateur/idees/{nothing}"):
        assert operator.get(path).status_code == 404, path
        assert operator.post(path, body="x").status_code == 404, path
    assert operator.post(f"/operateur/demandes/{nothing}/etat", status="x").status_code == 404
    assert operator.post(f"/operateur/annonces/{nothing}/retirer").status_code == 404
    for path in (f"/aide/demandes/{nothing}/clore", f"/idees/{nothing}/voix", f"/annonces/{nothing}/lue"):
        assert asker.post(path).status_code == 404, path
