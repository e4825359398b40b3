"""« Équipe »: invitations by mail, taken once; roles changed and withdrawn; each right an entry."""

import re
from uuid import uuid4, uuid5

import pytest

from domain.access import InvitationOver
from ledger.commands.members import accept_invitation
from tests.web.conftest import PASSWORD, Person, fields_of
from tests.web.shop import open_shop
from web.accounts import invitations
from web.accounts.newcomers import forget_newcomers
from web.demo.team import crew

TYPES = "SELECT type, line::json -> 'data' FROM ledger.entry WHERE type LIKE 'security.%%' ORDER BY pos"


@pytest.fixture
def team(new_shop, keeper):
    """The owner of an empty company, signed in."""
    return keeper(new_shop)


@pytest.fixture
def rights(connect, new_shop):
    """`rights()`: the entries about rights, oldest first."""
    return lambda: [
        (type_.removeprefix("security."), facts)
        for type_, facts in connect("probant_audit", new_shop.id).execute(TYPES).fetchall()
        if type_.split(".")[1] in ("rights_granted", "rights_withdrawn", "member_invited", "invitation_withdrawn")
    ]


@pytest.fixture
def invite(team, posted):
    """`invite(role)`: the path of the link in the mail, and the address that it went to."""

    def send(role: str = "collaborator", email: str = "") -> tuple[str, str]:
        email = email or f"i-{uuid4().hex[:10]}@exemple.fr"
        answer = team.submit("/reglages/equipe/", email=email, role=role, current=PASSWORD)
        assert answer.status_code == 303, answer.text
        (mail,) = posted(email)
        assert "Atelier Mercier" in mail["Subject"]
        return re.search(r"https?://[^/]+(/invitation/[\w-]+)", mail.get_body(("plain",)).get_content())[1], email

    return send


@pytest.fixture
def stranger(app):
    return Person(app, uuid4(), "", f"10.{uuid4().int % 256}.{uuid4().int % 256}.7")


def join(stranger: Person, link: str, **typed: str):
    facts = {"username": f"n-{uuid4().hex[:10]}", "password": PASSWORD, "password2": PASSWORD}
    form = fields_of(stranger.get(link).text, f"{link}/compte")
    terms = re.search(r'name="terms" value="([^"]+)"', stranger.get(link).text)[1]
    return stranger.http.post(f"{link}/compte", data=form | facts | {"terms": terms} | typed)


def test_a_new_person_makes_her_account_by_the_link_and_is_in(invite, stranger, rights, connect):
    link, email = invite("reader")
    assert "Atelier Mercier" in stranger.get(link).text
    assert join(stranger, link).status_code == 303
    assert stranger.get("/factures").status_code == 200
    assert stranger.post("/clients/nouveau", command_id=str(uuid4())).status_code == 403
    admin = connect("postgres")
    made = (
        "SELECT id, confirmed_at IS NOT NULL, terms_version <> '', lookalike <> '' FROM accounts.users WHERE email = %s"
    )
    user = admin.execute(made, (email,)).fetchone()
    assert user[1:] == (True, True, True)
    assert rights() == [
        ("member_invited", {"role": "reader"}), ("rights_granted", {"role": "reader", "subject_id": str(user[0])}),
    ]  # fmt: skip


def test_somebody_with_an_account_takes_it_after_signing_in(invite, person, team):
    marc = person()
    link, _ = invite("accountant", f"{marc.name}@exemple.fr")
    assert "Ouvrir mon compte" not in marc.get(link).text  # the address has an account
    assert marc.sign_in(next=link).location == link
    assert marc.submit(link, f"{link}/accepter").status_code == 303
    assert "Comptable" in marc.get("/societes/").text
    assert marc.name in team.get("/reglages/equipe/").text


@pytest.mark.parametrize("end", ["taken", "withdrawn", "old", "altered"])
def test_an_invitation_that_is_over_opens_nothing(end, invite, person, stranger, team, connect):
    link, email = invite()
    waiting = person()
    waiting.sign_in()
    before = fields_of(waiting.get(link).text, f"{link}/accepter")
    if end == "taken":
        assert join(stranger, link).status_code == 303
    elif end == "withdrawn":
        page = team.get("/reglages/equipe/").text
        (action,) = re.findall(r'action="(/reglages/equipe/invitations/[^"]+/retirer)"', page)
        assert team.submit("/reglages/equipe/", action).status_code == 303
    elif end == "old":
        with connect("postgres") as conn:
            conn.execute(
                "UPDATE accounts.invitations SET expires_at = now() - interval '1 second' WHERE email = %s", (email,)
            )
    else:
        link = link[:-1] + ("A" if link[-1] != "A" else "B")
    assert waiting.get(link).status_code == 404
    assert waiting.http.post(f"{link}/accepter", data=before).status_code == 404
    assert "Aucune société" in waiting.get("/societes/").text


