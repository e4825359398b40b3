import re
import unicodedata
from uuid import uuid4

import psycopg
import pytest

from web.accounts import limits, store, tries

PASSWORD = "un mot de passe assez long"
UNKNOWN = "Nom ou mot de passe inconnu"


@pytest.mark.parametrize("write", [str, str.upper, "{}@exemple.fr".format, "  {}@EXEMPLE.fr ".format])
def test_a_person_comes_in_by_name_or_address_in_any_case(person, write):
    claire = person((uuid4(), "owner"))
    assert claire.sign_in(write(claire.name)).status_code == 302
    assert "Titulaire" in claire.get("/societes/").text


def test_a_password_with_accents_is_the_same_however_it_was_typed(person, web_pool):
    claire = person()
    store.create_user(web_pool, f"{claire.name}2", f"{claire.name}2@exemple.fr", "mot de passe accentue\u0301")
    assert claire.sign_in(f"{claire.name}2", "mot de passe accentué").status_code == 302


OPEN = ("static", "security.login", "health.show", "installation.show", "account.email.show_", "account.email.revert_")
BY_LINK = ("public", "fingerprints", "invitations", "stopping")  # each asks for a token, or for a fingerprint
DOOR = ("plans", "sign_up", "confirming", "reset", "second", "legal", "help", "contact", "news")  # before an account


def test_a_stranger_sees_no_page_but_sign_in_and_health(person, app):
    stranger = person()
    for rule in app.url_map.iter_rules():
        family = rule.endpoint.partition(".")[0]
        if "GET" in rule.methods and rule.endpoint not in OPEN and family not in (*BY_LINK, *DOOR):
            answer = stranger.get(rule.rule.replace("<uuid:", "").replace(">", ""))
            assert answer.status_code == 303, rule
            assert answer.location.startswith("/connexion"), rule
    assert stranger.get("/sante").json == {"status": "ok"}


def test_after_sign_in_a_person_is_where_she_wanted_to_go_and_never_elsewhere(person):
    claire = person((uuid4(), "owner"))
    assert claire.get("/societes/?q=a").location == "/connexion?next=/societes/?q%3Da"
    assert claire.sign_in(next="/societes/?q=a").location == "/societes/?q=a"
    paul = person()
    assert "ailleurs.test" not in (paul.sign_in(next="https://ailleurs.test/").location or "")


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(person):
    claire = person()
    token = claire.token()

    def answer(email, password):
        data = {"csrf_token": token, "email": email, "password": password}
        page = claire.http.post("/connexion", data=data)
        told = re.sub(r"[\w-]{20,}\.[\w-]{6}\.[\w-]+", "", page.text)  # tokens against forgery: another one each second
        return page.status_code, told.replace(f'value="{email}"', "")

    wrong_password = answer(claire.name, "faux mot de passe")
    assert UNKNOWN in wrong_password[1]
    assert answer("personne-de-ce-nom", "faux mot de passe") == wrong_password
    assert answer("personne@exemple.fr", PASSWORD) == wrong_password


def test_the_sixth_try_on_an_account_is_refused_wherever_it_comes_from(person):
    claire, *others = (person() for _ in range(6))
    for other in others:
        assert UNKNOWN in other.sign_in(claire.name, "faux mot de passe").text
    answer = claire.sign_in()
    assert answer.status_code == 429
    assert "le prochain est possible dans" in answer.text
    assert 0 < int(answer.headers["Retry-After"]) <= tries.FIRST


def test_whatever_name_is_typed_it_is_the_same_account(person, web_pool):
    name = f"Zoé-{uuid4().hex[:8]}"
    store.create_user(web_pool, name, f"{name}@exemple.fr", PASSWORD)
    mail = f"{name}@exemple.fr"
    written = [name, name.upper(), mail, f" {mail.upper()} ", unicodedata.normalize("NFD", name)]
    assert [person().sign_in(one, "faux").status_code for one in written] == [200] * tries.FREE
    assert person().sign_in(unicodedata.normalize("NFD", mail)).status_code == 429


