"""« Mon compte »: name, password, address, sessions, and the account deleted."""

import re
from hashlib import sha256
from uuid import uuid4

import pytest

from domain.access import AccountStillOpen
from tests.web.conftest import PASSWORD
from web.account import closing
from web.accounts import devices
from web.jobs.access import note_access
from web.subscriptions import changes

NEW = "une autre phrase assez longue"
NOTED = """
    SELECT args ->> 'what' FROM jobs.procrastinate_jobs
     WHERE task_name = 'note_access' AND args ->> 'user_id' = %s AND args ->> 'what' NOT LIKE 'sign%%'
     ORDER BY id
    """


@pytest.fixture
def noted(connect):
    """`noted(person)`: the events of her account that are on their way into her ledgers."""
    return lambda who: [what for (what,) in connect("postgres").execute(NOTED, (str(who.id),)).fetchall()]


def address(person) -> str:
    return f"{person.name}@exemple.fr"


def again(person):
    """The same person at another browser, signed in."""
    other = type(person)(person.http.application, person.id, person.name, "10.99.0.1")
    assert other.sign_in().status_code == 302
    return other


def link_of(mail) -> str:
    return re.search(r"https?://[^/]+(/compte/adresse/[\w-]+)", mail.get_body(("plain",)).get_content())[1]


def send(person, action: str, **typed: str):
    return person.post(f"/compte/{action}", page="/compte/", **typed)


def test_a_person_renames_herself_and_comes_in_by_the_new_name(claire, person):
    name = f"Zoé-{uuid4().hex[:8]}"
    assert send(claire, "nom", username=name).status_code == 303
    assert person().sign_in(name.upper()).status_code == 302


@pytest.mark.parametrize("lookalike", ["{0}", "{0}_", "Z0É-{1}"])
def test_a_name_that_is_taken_or_passes_for_one_is_refused(claire, keeper, new_shop, lookalike):
    tail = uuid4().hex[:8].replace("e", "a")
    send(claire, "nom", username=f"Zoé-{tail}")
    refused = send(keeper(new_shop), "nom", username=lookalike.format(f"Zoé-{tail}", tail))
    assert refused.status_code == 422
    assert "Ce nom est pris" in refused.text


def test_a_new_password_ends_the_other_sessions_and_is_told(claire, posted, noted, person):
    other = again(claire)
    changed = send(claire, "mot-de-passe", current=PASSWORD, password=NEW, password2=NEW)
    assert changed.status_code == 303
    assert claire.get("/compte/").status_code == 200
    assert other.get("/compte/").status_code == 303
    assert person().sign_in(claire.name, NEW).status_code == 302
    assert "Nom ou mot de passe inconnu" in person().sign_in(claire.name).text
    (mail,) = posted(address(claire))
    assert "mot de passe a été changé" in mail["Subject"]
    assert noted(claire) == ["password_changed"]


@pytest.mark.parametrize("change", ["mot-de-passe", "adresse"])
def test_a_link_to_a_new_password_dies_with_what_it_was_mailed_for(claire, posted, person, change):
    claire.submit("/mot-de-passe/oublie", email=address(claire))
    mail = posted(address(claire))[0].get_body(("plain",)).get_content()
    reset = re.search(r"https?://[^/]+(/mot-de-passe/\S+)", mail)[1]
    assert person().get(reset).status_code == 200
    if change == "mot-de-passe":
        send(claire, change, current=PASSWORD, password=NEW, password2=NEW)
    else:
        new = f"n-{uuid4().hex[:8]}@exemple.fr"
        send(claire, change, current=PASSWORD, email=new)
        claire.submit(link_of(posted(new)[0]))
    assert person().get(reset).status_code == 404
    assert claire.get("/compte/").status_code == 200


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"current": "faux", "password": NEW, "password2": NEW}, "current"),
        ({"current": PASSWORD, "password": "court", "password2": "court"}, "password"),
        ({"current": PASSWORD, "password": NEW, "password2": "autre"}, "password2"),
    ],
)
def test_a_password_is_changed_by_who_knows_it_to_a_good_one(claire, typed, field, noted):
    refused = send(claire, "mot-de-passe", **typed)
    assert refused.status_code == 422
    assert f'href="#{field}"' in refused.text
    assert refused.text.count(f' id="{field}"') == 1
    assert NEW not in refused.text
    assert noted(claire) == []


