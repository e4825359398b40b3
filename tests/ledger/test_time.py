"""A clock that jumps, a backup that comes back, a person who goes: what happens to the ledger then."""

import json
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from ledger import periods
from ledger.errors import LedgerReadOnly
from tests.ledger.example import USER, draft
from tests.ledger.raw import append, issued, one, sealed, sqlstate, today


@pytest.fixture
def web(connect, company):
    return connect("probant_web", company)


@pytest.fixture
def job(connect, company):
    return connect("probant_job", company)


@pytest.fixture
def unguarded(connect):
    """`unguarded(table)`: a superuser who took away that table's guards for a moment."""

    @contextmanager
    def unguarded(table):
        conn = connect("postgres")
        with conn.transaction():
            conn.execute(f"ALTER TABLE ledger.{table} DISABLE TRIGGER USER")
            yield conn
            guards = conn.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", (f"ledger.{table}",)
            )
            for (guard,) in guards.fetchall():
                conn.execute(f"ALTER TABLE ledger.{table} ENABLE ALWAYS TRIGGER {guard}")

    return unguarded


@pytest.fixture
def ahead(unguarded, company):
    """`ahead(hours=…)`: the clock jumped that far, something was recorded, and it came back."""

    def ahead(**by):
        with unguarded("head") as conn:
            conn.execute(
                "UPDATE ledger.head SET at = clock_timestamp() + %s WHERE company_id = %s", (timedelta(**by), company)
            )

    return ahead


def last(conn):
    line = conn.execute("SELECT line FROM ledger.entry ORDER BY pos DESC LIMIT 1").fetchone()[0]
    return json.loads(line)


def test_time_stands_still_until_the_clock_has_caught_up(web, company, ahead):
    ahead(minutes=50)
    at = web.execute("SELECT at FROM ledger.head").fetchone()[0]
    append(web, company, one("client.created"))
    assert datetime.fromisoformat(last(web)["at"]) == at


def test_a_clock_behind_the_ledger_is_suspected_once_a_day(web, job, company, ahead, unguarded):
    suspect = "SELECT ledger.suspect_clock(%s)"
    assert job.execute(suspect, (company,)).fetchone()[0] is None
    ahead(minutes=50)
    assert job.execute(suspect, (company,)).fetchone()[0] == 3
    assert job.execute(suspect, (company,)).fetchone()[0] is None
    entry = last(web)
    assert (entry["type"], entry["by"], entry["data"]["last"]) == ("clock.suspected", "system", entry["at"])
    assert entry["data"]["clock"] < entry["data"]["last"]
    with unguarded("head") as conn:
        conn.execute("UPDATE ledger.head SET suspected_on = suspected_on - 1 WHERE company_id = %s", (company,))
    assert job.execute(suspect, (company,)).fetchone()[0] == 4


def test_more_than_an_hour_ahead_nothing_is_recorded_until_the_clock_is_declared(web, job, books, company, ahead):
    append(web, company, issued(web, 1))
    ahead(hours=2)
    assert sqlstate(append, web, company, one("client.created")) == "PB008"
    assert sqlstate(append, job, company, one("period.noted"), actor="system") == "PB008"
    with pytest.raises(LedgerReadOnly):
        books.do(draft, company, uuid4(), USER, ticket_id=uuid4(), client_id=uuid4())
    before = web.execute("SELECT at, clock_timestamp() FROM ledger.head").fetchone()
    assert job.execute("SELECT ledger.declare_clock(%s, %s)", (company, USER)).fetchone()[0] == 4
    entry = last(web)
    assert (entry["type"], entry["by"], sorted(entry["data"])) == ("clock.declared", USER, ["clock", "last"])
    assert datetime.fromisoformat(entry["data"]["last"]) == before[0]
    assert before[1] < datetime.fromisoformat(entry["data"]["clock"]) == datetime.fromisoformat(entry["at"]) < before[0]
    assert append(web, company, issued(web, 2)) == 5


def test_a_clock_that_is_right_is_not_declared(job, company, ahead):
    assert sqlstate(job.execute, "SELECT ledger.declare_clock(%s, 'system')", (company,)) == "PB001"
    ahead(minutes=59)
    assert sqlstate(job.execute, "SELECT ledger.declare_clock(%s, 'system')", (company,)) == "PB001"


