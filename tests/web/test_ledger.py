"""The register on screen: every type has its words, an entry proves itself, a verification runs and is recorded."""

import re
import subprocess
import time
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from lxml import html

from audit.event_names import LABELS
from projections import verifications
from tests.web.working import at_work
from web.frame import around_of
from web.sentences import SENTENCES
from web.verification import verify_ledger
from web.verification_rows import LOCK

TYPES = (Path(__file__).parents[1] / "golden" / "types.txt").read_text(encoding="utf-8").splitlines()[1:]


@pytest.mark.parametrize("name", TYPES)
def test_every_type_has_a_sentence_and_a_label(name):
    assert name in SENTENCES
    assert name in LABELS


def rows(page):
    return html.fromstring(page).xpath('//table[contains(@class, "stream")]/tbody/tr')


def positions(page):
    return [int(href.rsplit("/", 1)[1]) for href in html.fromstring(page).xpath('//a[@class="print"]/@href')]


def test_the_stream_is_newest_first_and_says_who(new_shop, keeper):
    new_shop.client("Hôtel du Parc")
    person = keeper(new_shop)
    page = person.get("/registre/").text
    assert positions(page) == [3, 2, 1]
    assert "Client créé" in rows(page)[0].text_content()
    assert "Hôtel du Parc" in rows(page)[0].text_content()
    assert "Registre ouvert" in rows(page)[2].text_content()


def test_the_stream_is_filtered_by_type_person_day_and_thing(new_shop, keeper):
    first, _ = new_shop.client("Hôtel du Parc"), new_shop.client("Boulangerie Lefèvre")
    person, today = keeper(new_shop), new_shop.today.isoformat()
    for query, found in (
        ("type=client.created", [4, 3]), (f"par={new_shop.actor}", [4, 3]), ("par=system", [2, 1]),
        (f"objet={first}", [3]), (f"du={today}&au={today}", [4, 3, 2, 1]), ("au=2020-01-01", []), ("avant=3", [2, 1]),
        ("objet=nonsense&du=x", [4, 3, 2, 1]),
    ):  # fmt: skip
        assert positions(person.get(f"/registre/?{query}").text) == found, query
    assert "Tout ce qui concerne" in person.get(f"/registre/?objet={first}").text


def test_long_registers_are_read_page_by_page_without_a_gap(shop, owner):
    seen, path = [], "/registre/"
    while path:
        page = owner.get(path).text
        seen += positions(page)
        following = html.fromstring(page).xpath('//a[@rel="next"]/@href')
        path = following[0] if following else ""
    assert seen == list(range(seen[0], 0, -1))


def test_the_command_on_an_entrys_page_gives_its_hash(new_shop, keeper):
    new_shop.client("L’Étoile d’Or 'n' Fils")  # a quote of the shell in a line
    person = keeper(new_shop)
    for pos in (1, 3):
        page = html.fromstring(person.get(f"/registre/{pos}").text)
        command = page.get_element_by_id("commande").text
        told = subprocess.run(["sh", "-c", command], check=True, capture_output=True, text=True).stdout
        hashes = [code.text for code in page.find_class("hashes")[0].iter("code")]
        assert told.split()[0] == hashes[1]
    assert "Ce maillon est intact" in person.get("/registre/3").text
    assert person.get("/registre/4").status_code == 404


def test_an_entry_leads_to_what_it_is_about(shop, owner):
    page = owner.get(f"/registre/?objet={shop['late']}").text
    assert f'href="/factures/{shop["late"]}"' in page
    assert f'href="/clients/{shop["hotel"]}"' in owner.get(f"/registre/?objet={shop['hotel']}&type=client.created").text


@pytest.fixture(scope="module", autouse=True)
def worker(settings, server, read_tables):
    with at_work(settings, server, verify_ledger):
        yield


def verify(person):
    answer = person.submit("/registre/", action="/registre/verifier")
    assert answer.status_code == 303, answer.text
    return answer.location


def ended(person, path):
    """The page of a verification once it is over."""
    for _ in range(600):
        page = person.get(path).text
        if "progressing" not in page:
            return page
        time.sleep(0.05)
    raise AssertionError(page)


def integrity(app, shop):
    with app.extensions["engine"].read(shop.id) as tx:
        return verifications.integrity(tx)


def test_a_verification_ends_in_one_sentence_an_entry_and_a_green_badge(app, new_shop, keeper):
    person = keeper(new_shop)
    page = ended(person, verify(person))
    assert "Registre intact : 2\u00a0écritures" in page
    last = integrity(app, new_shop).last
    assert (last.pos, last.to_pos, last.ok) == (3, 2, True)
    with app.test_request_context():
        assert around_of(new_shop.id).integrity.state == "ok"
    assert "Par</dt><dd>Probant" in person.get("/registre/3").text