class TestPatience:
    @pytest.fixture
    def wait(self, connect):
        """`wait(person)`: the time that her account asks for is over; how long that was, in seconds."""

        def over(who) -> int:
            key = f"password:{who.id}"
            with connect("postgres") as conn:
                (left,) = conn.execute(
                    "SELECT round(extract(epoch FROM next_at - until + interval '1 day')) FROM accounts.tries"
                    " WHERE key = %s", (key,),
                ).fetchone()  # fmt: skip
                conn.execute("UPDATE accounts.tries SET next_at = now() WHERE key = %s", (key,))
            return int(left)

        return over

    def guess(self, person, claire, times: int, wait) -> list[int]:
        waits = []
        for _ in range(times):
            assert person().sign_in(claire.name, "faux mot de passe").status_code == 200
            waits.append(wait(claire))
        return waits

    def test_each_wrong_one_waits_longer_and_none_for_long(self, person, wait):
        assert self.guess(person, person(), 10, wait) == [0, 0, 0, 0, 30, 60, 120, 240, 300, 300]

    def test_who_waited_comes_in_and_begins_anew(self, person, wait):
        claire = person()
        self.guess(person, claire, 7, wait)
        assert claire.sign_in().status_code == 302
        assert self.guess(person, claire, 4, wait) == [0] * 4

    def test_a_try_that_came_too_soon_makes_nobody_wait_longer(self, person, wait):
        claire = person()
        self.guess(person, claire, 4, wait)
        answers = [person().sign_in(claire.name, "faux").status_code for _ in range(4)]
        assert answers == [200, 429, 429, 429]
        assert wait(claire) == tries.FIRST

    def test_a_link_to_a_new_password_waits_for_nothing(self, person, wait, posted):
        claire, new = person(), "une autre phrase assez longue"
        self.guess(person, claire, 8, wait)
        assert person().sign_in(claire.name, "faux").status_code == 200
        assert person().sign_in(claire.name).status_code == 429
        claire.submit("/mot-de-passe/oublie", email=claire.name)
        mail = posted(f"{claire.name}@exemple.fr")[-1].get_body(("plain",)).get_content()
        link = re.search(r"https?://[^/]+(/mot-de-passe/\S+)", mail)[1]
        claire.submit(link, password=new, password2=new)
        assert claire.sign_in(password=new).status_code == 302

    def test_ten_wrong_ones_in_a_row_are_told_once(self, person, wait, posted):
        claire = person()
        self.guess(person, claire, 10, wait)
        assert posted(f"{claire.name}@exemple.fr") == []
        self.guess(person, claire, 3, wait)
        (mail,) = posted(f"{claire.name}@exemple.fr")
        assert "mots de passe faux" in mail["Subject"]

    def test_nobody_at_all_waits_too(self, person):
        name = f"personne-{uuid4().hex}"
        assert [person().sign_in(name, "faux").status_code for _ in range(6)] == [200] * 5 + [429]


def test_the_sixth_try_from_a_network_is_refused_whatever_the_account(person):
    thief = person()
    assert [thief.sign_in(f"u-{uuid4().hex}").status_code for _ in range(6)] == [200] * 5 + [429]


def test_neighbours_of_an_ipv6_subscriber_count_as_one(app):
    def key(address):
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            return limits.network()

    assert key("2001:db8:1:2::1") == key("2001:db8:1:2:ffff::9") != key("2001:db8:1:3::1")


def test_passwords_are_kept_as_argon2id(person, connect):
    claire = person()
    kept = connect("postgres").execute("SELECT password FROM accounts.users WHERE id = %s", (claire.id,)).fetchone()[0]
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_the_reference_of_a_session_is_not_in_the_database(claire, connect):
    with claire.http.session_transaction() as session:
        ref = session["ref"]
    kept = connect("postgres").execute("SELECT ref FROM accounts.sessions WHERE user_id = %s", (claire.id,)).fetchone()
    assert ref.encode() not in kept[0]