def test_series_dated_after_the_declared_clock_are_closed_and_the_others_go_on(web, job, company, ahead):
    tomorrow = web.execute("SELECT (%s::date + 1)::text", (today(web),)).fetchone()[0]
    append(web, company, one("series.opened", {"kinds": ["invoice"], "pattern": "G###", "series": "G"}))
    append(web, company, issued(web, 1, issued_on=tomorrow), issued(web, 1, series="G", number="G001"))
    ahead(days=1)
    job.execute("SELECT ledger.declare_clock(%s, 'system')", (company,))
    assert sqlstate(append, web, company, issued(web, 2, issued_on=tomorrow)) == "PB005"
    assert append(web, company, issued(web, 2, series="G", number="G002")) == 7


def test_days_start_afresh_with_the_declared_clock_of_a_training_ledger(connect, ledger, unguarded):
    company = ledger(mode="training")
    web, job = connect("probant_web", company), connect("probant_job", company)
    append(web, company, one("payment.recorded", {"day": "2030-01-01"}))
    with unguarded("head") as conn:
        conn.execute(
            "UPDATE ledger.head SET at = clock_timestamp() + interval '1 year' WHERE company_id = %s", (company,)
        )
    job.execute("SELECT ledger.declare_clock(%s, 'system')", (company,))
    assert append(web, company, one("payment.recorded", {"day": "2025-01-01"})) == 5


DAY = timedelta(days=1)
EDGES = {  # T17: an instant, and the civil day that it belongs to in Paris
    "before the clocks go forward": ("2026-03-29 00:59:59.999999Z", "2026-03-29"),
    "after the clocks went forward": ("2026-03-29 01:00:00Z", "2026-03-29"),
    "02:30 for the first time": ("2026-10-25 00:30:00Z", "2026-10-25"),
    "02:30 for the second time": ("2026-10-25 01:30:00Z", "2026-10-25"),
    "the end of a leap day": ("2028-02-29 22:59:59.999999Z", "2028-02-29"),
    "after a leap day": ("2028-02-29 23:00:00Z", "2028-03-01"),
    "the end of the year": ("2026-12-31 22:59:59.999999Z", "2026-12-31"),
    "the new year": ("2026-12-31 23:00:00Z", "2027-01-01"),
    "the end of a summer day": ("2026-06-30 21:59:59.999999Z", "2026-06-30"),
    "after a summer day": ("2026-06-30 22:00:00Z", "2026-07-01"),
}


@pytest.mark.parametrize("edge", sorted(EDGES))
def test_an_entry_at_the_edge_of_a_day_is_counted_in_one_day_and_no_other(connect, company, unguarded, edge):
    instant, day = EDGES[edge]
    with unguarded("entry") as conn:
        conn.execute("UPDATE ledger.entry SET recorded_at = %s WHERE company_id = %s AND pos = 2", (instant, company))
    audit, day = connect("probant_audit", company), date.fromisoformat(day)
    until = [audit.execute(periods.LAST_OF_THESE_DAYS, (company, 2, on)).fetchone()[0] for on in (day - DAY, day)]
    assert until == [None, 2]


# Restored from a backup


def test_a_restored_ledger_is_read_only_until_it_says_so_and_its_series_are_closed(web, job, company):
    append(web, company, issued(web, 1))
    job.execute("SELECT ledger.freeze(%s)", (company,))
    job.execute("SELECT ledger.freeze(%s)", (company,))
    assert sqlstate(append, web, company, one("client.created")) == "PB008"
    head = web.execute("SELECT encode(hash, 'hex') FROM ledger.head").fetchone()[0]
    right = {"kept_head": head, "kept_pos": 3, "origin": f"probant.example/{company}/2"}
    for wrong in (
        {"kept_head": "0" * 64},
        {"kept_pos": 2},
        {"kept_pos": "3"},
        {"origin": f"probant.example/{company}"},
        {"origin": f"probant.example/{company}/3"},
    ):
        assert sqlstate(append, job, company, one("ledger.restored", right | wrong), actor="system") == "PB003"
    assert append(job, company, one("ledger.restored", right), actor="system") == 4
    assert sqlstate(append, web, company, issued(web, 2)) == "PB005"
    append(web, company, one("series.opened", {"kinds": ["invoice"], "pattern": "F2026-2-###", "series": "F2026-2"}))
    assert append(web, company, issued(web, 1, series="F2026-2", number="F2026-2-001")) == 6


