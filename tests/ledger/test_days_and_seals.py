"""Each rule of append on days, seals and fiscal years, by an attempt to break it. The database judges alone."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from tests.ledger.raw import append, issued, one, sealed, sqlstate, today

OPENED = {"format": 1, "mode": "live", "time_zone": "Europe/Paris"}


@pytest.fixture
def web(connect, company):
    return connect("probant_web", company)


@pytest.fixture
def job(connect, company):
    return connect("probant_job", company)


def lines(conn):
    return [line for (line,) in conn.execute("SELECT line FROM ledger.entry ORDER BY pos")]


# Day


@pytest.mark.parametrize("days", [-1, 1])
def test_a_fiscal_event_of_a_live_ledger_has_todays_day(web, company, days):
    other = str(date.fromisoformat(today(web)) + timedelta(days=days))
    for event in (
        issued(web, 1, day=other),
        one("payment.recorded", {"day": other}),
        one("entry.posted", {"day": other}),
    ):
        assert sqlstate(append, web, company, event) == "PB006"
    assert append(web, company, one("payment.recorded", {"day": today(web)})) == 3


@pytest.mark.parametrize("day", [None, "", "2026-3-1", "today", 20260301])
def test_a_fiscal_event_has_a_day(web, company, day):
    assert sqlstate(append, web, company, one("payment.recorded", {} if day is None else {"day": day})) == "PB003"


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])  # UTC+14 and UTC−12: never on the same day
def test_the_day_is_that_of_the_ledgers_time_zone(connect, ledger, zone):
    company = ledger(time_zone=zone)
    web = connect("probant_web", company)
    other = {"Pacific/Kiritimati": "Etc/GMT+12", "Etc/GMT+12": "Pacific/Kiritimati"}[zone]
    assert sqlstate(append, web, company, one("payment.recorded", {"day": today(web, other)})) == "PB006"
    assert append(web, company, one("payment.recorded", {"day": today(web, zone)})) == 3


def test_the_day_of_a_training_ledger_is_free_but_never_decreases(connect, ledger):
    company = ledger(mode="training")
    web = connect("probant_web", company)
    append(web, company, one("payment.recorded", {"day": "2025-01-02"}), one("payment.recorded", {"day": "2025-01-02"}))
    assert sqlstate(append, web, company, one("payment.recorded", {"day": "2025-01-01"})) == "PB006"
    assert append(web, company, one("payment.recorded", {"day": "2027-01-01"})) == 5
    assert str(web.execute("SELECT day FROM ledger.open(%s, NULL)", (company,)).fetchone()[0]) == "2027-01-01"


# Seals


def test_a_digest_needs_its_opening(web, company):
    assert sqlstate(append, web, company, one("client.created", {"card": {"sealed": "0" * 64}})) == "PB007"
    assert append(web, company, one("client.created", {"card": {"sealed": sealed(web, company, uuid4())}})) == 3


def test_another_ledgers_opening_does_not_count(connect, ledger, web, company):
    other = ledger()
    digest = sealed(connect("probant_web", other), other, uuid4())
    assert sqlstate(append, web, company, one("client.created", {"card": {"sealed": digest}})) == "PB007"


def test_a_digest_stands_in_one_entry_only_and_once(web, company):
    seal = {"sealed": sealed(web, company, uuid4())}
    assert sqlstate(append, web, company, one("client.created", {"a": seal, "b": seal})) == "PB007"
    assert (
        sqlstate(append, web, company, one("client.created", {"a": seal}), one("client.created", {"a": seal}))
        == "PB007"
    )
    append(web, company, one("client.created", {"a": seal}))
    assert sqlstate(append, web, company, one("client.created", {"a": seal})) == "PB007"


@pytest.mark.parametrize(
    "value", ['{"a":{"sealed":"%s"}}' % ("0" * 64), '"a', "1.0", "null", '1,"b":2', "", '{"b":1, "a":2}', '{"A":1}']
)
def test_the_vault_takes_only_values_of_the_profile_without_a_seal(web, company, value):
    assert sqlstate(sealed, web, company, uuid4(), value) == "23514"


def test_the_vault_takes_no_opening_that_does_not_open_its_digest(web, company):
    insert = "INSERT INTO ledger.sealed (company_id, digest, subject_id, salt, value) VALUES (%s, %s, %s, %s, '1')"
    assert sqlstate(web.execute, insert, (company, b"x" * 32, uuid4(), "0" * 64)) == "23514"


def test_an_opening_that_was_erased_never_comes_back(web, job, company):
    subject = uuid4()
    append(web, company, one("client.created", {"a": {"sealed": sealed(web, company, subject)}}))
    facts = web.execute("SELECT company_id, digest, subject_id, salt, value FROM ledger.sealed").fetchone()
    with job.transaction():
        job.execute("SELECT ledger.erase_subject(%s, %s, 'asked')", (company, subject))
    insert = "INSERT INTO ledger.sealed (company_id, digest, subject_id, salt, value) VALUES (%s, %s, %s, %s, %s)"
    assert sqlstate(web.execute, insert, facts) == "PB007"


def kept(conn):
    with conn.transaction():
        return [
            None if day is None else str(day)
            for (day,) in conn.execute("SELECT kept_until FROM ledger.sealed ORDER BY 1 NULLS FIRST")
        ]


def test_a_fiscal_event_keeps_its_openings_ten_years_after_its_fiscal_year(connect, ledger):
    company = ledger(mode="training")
    web = connect("probant_web", company)

    def pay(day):
        append(
            web, company, one("payment.recorded", {"day": day, "reference": {"sealed": sealed(web, company, uuid4())}})
        )

    append(web, company, one("client.created", {"a": {"sealed": sealed(web, company, uuid4())}}))
    pay("2025-01-01")
    append(web, company, one("fiscal_year.defined", {"from": "2025-01-01", "to": "2026-03-31"}))
    pay("2025-01-01")
    pay("2026-03-31")
    pay("2026-04-01")
    assert kept(web) == [None, "2036-03-31", "2036-03-31", "2037-01-01", "2038-04-01"]


@pytest.mark.parametrize(
    "facts", [{}, {"from": "2026-01-01"}, {"from": "2026-01-02", "to": "2026-01-01"}, {"from": "x", "to": "y"}]
)
def test_a_fiscal_year_has_two_dates_in_order(web, company, facts):
    assert sqlstate(append, web, company, one("fiscal_year.defined", facts)) == "PB003"
