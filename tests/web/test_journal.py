"""The journal of technical events: who came in, who failed, what the program was; a view of the ledger, by a job."""

import time
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from audit import perimeter
from audit.certificate import COVERED
from audit.event_names import LABELS
from ledger.commands import companies
from ledger.commands.security import note_started, note_stopped
from ledger.version import MAJOR_ROOT, SOFTWARE
from tests.faults.test_tampering import guards_off
from tests.web.shop import open_shop
from tests.web.working import at_work
from web.jobs.access import note_access, running
from web.jobs.tasks import Task
from web.jobs.watch import end_sessions, suspect_clocks
from web.journal import EVERY


@pytest.fixture
def work(settings, server, connect):
    """`work()`: the worker records what was noted until nothing is left."""

    def work(*tasks: Task) -> None:
        waiting = (
            "SELECT count(*) FROM jobs.procrastinate_jobs"
            " WHERE task_name = 'note_access' AND status IN ('todo', 'doing')"
        )
        with at_work(settings, server, note_access, *tasks):
            for _ in range(300):
                if connect("postgres").execute(waiting).fetchone() == (0,):
                    return
                time.sleep(0.1)
        raise AssertionError("the journal is not written")

    return work


@pytest.fixture
def events(connect):
    """`events(shop, type)`: (actor, facts) of its entries."""

    def events(shop, kind: str):
        query = "SELECT line::json ->> 'by', line::json -> 'data' FROM ledger.entry WHERE type = %s ORDER BY pos"
        return connect("probant_audit", shop.id).execute(query, (kind,)).fetchall()

    return events


def test_a_person_who_comes_in_and_leaves_is_in_the_journal_under_her_own_name(new_shop, keeper, work, events):
    owner = keeper(new_shop)
    answer = owner.post("/deconnexion")
    assert answer.status_code in (302, 303)
    work()
    ((actor, facts),) = events(new_shop, "security.signed_in")
    assert actor == f"user:{owner.id}"
    assert facts["role"] == "owner"
    assert [by for by, _ in events(new_shop, "security.signed_out")] == [actor]
    owner.sign_in()
    page = owner.get("/journal-technique/").text
    assert "Connexion (titulaire)" in page
    assert "Déconnexion" in page


def test_wrong_passwords_of_a_minute_are_one_entry_and_name_nobody_but_the_user(new_shop, person, work, events):
    owner = person((new_shop.id, "owner"))
    while datetime.now(UTC).second > 50:
        time.sleep(1)
    for typed in ("un mot de passe faux", "un autre mot de passe faux"):
        assert owner.sign_in(password=typed).status_code == 200
        time.sleep(1.1)  # another second of the same minute
    owner.sign_in(name="personne-de-ce-nom", password="un mot de passe faux")
    work()
    ((actor, facts),) = events(new_shop, "security.sign_in_failed")
    assert actor == "job:note-access"
    assert facts["subject_id"] == str(owner.id)
    owner.sign_in()
    found = owner.get(f"/journal-technique/?nature=acces&personne={owner.id}").text
    assert f'mot de passe faux</span> <span class="muted">· {owner.name}' in found


def test_nobody_is_kept_out_by_a_company_without_ledger_or_one_that_is_read_only(
    person, new_shop, connect, work, events
):
    assert person((uuid4(), "owner")).sign_in().status_code == 302
    connect("probant_job").execute("SELECT ledger.freeze(%s)", (new_shop.id,))
    owner = person((new_shop.id, "owner"))
    assert owner.sign_in().status_code == 302
    work()
    assert events(new_shop, "security.signed_in") == []
    assert owner.get("/journal-technique/").status_code == 200


def test_opening_another_company_leaves_the_first(new_shop, shop, person, work, events):
    both = person((shop.id, "owner"), (new_shop.id, "accountant"))
    both.sign_in()
    both.post("/societes/ouvrir", company_id=str(new_shop.id))
    work()
    assert [facts["role"] for by, facts in events(new_shop, "security.signed_in") if by == f"user:{both.id}"] == [
        "accountant"
    ]
    assert f"user:{both.id}" in [by for by, _ in events(shop, "security.signed_out")]


def test_a_file_that_an_inspector_takes_is_an_entry_and_so_is_a_list_that_anybody_exports(
    new_shop, keeper, person, work, events
):
    owner, inspector = keeper(new_shop), person((new_shop.id, "inspector"))
    inspector.sign_in()
    for who in (owner, inspector):
        assert who.get("/journal-technique/journal-technique.csv").status_code == 200
        who.get("/journal-technique/")
    work()
    ((actor, facts),) = events(new_shop, "security.file_taken")
    assert (actor, facts["place"]) == (f"user:{inspector.id}", "journal.export")
    ((actor, facts),) = events(new_shop, "security.list_exported")
    assert (actor, facts["place"], facts["what"]) == (f"user:{owner.id}", "journal.export", "journal-technique")
    assert "Liste exportée : journal-technique" in owner.get("/journal-technique/?nature=exports").text


def test_a_session_that_ended_by_itself_is_told_once_and_lets_nobody_in(
    new_shop, keeper, person, connect, workshop, events
):
    owner, other = keeper(new_shop), person((new_shop.id, "accountant"))
    other.sign_in()
    connect("probant_web").execute(
        "UPDATE accounts.sessions SET seen_at = now() - interval '9 hours' WHERE user_id = %s", [owner.id]
    )
    for _ in range(2):
        end_sessions(workshop)
    ((actor, facts),) = events(new_shop, "security.session_expired")
    assert (actor, facts["subject_id"]) == ("job:end-sessions", str(owner.id))
    assert owner.get("/journal-technique/").status_code == 303
    assert (
        f'Session expirée</span> <span class="muted">· {owner.name}'
        in other.get("/journal-technique/?nature=acces").text
    )


