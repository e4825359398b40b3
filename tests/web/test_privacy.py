"""Personal data on screen: what is held, copies, erasures asked for, silent prospects, the pages that the law wants."""

from functools import partial
from uuid import UUID, uuid4

import pytest
from psycopg.rows import dict_row

from domain.parties import Contact, ContactCard
from ledger.commands import clients
from ledger.commands.archives import record_archive
from tests.documents.reading import text as printed
from tests.web import persons
from tests.web.conftest import PASSWORD, Person
from web.imports import rows
from web.jobs.access import note_access
from web.jobs.places import archive_file
from web.privacy.hosting import hosting_of
from web.privacy.processings import KEPT_IMPORTS

HOSTING = """
[operator]
name = "Atelier Numérique"
siren = "732829320"
address = "14, rue Saint-Malo, 35000 Rennes"
email = "contact@exemple.fr"
phone = "02 99 00 00 00"
director = "Claire Martin"
[host]
name = "Hébergeur SAS"
address = "2, rue des Serveurs, 59100 Roubaix"
phone = "03 20 00 00 00"
place = "Roubaix, France"
backup_days = 21
[[processors]]
name = "Messagerie SAS"
purpose = "acheminement des e-mails"
place = "France"
"""
PUBLIC = ("/mentions-legales", "/confidentialite", "/hebergement", "/cookies")


@pytest.fixture
def owner(new_shop, keeper) -> Person:
    return keeper(new_shop)


@pytest.fixture
def client_id(new_shop) -> UUID:
    return persons.invoiced(new_shop)


@pytest.fixture
def job(workshop, connect):
    """`job(shop)`: the worker does what was asked for."""
    return partial(persons.erase_asked, workshop, connect)


@pytest.fixture
def events(connect):
    """`events(shop, type)`: the lines of that type, as JSON."""
    return partial(persons.events, connect)


def page_of(client_id: UUID) -> str:
    return f"/clients/{client_id}/donnees-personnelles/"


def ask(person: Person, client_id: UUID, **typed: str):
    page = page_of(client_id)
    return person.submit(page, f"{page}effacer", **{"understood": "1", **typed})


def test_the_page_says_what_is_held_and_what_the_law_keeps(owner, new_shop, client_id):
    page = owner.get(page_of(client_id)).text
    assert "Fiche : nom, adresse, contacts" in page
    assert "Partent tout de suite" in page
    assert f"31\u00a0déc. {new_shop.today.year + 10}" in page
    assert "art. L123-22" in page
    assert f'href="/clients/{client_id}/donnees-personnelles/"' in owner.get(f"/clients/{client_id}").text


def test_what_is_not_confirmed_is_not_erased(owner, new_shop, client_id, events):
    answer = ask(owner, client_id, understood="")
    assert answer.status_code == 422
    assert "l’effacement est définitif" in answer.text
    assert events(new_shop, "security.erasure_asked") == []


def test_a_client_is_erased_with_its_contacts_and_archived(owner, new_shop, client_id, events, job):
    assert ask(owner, client_id, ground="asked").status_code == 303
    assert "Effacement en cours" in owner.get(page_of(client_id)).text
    job(new_shop)
    erased = events(new_shop, "subject.erased")
    assert {one["data"]["subject_id"] for one in erased} == {str(client_id), str(new_shop["contact"])}
    assert all(one["data"]["reason"].startswith("demande de la personne (écriture ") for one in erased)
    card = owner.get(f"/clients/{client_id}").text
    assert "Tiers effacé" in card
    assert "Ysaline" not in card + owner.get("/clients?etat=archives").text + owner.get("/factures").text
    page = owner.get(page_of(client_id)).text
    assert "Effacement en cours" not in page
    assert "Gardées jusqu’au" in page
    assert f"{page_of(client_id)}effacer" not in page


def test_a_contact_leaves_alone(owner, new_shop, client_id, events, job):
    assert ask(owner, client_id, subject=str(new_shop["contact"])).status_code == 303
    job(new_shop)
    (erased,) = events(new_shop, "subject.erased")
    assert erased["data"]["subject_id"] == str(new_shop["contact"])
    card = owner.get(f"/clients/{client_id}").text
    assert "Ysaline Quéméneur" in card
    assert "Gwenola" not in card
    assert ask(owner, client_id, subject=str(uuid4())).status_code == 409