def test_two_answers_to_one_link_make_one_member(invite, person, app, new_shop):
    """Both pages were open: the second answer finds it taken, under the pen of the ledger."""
    link, _ = invite()
    first, second = person(), person()
    with app.test_request_context():
        invitation = invitations.find(app.extensions["pool"], link.rpartition("/")[2])

    def take(who):
        facts = {"invitation_id": invitation.id, "access_id": uuid4(), "subject_id": who.id}
        app.extensions["books"].do(accept_invitation, new_shop.id, uuid4(), f"user:{who.id}", **facts)

    take(first)
    with pytest.raises(InvitationOver):
        take(second)


def test_the_same_form_twice_invites_once(team, posted, rights):
    email = f"i-{uuid4().hex[:10]}@exemple.fr"
    form = team.form("/reglages/equipe/") | {"email": email, "role": "reader", "current": PASSWORD}
    assert [team.http.post("/reglages/equipe/", data=form).status_code for _ in range(2)] == [303, 303]
    assert len(posted(email)) == 1
    assert len(rights()) == 1


@pytest.mark.parametrize("email", ["sans arobase", "a@jetable", "quelqu'un@yopmail.com", ""])
def test_a_bad_address_is_told_at_its_field(team, email):
    answer = team.submit("/reglages/equipe/", email=email)
    assert answer.status_code == 422
    assert 'id="email-erreur"' in answer.text


def test_nobody_is_invited_twice(team, person, new_shop, invite):
    marc = person((new_shop.id, "reader"))
    _, waiting = invite()
    for email, why in ((f"{marc.name}@EXEMPLE.fr", "déjà membre"), (waiting.upper(), "attend déjà")):
        refused = team.submit("/reglages/equipe/", email=email, role="reader")
        assert refused.status_code == 422
        assert why in refused.text


def test_an_owner_changes_a_role_and_withdraws_a_member_at_once(team, person, new_shop, rights, posted):
    marc = person((new_shop.id, "reader"))
    marc.sign_in()
    assert marc.post("/clients/nouveau", command_id=str(uuid4())).status_code == 403
    role, away = f"/reglages/equipe/{marc.id}/role", f"/reglages/equipe/{marc.id}/retirer"
    assert team.submit("/reglages/equipe/", role, role="collaborator", current=PASSWORD).status_code == 303
    assert marc.post("/clients/nouveau", command_id=str(uuid4())).status_code == 422
    assert team.submit("/reglages/equipe/", away, current=PASSWORD).status_code == 303
    assert marc.get("/clients").location == "/societes/"
    assert [what for what, _ in rights()] == ["rights_granted", "rights_withdrawn"]
    page = team.get("/journal-technique/?nature=droits").text
    assert "Droits donnés : collaborateur" in page
    given, gone = (mail.get_body(("plain",)).get_content() for mail in posted(f"{marc.name}@exemple.fr"))
    assert "vous donne le rôle de collaborateur" in given
    assert "vous en retire l’accès" in gone


def test_the_last_owner_can_neither_leave_nor_become_less(team, person, new_shop):
    leave = f"/reglages/equipe/{team.id}/retirer"
    refused = team.submit("/reglages/equipe/", leave, current=PASSWORD)
    assert refused.status_code == 409
    assert "garde toujours un titulaire" in refused.text
    less = f"/reglages/equipe/{team.id}/role"
    assert team.submit("/reglages/equipe/", less, role="reader", current=PASSWORD).status_code == 409
    person((new_shop.id, "owner"))
    assert team.submit("/reglages/equipe/", leave, current=PASSWORD).location == "/societes/"
    assert "Aucune société" in team.get("/societes/").text


def test_a_member_leaves_by_herself(person, new_shop, keeper, rights):
    keeper(new_shop)
    reader = person((new_shop.id, "reader"))
    reader.sign_in()
    assert reader.submit("/societes/", "/societes/quitter").status_code == 303
    assert "Aucune société" in reader.get("/societes/").text
    assert rights() == [("rights_withdrawn", {"subject_id": str(reader.id)})]