def test_the_password_is_not_tried_out_by_who_found_an_open_session(claire):
    answers = [send(claire, "code/preparer", current="faux").status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_an_address_changes_when_it_is_confirmed_and_the_old_one_is_told(claire, posted, person, noted):
    new = f"n-{uuid4().hex[:8]}@exemple.fr"
    assert send(claire, "adresse", email=new, current=PASSWORD).status_code == 303
    (mail,) = posted(new)
    link = link_of(mail)
    reader = person()  # opens the mail at another device, where nobody is signed in
    assert new in reader.get(link).text
    assert posted(address(claire)) == []
    assert "Nom ou mot de passe inconnu" in person().sign_in(new).text  # a GET changes nothing
    assert reader.submit(link).status_code == 303
    assert person().sign_in(new).status_code == 302
    (told,) = posted(address(claire))
    assert "adresse e-mail a été changée" in told["Subject"]
    assert "/compte/adresse/retablir/" in told.as_string()
    assert noted(claire) == ["email_changed"]
    assert reader.get(link).status_code == 404


class TestTakenBack:
    """Somebody with an open session and the password took the account over; its person still reads the old mails."""

    def take(self, claire, posted, new: str) -> str:
        """The way back, as the address before gets it."""
        before = claire.mail
        assert send(claire, "adresse", email=new, current=PASSWORD).status_code == 303
        claire.submit(link_of(posted(new)[0]))
        claire.mail = new
        mail = posted(before)[-1].get_body(("plain",)).get_content()
        return re.search(r"https?://[^/]+(/compte/adresse/retablir/[\w-]+)", mail)[1]

    @pytest.fixture
    def taken(self, claire, posted) -> list[str]:
        """Twice, one after the other: the ways back."""
        claire.mail = address(claire)
        return [self.take(claire, posted, f"n-{uuid4().hex[:8]}@exemple.fr") for _ in range(2)]

    def back(self, person, link: str, **typed: str):
        return person.submit(link, **({"password": NEW, "password2": NEW} | typed))

    def test_the_old_address_comes_back_under_a_new_password_and_sessions_end(self, claire, taken, person, posted):
        victim, thief = person(), claire
        assert self.back(victim, taken[0]).location == "/connexion"
        assert thief.get("/compte/").status_code == 303
        assert person().sign_in(address(claire), NEW).status_code == 302
        assert "Nom ou mot de passe inconnu" in person().sign_in(claire.mail, NEW).text
        assert [victim.get(link).status_code for link in taken] == [404, 404]

    def test_who_took_it_over_closes_no_way_back(self, claire, taken, person):
        """Neither by a new password, nor by her own way back, nor by an account at the address that was left."""
        send(claire, "mot-de-passe", current=PASSWORD, password=NEW, password2=NEW)
        assert self.back(claire, taken[1]).location == "/connexion"
        offer = claire.form("/inscription")
        terms = re.search(r'name="terms" value="([^"]+)"', claire.get("/inscription").text)[1]
        squat = {
            "username": f"s-{uuid4().hex[:8]}", "email": address(claire), "email2": address(claire), "password": NEW,
            "password2": NEW, "terms": terms,
        }  # fmt: skip
        assert claire.http.post("/inscription", data=offer | squat).status_code == 303
        last = "encore une autre phrase"
        assert self.back(person(), taken[0], password=last, password2=last).location == "/connexion"
        assert person().sign_in(address(claire), last).status_code == 302

    def test_it_wants_a_good_password_and_is_over_after_three_days(self, taken, person, connect):
        assert self.back(person(), taken[0], password="court").status_code == 422
        with connect("postgres") as conn:
            conn.execute("UPDATE accounts.steps SET until_at = until_at - interval '72 hours' WHERE kind = 'revert'")
        assert person().get(taken[0]).status_code == 404


def test_only_the_last_link_to_confirm_an_address_is_good(claire, posted):
    first, second = (f"n-{uuid4().hex[:8]}@exemple.fr" for _ in range(2))
    links = []
    for new in (first, second):
        send(claire, "adresse", email=new, current=PASSWORD)
        links.append(link_of(posted(new)[0]))
    assert [claire.get(link).status_code for link in links] == [404, 200]


def test_nobody_learns_by_an_address_who_has_an_account(claire, person, posted):
    paul = person()
    taken = send(claire, "adresse", email=address(paul), current=PASSWORD)
    free = send(claire, "adresse", email="personne@exemple.fr", current=PASSWORD)
    assert (taken.status_code, taken.location) == (free.status_code, free.location)
    (mail,) = posted(address(paul))
    assert "/compte/adresse/" not in mail.as_string()


def test_sessions_are_listed_and_ended_one_by_one_or_all(claire, noted):
    third, other = again(claire), again(claire)
    page = claire.get("/compte/").text
    actions = re.findall(r'action="/compte/sessions/([0-9a-f]{64})/fermer"', page)
    assert len(actions) == 2
    assert "Cet appareil" in page
    assert claire.post(f"/compte/sessions/{actions[0]}/fermer", page="/compte/").status_code == 303
    assert sorted(one.get("/compte/").status_code for one in (third, other)) == [200, 303]
    claire.post("/compte/sessions/autres/fermer", page="/compte/")
    assert [one.get("/compte/").status_code for one in (claire, third, other)] == [200, 303, 303]
    assert noted(claire) == ["sessions_ended", "sessions_ended"]


def test_a_session_of_somebody_else_is_not_ended(claire, keeper, new_shop):
    theirs = keeper(new_shop)
    with theirs.http.session_transaction() as session:
        ref = sha256(session["ref"].encode()).hexdigest()
    claire.post(f"/compte/sessions/{ref}/fermer", page="/compte/")
    assert theirs.get("/compte/").status_code == 200


def test_the_events_of_an_account_are_entries_of_each_of_its_companies(workshop, person, shop, new_shop, connect):
    both = person((shop.id, "reader"), (new_shop.id, "owner"))
    note_access(
        workshop, company_id=str(uuid4()), what="passkey_added", user_id=str(both.id), access_id=str(uuid4()),
        at="2026-11-24T10:00:00Z",
    )  # fmt: skip
    for company in (shop, new_shop):
        query = "SELECT line::json ->> 'by' FROM ledger.entry WHERE type = 'security.passkey_added' AND line LIKE %s"
        found = connect("probant_audit", company.id).execute(query, (f"%{both.id}%",)).fetchall()
        assert found == [(f"user:{both.id}",)]


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36 Edg/156.0",
            "Edge, Windows",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1", "Safari, iPhone"),
        ("curl/8.0", "un appareil inconnu"),
        ("", "un appareil inconnu"),
    ],
)
def test_a_device_is_told_by_its_name(agent, name):
    assert devices.named(agent) == name