def test_a_ledger_that_was_not_restored_does_not_say_so(web, job, company):
    head = web.execute("SELECT encode(hash, 'hex') FROM ledger.head").fetchone()[0]
    facts = {"kept_head": head, "kept_pos": 2, "origin": f"probant.example/{company}/2"}
    assert sqlstate(append, job, company, one("ledger.restored", facts), actor="system") == "PB003"


def test_a_second_restore_takes_the_next_origin(web, job, company):
    for n in (2, 3):
        job.execute("SELECT ledger.freeze(%s)", (company,))
        pos, head = web.execute("SELECT pos, encode(hash, 'hex') FROM ledger.head").fetchone()
        facts = {"kept_head": head, "kept_pos": pos, "origin": f"probant.example/{company}/{n}"}
        append(job, company, one("ledger.restored", facts), actor="system")
    assert web.execute("SELECT origin FROM ledger.head").fetchone()[0].endswith("/3")


# Erased


def test_erasing_a_person_removes_what_no_term_protects_and_says_so(web, job, company):
    subject, reason = uuid4(), 'demandé : « "oui" »\n'
    free = sorted(sealed(web, company, subject) for _ in range(3))
    kept, other = sealed(web, company, subject), sealed(web, company, uuid4())
    append(web, company, one("client.created", {"a": [{"sealed": digest} for digest in (*free, other)]}))
    append(web, company, one("payment.recorded", {"day": today(web), "reference": {"sealed": kept}}))
    assert job.execute("SELECT ledger.erase_subject(%s, %s, %s)", (company, subject, reason)).fetchone()[0] == 5
    entry = last(web)
    assert (entry["type"], entry["by"]) == ("subject.erased", "system")
    assert entry["data"] == {"digests": free, "reason": reason, "subject_id": str(subject)}
    left = {digest for (digest,) in web.execute("SELECT encode(digest, 'hex') FROM ledger.sealed")}
    assert left == {kept, other}


def test_an_erasure_is_never_refused_and_takes_the_rest_when_its_term_has_passed(web, job, company, unguarded):
    subject = uuid4()
    kept = sealed(web, company, subject)
    append(web, company, one("payment.recorded", {"day": today(web), "reference": {"sealed": kept}}))
    erase = "SELECT ledger.erase_subject(%s, %s, 'asked')"
    job.execute(erase, (company, subject))
    assert last(web)["data"]["digests"] == []
    with unguarded("sealed") as conn:
        conn.execute("UPDATE ledger.sealed SET kept_until = %s::date - 1 WHERE company_id = %s", (today(conn), company))
    job.execute(erase, (company, subject))
    assert last(web)["data"]["digests"] == [kept]


def test_what_is_kept_until_today_is_still_kept_today(web, job, company, unguarded):
    subject = uuid4()
    append(
        web,
        company,
        one("payment.recorded", {"day": today(web), "reference": {"sealed": sealed(web, company, subject)}}),
    )
    with unguarded("sealed") as conn:
        conn.execute("UPDATE ledger.sealed SET kept_until = %s WHERE company_id = %s", (today(conn), company))
    job.execute("SELECT ledger.erase_subject(%s, %s, 'asked')", (company, subject))
    assert last(web)["data"]["digests"] == []


# Purged


def test_commands_are_forgotten_after_90_days_and_never_before(job, company, connect):
    connect("postgres").execute(
        "INSERT INTO ledger.command SELECT %s, gen_random_uuid(), 'x', 1, NULL, now() - n * interval '1 day'"
        "  FROM generate_series(0, 199) n",
        (company,),
    )
    purge = "SELECT ledger.purge_commands(%s, %s)"
    assert sqlstate(job.execute, purge, (company, timedelta(days=30))) == "PB001"
    assert job.execute(purge, (company, timedelta(days=120))).fetchone()[0] == 80
    assert job.execute(purge, (company, timedelta(days=90))).fetchone()[0] == 30