def test_nobody_touches_a_member_of_another_company(team, person):
    foreign = person((uuid4(), "collaborator"))
    for what in ("role", "retirer"):
        answer = team.post(
            f"/reglages/equipe/{foreign.id}/{what}", command_id=str(uuid4()), role="reader", current=PASSWORD
        )
        assert answer.status_code == 404
    assert team.post(f"/reglages/equipe/invitations/{uuid4()}/retirer", command_id=str(uuid4())).status_code == 404


def test_the_address_of_an_invitation_is_not_kept_when_it_is_over(invite, stranger, connect):
    link, email = invite()
    join(stranger, link)
    kept = (
        connect("postgres").execute("SELECT count(*) FROM accounts.invitations WHERE email = %s", (email,)).fetchone()
    )
    assert kept == (0,)
    lines = (
        connect("postgres").execute("SELECT count(*) FROM ledger.entry WHERE line LIKE %s", (f"%{email}%",)).fetchone()
    )
    assert lines == (0,)


def test_the_address_of_an_invitation_goes_with_its_time(invite, connect, workshop, new_shop):
    waiting, over = invite()[1], invite()[1]
    old = "UPDATE accounts.invitations SET expires_at = now() - interval '1 second' WHERE email = %s"
    with connect("postgres") as conn:
        conn.execute(old, (over,))
    forget_newcomers(workshop)
    kept = "SELECT email FROM accounts.invitations WHERE company_id = %s ORDER BY email"
    assert connect("postgres").execute(kept, (new_shop.id,)).fetchall() == [("",), (waiting,)]


def test_the_mail_of_an_invitation_comes_once_more_and_its_link_is_on_no_page(team, invite, posted):
    link, email = invite()
    page = team.get("/reglages/equipe/").text
    assert link not in page
    (action,) = re.findall(r'action="(/reglages/equipe/invitations/[^"]+/renvoyer)"', page)
    assert team.submit("/reglages/equipe/", action).status_code == 303
    assert link in posted(email)[-1].get_body(("plain",)).get_content()


def test_a_company_invites_only_so_many_however_many_owners_it_has(team, new_shop, keeper, posted):
    """Whatever one types is mailed in our name: it is no way to send mails to the world."""
    owners = (team, keeper(new_shop), keeper(new_shop))
    emails = [f"i-{uuid4().hex[:10]}@exemple.fr" for _ in range(21)]
    answers = [
        owners[n % 3].submit("/reglages/equipe/", email=email, role="reader", current=PASSWORD)
        for n, email in enumerate(emails)
    ]
    assert [one.status_code for one in answers] == [303] * 20 + [429]
    assert "a envoyé beaucoup d’invitations" in answers[-1].text
    assert posted(emails[-1]) == []


def test_roles_are_given_and_taken_by_who_knows_the_password(team, person, new_shop, rights):
    marc = person((new_shop.id, "reader"))
    for what in ("role", "retirer"):
        asked = team.submit("/reglages/equipe/", f"/reglages/equipe/{marc.id}/{what}", role="owner")
        assert "Votre mot de passe" in asked.text
        wrong = team.submit("/reglages/equipe/", f"/reglages/equipe/{marc.id}/{what}", role="owner", current="faux")
        assert wrong.status_code == 422
    assert rights() == []


def test_an_accountant_sees_the_state_of_each_of_her_companies(person, shop, new_shop):
    accountant = person((shop.id, "accountant"), (new_shop.id, "accountant"))
    accountant.sign_in()
    page = accountant.get("/societes/").text
    assert page.count("Comptable") == 2
    assert "en retard" in page
    assert "jamais vérifié" in page or "vérifié" in page


def test_the_companies_of_the_demo_have_a_crew_and_somebody_invited(
    app, settings, web_pool, job_pool, read_tables, keeper
):
    shops = [open_shop(web_pool, job_pool, settings.secret("commands")) for _ in range(3)]
    owner = keeper(shops[0])
    crew(settings, web_pool, owner.id, [shop.id for shop in shops], PASSWORD)
    page = owner.get("/reglages/equipe/").text
    assert all(name in page for name in ("marion", "cabinet", "lecture", "theo@probant.invalid"))
    link = f"/invitation/{invitations.token(settings, uuid5(shops[0].id, 'invited'))}"
    assert link not in page
    assert owner.get(link).status_code == 200
    accountant = Person(app, uuid4(), "cabinet", "10.66.0.1")
    accountant.sign_in()
    assert accountant.get("/societes/").text.count("Comptable") == 3