class TestDeletion:
    def close(self, person, **typed: str):
        form = {"current": PASSWORD, "sure": "1"} | typed
        return person.submit("/compte/supprimer", **form)

    def test_a_member_goes_and_nothing_of_her_is_left(self, person, shop, posted, connect):
        marc = person((shop.id, "collaborator"))
        marc.sign_in()
        assert self.close(marc).location == "/connexion"
        assert "supprimé" in marc.get("/connexion").text
        (mail,) = posted(address(marc))
        assert "supprimé" in mail["Subject"]
        assert "Nom ou mot de passe inconnu" in marc.sign_in().text
        admin = connect("postgres")
        for table, column in (
            ("users", "id"),
            ("memberships", "user_id"),
            ("sessions", "user_id"),
            ("steps", "user_id"),
        ):
            assert admin.execute(
                f"SELECT count(*) FROM accounts.{table} WHERE {column} = %s", (marc.id,)
            ).fetchone() == (0,)
        told = admin.execute("SELECT count(*) FROM ledger.entry WHERE line LIKE %s", (f"%{marc.name}%",)).fetchone()
        assert told == (0,)
        (line,) = admin.execute(
            "SELECT type FROM ledger.entry WHERE company_id = %s AND line LIKE %s", (shop.id, f"%{marc.id}%")
        ).fetchall()
        assert line == ("security.rights_withdrawn",)

    def test_an_owner_alone_may_go_and_her_ledger_stays(self, new_shop, keeper, connect):
        owner = keeper(new_shop)
        page = owner.get("/compte/supprimer").text
        assert "Archives" in page
        assert "dix ans" in page
        assert self.close(owner).location == "/connexion"
        kept = connect("probant_audit", new_shop.id).execute("SELECT type FROM ledger.entry ORDER BY pos").fetchall()
        assert (kept[0], kept[-1]) == (("ledger.opened",), ("security.rights_withdrawn",))

    def test_what_she_pays_for_ends_with_her_account(self, new_shop, keeper, web_pool):
        owner = keeper(new_shop)
        with web_pool.connection() as conn:
            subscription = changes.begin(conn, owner.id, new_shop.id, "essentiel", "month", new_shop.today)
        assert self.close(owner).location == "/connexion"
        with web_pool.connection() as conn:
            kept = "SELECT user_id, ends_on >= %s FROM accounts.subscriptions WHERE id = %s"
            assert conn.execute(kept, (new_shop.today, subscription)).fetchone() == (None, True)

    def test_the_last_owner_of_a_company_with_others_stays(self, new_shop, keeper, person):
        owner, marc = keeper(new_shop), person((new_shop.id, "collaborator"))
        refused = self.close(owner)
        assert refused.status_code == 409
        assert "donnez d’abord ce rôle à un autre membre" in refused.text
        assert owner.get("/factures").status_code == 200
        marc.sign_in()
        assert marc.get("/factures").status_code == 200

    @pytest.mark.parametrize(("typed", "field"), [({"current": "faux"}, "current"), ({"sure": ""}, "sure")])
    def test_it_wants_the_password_and_the_box(self, claire, typed, field):
        form = claire.form("/compte/supprimer") | {"current": PASSWORD, "sure": "1"} | typed
        refused = claire.http.post("/compte/supprimer", data={k: v for k, v in form.items() if v})
        assert refused.status_code == 422
        assert f'href="#{field}"' in refused.text
        assert claire.get("/compte/").status_code == 200

    def test_a_company_that_would_open_later_is_left_too(self, person, shop, connect, new_shop):
        marc = person((shop.id, "collaborator"))
        marc.sign_in()
        with connect("postgres") as conn:
            conn.execute(
                "INSERT INTO accounts.memberships (company_id, user_id, role, from_at)"
                " VALUES (%s, %s, 'reader', now() + interval '3 days')", (new_shop.id, marc.id),
            )  # fmt: skip
        assert self.close(marc).location == "/connexion"
        left = connect("postgres").execute("SELECT count(*) FROM accounts.users WHERE id = %s", (marc.id,))
        assert left.fetchone() == (0,)

    def test_what_could_not_be_deleted_is_not_said_to_be(self, claire, app, posted, connect):
        """Her company is still open to her when the database is asked: nothing is gone, nothing is mailed."""
        with app.test_request_context(), pytest.raises(AccountStillOpen):
            closing.forget(claire.id, address(claire))
        assert claire.get("/compte/").status_code == 200
        assert posted(address(claire)) == []

    def test_an_account_with_an_open_company_is_not_forgotten_by_the_database(self, claire, web_pool):
        with web_pool.connection() as conn:
            assert conn.execute("SELECT accounts.forget_user(%s)", (claire.id,)).fetchone() == (None,)