def test_a_company_stays_in_use_without_its_contacts(owner, new_shop, events, job):
    contact = Contact(id=uuid4(), card=ContactCard(name="Gwenola Kerbrat"))
    hotel = new_shop.client("Hôtel du Parc", contacts=(contact,))
    assert ask(owner, hotel).status_code == 303
    job(new_shop)
    (erased,) = events(new_shop, "subject.erased")
    assert erased["data"]["subject_id"] == str(contact.id)
    card = owner.get(f"/clients/{hotel}").text
    assert "Gwenola" not in card
    assert "Nouvelle facture" in card


def test_who_was_merged_goes_with_the_one_that_stands_for_her(owner, new_shop, client_id, events, job):
    double = new_shop.client("Ysaline Quemeneur", "person", natural_person=True)
    new_shop.do(clients.merge_client, client_id=double, into=client_id)
    ask(owner, client_id)
    job(new_shop)
    assert str(double) in {one["data"]["subject_id"] for one in events(new_shop, "subject.erased")}


@pytest.mark.parametrize("role", ["collaborator", "accountant", "reader", "inspector"])
def test_only_an_owner_erases_or_hands_out(person, new_shop, client_id, role):
    other = person((new_shop.id, role))
    other.sign_in()
    page = page_of(client_id)
    for path in (f"{page}effacer", f"{page}copie", "/donnees-personnelles/sans-contact"):
        assert path not in other.get(page).text
        answer = other.post(path, command_id=str(uuid4()), understood="1", ground="asked", format="json")
        assert answer.status_code == 403


@pytest.mark.parametrize("kind", ["json", "pdf"])
def test_a_copy_tells_all_about_one_person_and_is_noted(owner, new_shop, client_id, events, kind):
    page = page_of(client_id)
    answer = owner.submit(page, f"{page}copie", format=kind, subject=str(client_id))
    assert answer.status_code == 200
    told = printed(answer.data) if kind == "pdf" else answer.text
    for word in ("Ysaline Quéméneur", "ysaline@exemple.fr", "Étagère d’Ysaline", "CNIL"):
        assert word in told
    assert "Gwenola" not in told
    (given,) = events(new_shop, "security.personal_data_given")
    assert given["data"] == {"subject_id": str(client_id)}
    assert "Copie des données personnelles remise" in owner.get(page).text


def test_the_archives_made_before_are_named_in_the_reason(owner, new_shop, client_id, events, workshop, job):
    made = {"from_pos": 1, "to_pos": 5, "size": 9, "state_sha256": "a" * 64, "sha256": "b" * 64}
    archive_id, day = uuid4(), new_shop.today
    workshop.do(record_archive, new_shop.id, uuid4(), archive_id=archive_id, first=day, last=day, **made)
    file = archive_file(workshop.settings, new_shop.id, archive_id)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"her name, in clear")
    ask(owner, client_id)
    job(new_shop)
    (reason, *_) = {one["data"]["reason"] for one in events(new_shop, "subject.erased")}
    assert f"archives remises avant : {day:%d/%m/%Y}–{day:%d/%m/%Y} {'b' * 16}" in reason
    assert not file.exists()


def test_a_company_without_persons_has_nothing_to_erase(owner, new_shop):
    hotel = new_shop.client("Hôtel du Parc")
    page = owner.get(page_of(hotel)).text
    assert "Rien qui concerne une personne" in page
    assert (
        owner.post(f"{page_of(hotel)}effacer", command_id=str(uuid4()), understood="1", ground="asked").status_code
        == 409
    )


# The register of processing, the pages of the law


def test_the_register_of_processing_is_filled_and_printed(owner, new_shop):
    page = owner.get("/donnees-personnelles").text
    assert "Membres : titulaire (1)" in page
    told = printed(owner.get("/donnees-personnelles/registre.pdf").data)
    for word in ("Registre des traitements", "Atelier Mercier", "Clients et prospects", "argon2id", "Importation",
                 "Pages remises aux clients", "contrôleur"):  # fmt: skip
        assert word in told


def test_the_operator_has_registers_of_its_own(person, connect):
    operator = person()
    connect("postgres").execute("UPDATE accounts.users SET operator = true WHERE id = %s", [operator.id])
    operator.sign_in()
    page = operator.get("/operateur/registres/").text
    for word in ("art. 30, 1", "Adhésions et leurs factures", "Assistance", "art. 30, 2", "Sous-traitance (art. 28)"):
        assert word in page, word