def test_a_clock_that_jumped_is_in_the_journal_and_more_than_an_hour_of_it_on_every_page(
    new_shop, keeper, server, workshop, events
):
    owner = keeper(new_shop)
    jump = "UPDATE ledger.head SET at = clock_timestamp() + interval '50 minutes' WHERE company_id = %s"
    with guards_off(server) as admin:
        admin.execute(jump, (new_shop.id,))
    for _ in range(2):
        suspect_clocks(workshop)
    assert len(events(new_shop, "clock.suspected")) == 1
    page = owner.get("/journal-technique/?nature=registre").text
    assert "Horloge en retard sur la dernière écriture" in page
    assert "Registre en lecture seule" not in page
    with guards_off(server) as admin:
        admin.execute(jump.replace("50 minutes", "2 hours"), (new_shop.id,))
    page = owner.get("/journal-technique/").text
    assert "L’horloge du serveur est en retard de plus d’une heure" in page


def test_every_technical_type_is_in_the_journal():
    families = (
        "security", "parameter", "clock", "ledger", "signer", "seal", "archive", "chain", "certificate", "period",
        "series", "fiscal_year", "books", "company", "subject",
    )  # fmt: skip
    technical = {type_ for type_ in LABELS if type_.partition(".")[0] in families}
    assert technical - set(EVERY) == set()


def test_the_program_says_what_it_is_once_and_each_change_of_it(new_shop, workshop, events):
    def start(**program) -> None:
        told = {"software": "probant 1.0.0", "major_root": "1", "perimeter": "a" * 64} | program
        workshop.do(note_started, new_shop.id, uuid4(), happened_at=datetime.now(UTC), **told)

    start()
    start()
    start(perimeter="b" * 64)
    start(software="probant 2.0.0", major_root="2", perimeter="c" * 64)
    workshop.do(note_stopped, new_shop.id, uuid4(), happened_at=datetime.now(UTC))
    assert len(events(new_shop, "security.program_installed")) == 1
    assert [facts.get("major", False) for _, facts in events(new_shop, "security.program_changed")] == [False, True]
    assert len(events(new_shop, "security.program_started")) == 4
    assert len(events(new_shop, "security.program_stopped")) == 1


def test_the_start_and_the_end_are_in_every_ledger_and_a_damaged_one_stops_nothing(
    settings, server, new_shop, web_pool, job_pool, events
):
    damaged = open_shop(web_pool, job_pool, settings.secret("commands"))
    with guards_off(server) as admin:
        admin.execute("UPDATE ledger.entry SET line = '{' WHERE company_id = %s AND pos = 1", (damaged.id,))
    with running(settings, server):
        ((_, facts),) = events(new_shop, "security.program_installed")
        told = (facts["software"], facts["major_root"], facts["perimeter"])
        assert told == (SOFTWARE, MAJOR_ROOT, perimeter.digest())
        assert len(events(new_shop, "security.program_started")) == 1
    assert len(events(new_shop, "security.program_stopped")) == 1
    assert events(damaged, "security.program_started") == []


@pytest.mark.parametrize("function", COVERED, ids=range(len(COVERED)))
def test_the_perimeter_lists_the_files_of_each_function_that_the_attestation_names(function):
    listed = dict(reversed(line.split("  ")) for line in perimeter.listing().splitlines())
    assert not any("__pycache__" in path for path in listed)
    for path in perimeter.CARRIED_BY[function]:
        assert [name for name in listed if name == path or name.startswith(f"{path}/")], path


def test_the_perimeter_lists_the_files_that_seal_verify_and_close_and_the_versions_of_the_libraries():
    assert {
        "audit/archive/build.py", "audit/archive/source.py", "audit/cades.py", "audit/held.py", "audit/seal.py",
        "audit/since.py", "audit/time_stamp.py", "audit/verifier/main.py", "audit/verifier/verify.sh",
        "audit/verify.py", "audit/walk.py", "audit/whole.py", "documents/press.py", "domain/invoice.py",
        "ledger/chain.py", "ledger/commands/closings.py", "ledger/migrations/001_ledger.sql", "requirements.txt",
        "web/jobs/archives.py", "web/jobs/closings.py", "web/verification.py",
    } <= set(perimeter.files())  # fmt: skip


def test_the_journal_is_filtered_by_kind_and_days_and_exported(new_shop, keeper):
    owner = keeper(new_shop)
    new_shop.do(
        companies.define_fiscal_year,
        first_day=new_shop.today.replace(year=new_shop.today.year + 1, month=1, day=1),
        last_day=new_shop.today.replace(year=new_shop.today.year + 1, month=12, day=31),
    )
    page = owner.get("/journal-technique/?nature=reglages").text
    assert "Exercice comptable du 1er" in page
    assert "Registre ouvert" not in page
    old = owner.get("/journal-technique/?au=2020-01-01").text
    assert "Aucun événement" in old
    rows = owner.get("/journal-technique/journal-technique.csv?nature=registre").text.splitlines()
    assert rows[0].startswith("\ufeffPosition;Date;Heure")
    assert rows[-1].startswith("1;")
    assert "Registre ouvert" in rows[-1]