@pytest.mark.parametrize(
    "end",
    [
        "DELETE FROM accounts.sessions WHERE user_id = %s",
        "UPDATE accounts.sessions SET seen_at = now() - interval '8 hours 1 second' WHERE user_id = %s",
        "UPDATE accounts.sessions SET opened_at = now() - interval '30 days 1 second' WHERE user_id = %s",
        "UPDATE accounts.users SET active = false WHERE id = %s",
        "UPDATE accounts.users SET fs_uniquifier = 'other' WHERE id = %s",
    ],
)
def test_a_session_that_was_ended_here_is_dead_in_the_browser(claire, connect, end):
    assert claire.get("/societes/").status_code == 200
    with connect("postgres") as conn:
        conn.execute(end, (claire.id,))
    assert claire.get("/societes/").location == "/connexion?next=/societes/"


def test_signing_out_kills_the_session_even_for_a_copied_cookie(claire):
    copy = claire.http.get_cookie("probant").value
    assert claire.get("/deconnexion").status_code == 405
    assert claire.post("/deconnexion").location == "/connexion"
    claire.http.set_cookie("probant", copy)
    assert claire.get("/societes/").status_code == 303


def test_a_person_opens_only_companies_that_she_is_a_member_of(person):
    mine, other, foreign = uuid4(), uuid4(), uuid4()
    claire = person((mine, "owner"), (other, "accountant"))
    claire.sign_in()
    assert claire.post("/societes/ouvrir", company_id=str(foreign)).status_code == 404
    assert claire.post("/societes/ouvrir", company_id="pas un identifiant").status_code == 422
    assert claire.post("/societes/ouvrir", company_id=str(other)).status_code == 303
    page = claire.get("/societes/").text
    assert page.index(str(other)) > 0
    assert f'name="company_id" value="{mine}"' in page
    assert f'name="company_id" value="{other}"' not in page  # it is the one that is open


def test_a_membership_that_has_ended_closes_its_company_at_once(person, connect):
    company = uuid4()
    claire = person((company, "accountant"))
    claire.sign_in()
    with connect("postgres") as conn:
        conn.execute("UPDATE accounts.memberships SET from_at = now() - interval '2 days', until_at = now()")
    assert "Aucune société ne vous est ouverte" in claire.get("/societes/").text


@pytest.mark.parametrize(
    ("username", "email", "password", "error"),
    [
        ("a@b", "a@exemple.fr", PASSWORD, psycopg.errors.CheckViolation),  # it would look like an address
        ("ab", "a@exemple.fr", PASSWORD, psycopg.errors.CheckViolation),
        ("abcd", "sans arobase", PASSWORD, psycopg.errors.CheckViolation),
        ("abcd", "a@exemple.fr", "court", ValueError),
    ],
)
def test_a_user_that_could_not_sign_in_is_not_made(web_pool, username, email, password, error):
    with pytest.raises(error):
        store.create_user(web_pool, username, email, password)


def test_two_users_never_share_a_name_or_an_address_whatever_the_case(person, web_pool):
    claire = person()
    with pytest.raises(psycopg.errors.UniqueViolation):
        store.create_user(web_pool, claire.name.upper(), "autre@exemple.fr", PASSWORD)
    with pytest.raises(psycopg.errors.UniqueViolation):
        store.create_user(web_pool, "autre-nom", f"{claire.name}@EXEMPLE.fr", PASSWORD)


def test_autosaved_work_of_a_company_is_invisible_to_the_others(person, connect):
    mine, other, claire = uuid4(), uuid4(), person()
    with connect("probant_web", mine) as conn:
        conn.execute(
            "INSERT INTO scratch.drafts (company_id, document_id, user_id, content, base_version)"
            " VALUES (%s, %s, %s, '{}', 1)",
            (mine, uuid4(), claire.id),
        )
        assert conn.execute("SELECT count(*) FROM scratch.drafts").fetchone() == (1,)
    with connect("probant_web", other) as conn:
        assert conn.execute("SELECT count(*) FROM scratch.drafts").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute(
                "INSERT INTO scratch.drafts (company_id, document_id, user_id, content, base_version)"
                " VALUES (%s, %s, %s, '{}', 1)",
                (mine, uuid4(), claire.id),
            )