def test_what_the_register_says_of_files_is_what_is_done():
    assert (rows.KEPT, KEPT_IMPORTS) == ("30 days", "trente jours")


@pytest.mark.parametrize("path", PUBLIC)
def test_what_the_law_wants_is_public(app, path):
    stranger = app.test_client()
    answer = stranger.get(path)
    assert answer.status_code == 200
    for other in PUBLIC:
        assert f'href="{other}"' in answer.text
        assert f'href="{other}"' in stranger.get("/connexion").text


@pytest.fixture
def hosted(app, tmp_path, monkeypatch):
    from dataclasses import replace

    file = tmp_path / "hosting.toml"
    file.write_text(HOSTING, encoding="utf-8")
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], hosting_file=file))
    return file


def test_the_operator_says_who_hosts(app, hosted):
    stranger = app.test_client()
    assert "Directeur de la publication" in stranger.get("/mentions-legales").text
    page = stranger.get("/hebergement").text
    for word in ("Roubaix, France", "21\u00a0jours", "Messagerie SAS"):
        assert word in page
    assert "contact@exemple.fr" in stranger.get("/confidentialite").text


def test_an_operator_that_cannot_be_read_is_not_told(app, hosted, caplog):
    hosted.write_text(HOSTING.replace("[host]", "[hote]"), encoding="utf-8")
    assert hosting_of(app.extensions["settings"]) is None
    assert "PROBANT_HOSTING_FILE" in caplog.text
    assert "n’a pas encore dit" in app.test_client().get("/mentions-legales").text


def test_no_cookie_but_those_of_the_page(app, owner):
    """Whatever a person does: every answer is looked at."""
    listed = app.test_client().get("/cookies").text
    stranger, names = app.test_client(), set()
    for path in ("/", "/connexion", "/offres", *PUBLIC):
        names |= {cookie.partition("=")[0] for cookie in stranger.get(path).headers.getlist("Set-Cookie")}
    owner.post("/apparence", theme="dark")
    for path in ("/", "/clients", "/factures", "/compte/", "/donnees-personnelles", "/aide/"):
        names |= {cookie.partition("=")[0] for cookie in owner.get(path).headers.getlist("Set-Cookie")}
    names |= {cookie.key for client in (stranger, owner.http) for cookie in client._cookies.values()}
    assert names == {"probant", "theme"}
    assert all(f"<code>{name}</code>" in listed for name in names)


# One's own data


@pytest.mark.parametrize("kind", ["json", "pdf"])
def test_a_person_takes_her_own_data_and_her_companies_note_it(owner, new_shop, workshop, connect, events, kind):
    answer = owner.submit("/compte/", "/compte/mes-donnees/", format=kind)
    assert answer.status_code == 200
    told = printed(answer.data) if kind == "pdf" else answer.text
    for word in (owner.name, f"{owner.name}@exemple.fr", "Atelier Mercier", "Titulaire", "werkzeug"):
        assert word.lower() in told.lower()
    jobs = connect("postgres").cursor(row_factory=dict_row).execute(
        "SELECT args FROM jobs.procrastinate_jobs WHERE task_name = 'note_access' AND args ->> 'user_id' = %s"
        " AND args ->> 'what' = 'personal_data_given'", (str(owner.id),),
    )  # fmt: skip
    (row,) = jobs.fetchall()
    note_access(workshop, **row["args"])
    (given,) = events(new_shop, "security.personal_data_given")
    assert (given["by"], given["data"]) == (f"user:{owner.id}", {"subject_id": str(owner.id)})


def test_no_word_of_a_user_is_left_when_the_account_is_gone(app, person, connect):
    from tests.web.test_erasure import places

    gone = person()
    gone.sign_in()
    gone.submit("/aide/contact/", subject="Bonjour", body=f"Je suis {gone.name}")
    database = connect("postgres")
    assert "accounts.users" in places(database, gone.name)
    page = "/compte/supprimer"
    gone.submit(page, current=PASSWORD, sure="1")
    left = places(database, gone.name)
    assert left <= {"jobs.notice", "accounts.limits"}, left