def test_the_same_form_sent_twice_is_one_verification(app, new_shop, keeper):
    person = keeper(new_shop)
    form = person.form("/registre/", action="/registre/verifier")
    first, again = (person.http.post("/registre/verifier", data=form) for _ in range(2))
    assert first.location == again.location
    ended(person, first.location)
    assert person.http.post("/registre/verifier", data=form).location == first.location
    assert integrity(app, new_shop).entries == 3


def test_htmx_is_told_to_load_the_page_when_it_is_over(new_shop, keeper):
    person = keeper(new_shop)
    path = verify(person)
    ended(person, path)
    assert person.get(path, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_what_was_altered_is_found_at_its_place_and_told_everywhere(app, new_shop, keeper, connect):
    new_shop.client("Hôtel du Parc")
    admin = connect("postgres", new_shop.id)
    admin.execute("SET session_replication_role = replica")
    admin.execute("ALTER TABLE ledger.entry DISABLE TRIGGER ALL")
    try:
        admin.execute(
            "UPDATE ledger.entry SET line = replace(line, 'Parc', 'Porc') WHERE company_id = %s AND pos = 3",
            [new_shop.id],
        )
    finally:
        admin.execute("ALTER TABLE ledger.entry ENABLE TRIGGER ALL")
        for (trigger,) in admin.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = 'ledger.entry'::regclass AND NOT tgisinternal"
        ).fetchall():
            admin.execute(f"ALTER TABLE ledger.entry ENABLE ALWAYS TRIGGER {trigger}")
    person = keeper(new_shop)
    assert "Ce maillon est rompu" in person.get("/registre/3").text
    page = ended(person, verify(person))
    assert re.search(r"Registre altéré : 1\u00a0défaut dans 3\u00a0écritures", page)
    assert "Écriture 3 : ne suit pas la précédente" in page
    assert integrity(app, new_shop).last.ok is False
    assert "badge-bad" in person.get("/registre/").text


@pytest.fixture
def begun(new_shop, connect):
    """A verification that another worker began: its row and, with `lock`, its lock."""

    def begin(*, lock: bool):
        job = connect("probant_job", new_shop.id)
        begun = uuid4()
        job.execute(
            "INSERT INTO jobs.verification (company_id, id, total, done, begun_at) VALUES (%s, %s, 9, 4, now())",
            [new_shop.id, begun],
        )
        if lock:
            job.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [LOCK, str(new_shop.id)])
        return begun, job

    return begin


def test_only_one_runs_at_a_time_in_a_company_whoever_runs_it(new_shop, keeper, begun):
    known, other = begun(lock=True)
    person = keeper(new_shop)
    assert verify(person) == f"/registre/verifications/{known}"
    time.sleep(1.5)  # the worker looks each second: it finds the lock, and leaves it alone
    page = person.get(f"/registre/verifications/{known}").text
    assert 'value="4"' in page
    assert '<meta http-equiv="refresh"' in page
    assert "Suivre la vérification" in person.get("/registre/").text
    piece = person.get(f"/registre/verifications/{known}", headers={"HX-Request": "true"})
    assert (piece.text.count("<progress"), "HX-Refresh" in piece.headers) == (1, False)
    other.execute("SELECT pg_advisory_unlock_all()")


def test_one_whose_worker_is_gone_is_done_by_the_next(new_shop, keeper, begun):
    known, _ = begun(lock=False)
    person = keeper(new_shop)
    assert "Vérification de 9" in person.get(f"/registre/verifications/{known}").text
    assert verify(person) == f"/registre/verifications/{known}"
    assert "Registre intact" in ended(person, f"/registre/verifications/{known}")


def test_one_that_no_worker_took_yet_says_that_it_waits(new_shop, keeper, connect):
    waiting = uuid4()
    connect("probant_web", new_shop.id).execute(
        "INSERT INTO jobs.verification (company_id, id, total) VALUES (%s, %s, 9)", [new_shop.id, waiting]
    )
    assert "en attente" in keeper(new_shop).get(f"/registre/verifications/{waiting}").text


def test_a_breakdown_is_told_as_one(app, new_shop, keeper, monkeypatch, caplog):
    def broken(*_, **__):
        raise psycopg.OperationalError("the disk is gone")

    monkeypatch.setattr("web.verification.verify_company", broken)
    person = keeper(new_shop)
    assert "n’a pas pu aller à son terme" in ended(person, verify(person))
    assert integrity(app, new_shop).last is None


def test_an_inspector_may_have_the_register_verified(new_shop, person):
    inspector = person((new_shop.id, "inspector"))
    inspector.sign_in()
    assert "Registre intact" in ended(inspector, verify(inspector))


def test_another_company_sees_neither_entries_nor_verifications(shop, new_shop, keeper):
    owner, stranger = keeper(shop), keeper(new_shop)
    path = verify(owner)
    assert stranger.get(path).status_code == 404
    ended(owner, path)
    assert positions(stranger.get(f"/registre/?objet={shop['late']}").text) == []
