"""The door: offers, sign-up, confirmation, a forgotten password, each with links read from mails that a server took."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from uuid import uuid4

import psycopg
import pytest
from flask import Flask

from ledger.postgres import Pool
from tests.web.conftest import PASSWORD, Person
from web.accounts import addresses, names, store
from web.accounts.newcomers import forget_newcomers
from web.forms import Unreadable
from web.subscriptions import plans

Posted = Callable[[str], list[EmailMessage]]
SENT = "Un message part à l’adresse que vous avez donnée."


class Newcomer(Person):
    """Somebody without an account, who chose a name and an address that nobody has."""

    def __init__(self, app: Flask) -> None:
        name = f"n-{uuid4().hex[:12]}"
        super().__init__(app, uuid4(), name, f"10.{uuid4().int % 256}.{uuid4().int % 256}.{uuid4().int % 256}")
        self.email = f"{name}@exemple.fr"

    def sign_up(self, **typed: str):
        whole = {
            "plan": "essentiel", "rhythm": "month", "username": self.name, "password": PASSWORD, "password2": PASSWORD,
            "email": self.email, "email2": self.email, "terms": plans.TERMS,
        }  # fmt: skip
        return self.post("/inscription", page="/inscription", **whole | typed)


@pytest.fixture
def newcomer(app: Flask) -> Newcomer:
    return Newcomer(app)


def link_in(message: EmailMessage) -> str:
    """The path of the link that a mail leads to."""
    found = re.search(r"https?://[^/\s]+(/\S+)", message.get_body(("plain",)).get_content().strip().splitlines()[-1])
    assert found
    return found[1]


def row(pool: Pool, email: str):
    return store.Store(pool).find_user(email=email)


def test_a_person_signs_up_confirms_by_the_mail_and_comes_to_the_assistant(newcomer, posted, web_pool):
    assert newcomer.sign_up().location == "/inscription/message"
    assert SENT in newcomer.get("/inscription/message").text
    user = row(web_pool, newcomer.email)
    assert (user.confirmed_at, user.plan, user.terms_version) == (None, "essentiel", plans.TERMS)
    assert user.terms_at is not None
    assert user.password.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    (message,) = posted(newcomer.email)
    assert message["Subject"] == "Confirmez votre adresse"
    link = link_in(message)
    assert newcomer.name in newcomer.get(link).text
    assert row(web_pool, newcomer.email).confirmed_at is None  # looked at, by a person or by a scanner of mails
    answer = newcomer.submit(link, password=PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/demarrage")
    assert row(web_pool, newcomer.email).confirmed_at
    assert newcomer.get("/demarrage").status_code == 200
    assert "Ce lien ne sert plus" in newcomer.get(link).text


def test_who_has_the_link_but_not_the_password_confirms_nothing(newcomer, posted, web_pool):
    newcomer.sign_up()
    (message,) = posted(newcomer.email)
    answer = newcomer.submit(link_in(message), password="un autre mot de passe")
    assert answer.status_code == 422
    assert row(web_pool, newcomer.email).confirmed_at is None


def test_an_account_prepared_for_somebody_else_is_lost_when_she_signs_up(app, newcomer, posted):
    thief = Newcomer(app)
    thief.sign_up(
        email=newcomer.email, email2=newcomer.email, password="le mot du voleur", password2="le mot du voleur"
    )
    (old,) = posted(newcomer.email)
    newcomer.sign_up()
    assert newcomer.get(link_in(old)).status_code == 404
    (message,) = posted(newcomer.email)
    assert newcomer.submit(link_in(message), password="le mot du voleur").status_code == 422
    assert newcomer.submit(link_in(message), password=PASSWORD).status_code == 303


def test_an_address_that_has_an_account_gets_the_same_page_and_a_mail_that_says_so(person, app, posted, web_pool):
    claire, stranger = person(), Newcomer(app)
    email = f"{claire.name}@exemple.fr"
    answer = stranger.sign_up(email=email.upper(), email2=email)
    assert (answer.status_code, answer.location) == (303, "/inscription/message")
    (message,) = posted(email)
    assert message["Subject"] == "Vous avez déjà un compte"
    assert row(web_pool, email).username == claire.name
    assert store.Store(web_pool).find_user(username=stranger.name) is None


def test_a_user_name_that_is_taken_is_refused_whoever_has_the_address(person, app):
    claire, stranger = person(), Newcomer(app)
    for email in (stranger.email, f"{claire.name}@exemple.fr"):
        answer = stranger.sign_up(username=claire.name.upper(), email=email, email2=email)
        assert answer.status_code == 422
        assert "Ce nom est pris" in answer.text


def test_a_name_that_looks_like_another_one_is_taken(app, newcomer, person):
    assert "Ce nom est pris" in newcomer.sign_up(username=person().name.replace("-", "_")).text
    newcomer.sign_up(username=f"{newcomer.name}-Olivier")
    answer = Newcomer(app).sign_up(username=f"{newcomer.name}-0Iivier")
    assert "Ce nom est pris" in answer.text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"email2": "autre@exemple.fr"}, "Les deux adresses ne sont pas les mêmes"),
        ({"password2": "un autre mot de passe"}, "Les deux mots de passe ne sont pas les mêmes"),
        ({"password": "court", "password2": "court"}, "12 caractères au moins"),
        ({"password": "aaaaaaaaaaaaaa", "password2": "aaaaaaaaaaaaaa"}, "caractères différents"),
        ({"password": "motdepasse123", "password2": "motdepasse123"}, "trop courant"),
        ({"terms": ""}, "acceptez les conditions"),
        ({"terms": "2020-01"}, "acceptez les conditions"),
        ({"plan": "gratuit"}, "Choisissez dans la liste"),
        ({"email": "sans-arobase"}, "nom@domaine.fr"),
        ({"email": "a@yopmail.com"}, "jetables"),
        ({"username": "clаire-l"}, "n’est pas une lettre latine"),
        ({"username": "abc"}, "4 caractères au moins"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_mails_nobody(newcomer, posted, typed, told):
    answer = newcomer.sign_up(**typed)
    assert answer.status_code == 422
    assert told in answer.text
    assert newcomer.email in answer.text or "email" in typed
    assert PASSWORD not in answer.text
    assert posted(newcomer.email) == []


def test_the_two_addresses_are_compared_without_case(newcomer):
    assert newcomer.sign_up(email2=newcomer.email.upper()).status_code == 303


@pytest.mark.parametrize(
    "name", ["pаul", "ｐaul", "paul\u200b", "1paul", "paul@x", "admin", "Adm1n", "pro.bant", "a b c d"]
)
def test_names_that_could_deceive_are_refused(name):
    with pytest.raises(Unreadable):
        names.username(name)


@pytest.mark.parametrize("address", ["a@b", "a@@b.fr", "a b@c.fr", "a@mail.yopmail.com", "a@-x.fr", "a@b.fr\n"])
def test_addresses_that_lead_nowhere_are_refused(address):
    with pytest.raises(Unreadable):
        addresses.email(address + "x" if address.endswith("\n") else address)


def test_before_confirmation_the_right_password_says_what_to_do_and_mails_again(newcomer, posted):
    newcomer.sign_up()
    posted(newcomer.email)
    answer = newcomer.sign_in()
    assert answer.status_code == 200
    assert "pas encore confirmée" in answer.text
    assert newcomer.get("/societes/").status_code == 303  # outside
    assert "pas encore confirmée" not in newcomer.sign_in(password="faux mot de passe").text
    newcomer.sign_in()
    assert newcomer.post("/inscription/message", page="/connexion").location == "/inscription/message"
    (message,) = posted(newcomer.email)
    assert newcomer.submit(link_in(message), password=PASSWORD).status_code == 303


@pytest.mark.parametrize(
    ("setting", "path"), [("CONFIRM_EMAIL_WITHIN", "inscription"), ("RESET_PASSWORD_WITHIN", "reset")]
)
def test_a_link_that_is_too_old_says_what_to_do(app, newcomer, posted, monkeypatch, setting, path):
    newcomer.sign_up()
    link = link_in(posted(newcomer.email)[0])
    if path == "reset":
        newcomer.post("/mot-de-passe/oublie", page="/mot-de-passe/oublie", email=newcomer.email)
        link = link_in(posted(newcomer.email)[0])
    assert newcomer.get(link).status_code == 200
    monkeypatch.setitem(app.config, f"SECURITY_{setting}", timedelta(seconds=-1))
    assert newcomer.get(link).status_code == 404
    assert "Ce lien ne sert plus" in newcomer.get(link).text


def test_an_altered_link_is_none(newcomer, posted):
    newcomer.sign_up()
    link = link_in(posted(newcomer.email)[0])
    for altered in (f"{link[:-2]}xx", f"{link}x", "/inscription/confirmer/x", "/mot-de-passe/x"):
        assert newcomer.get(altered).status_code == 404


def test_sign_up_may_be_closed(app, newcomer, monkeypatch):
    monkeypatch.setitem(app.extensions, "settings", _closed(app))
    assert "Les inscriptions sont fermées" in newcomer.get("/inscription").text
    assert "/inscription" not in newcomer.get("/nos-offres").text
    assert newcomer.post("/inscription", page="/connexion").status_code == 403


def _closed(app: Flask):
    return replace(app.extensions["settings"], sign_up="closed")


def test_offers_and_terms_are_read_by_anybody(newcomer):
    page = newcomer.get("/nos-offres").text
    for plan in plans.OFFERED.values():
        assert plan.name in page
    assert "12,00" in page
    assert "14,40" in page
    assert f"Version {plans.TERMS}" in newcomer.get("/conditions-generales").text
    assert newcomer.get(f"/conditions-generales/{plans.TERMS}").status_code == 200
    assert newcomer.get("/conditions-generales/2020-01").status_code == 404


def test_a_forgotten_password_is_chosen_anew_by_a_link_that_serves_once(person, posted, web_pool):
    claire = person((uuid4(), "owner"))
    elsewhere = Person(claire.http.application, claire.id, claire.name, "10.9.9.9")
    assert elsewhere.sign_in().status_code == 302
    email = f"{claire.name}@exemple.fr"
    assert claire.post("/mot-de-passe/oublie", page="/mot-de-passe/oublie", email=claire.name).status_code == 303
    (message,) = posted(email)
    link = link_in(message)
    assert claire.get(link).status_code == 200
    assert claire.submit(link, password="x" * 12, password2="x" * 12).status_code == 422
    new = "une autre phrase plus longue"
    assert claire.submit(link, password=new, password2=new).location == "/connexion"
    assert elsewhere.get("/societes/").status_code == 303  # its session is closed
    assert claire.get(link).status_code == 404
    assert claire.sign_in(password=PASSWORD).status_code == 200
    assert claire.sign_in(password=new).status_code == 302
    assert [mail["Subject"] for mail in posted(email)] == ["Votre mot de passe a été changé"]


def test_a_forgotten_password_of_nobody_gets_the_same_answer_and_leaves_no_mail(newcomer, server, connect):
    def waiting() -> int:
        return (
            connect("postgres")
            .execute("SELECT count(*) FROM jobs.notice WHERE recipient = %s", (newcomer.email,))
            .fetchone()[0]
        )

    answer = newcomer.post("/mot-de-passe/oublie", page="/mot-de-passe/oublie", email=newcomer.email)
    assert (answer.status_code, answer.location) == (303, "/mot-de-passe/message")
    assert waiting() == 0


def test_a_new_password_confirms_the_address_too(newcomer, posted, web_pool):
    newcomer.sign_up()
    posted(newcomer.email)
    newcomer.post("/mot-de-passe/oublie", page="/mot-de-passe/oublie", email=newcomer.email)
    (message,) = posted(newcomer.email)
    new = "une autre phrase plus longue"
    newcomer.submit(link_in(message), password=new, password2=new)
    assert newcomer.sign_in(password=new).status_code == 302


def test_an_account_that_was_never_confirmed_is_forgotten(newcomer, workshop, web_pool, connect):
    newcomer.sign_up()
    forget_newcomers(workshop)
    assert row(web_pool, newcomer.email)
    aged = "UPDATE accounts.users SET created_at = now() - interval '8 days' WHERE email = %s"
    connect("postgres").execute(aged, (newcomer.email,))
    forget_newcomers(workshop)
    assert row(web_pool, newcomer.email) is None


def test_pages_cannot_make_an_operator(connect):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connect("probant_web").execute("UPDATE accounts.users SET operator = true")


def test_a_network_signs_up_so_many_times_an_hour(newcomer):
    answers = [newcomer.sign_up(username="x").status_code for _ in range(12)]
    assert answers == [422] * 10 + [429] * 2  # ten of one address
