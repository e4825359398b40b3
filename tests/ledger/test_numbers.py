"""Each rule of append on series and numbers, by an attempt to break it. The database judges alone."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from tests.ledger.raw import append, issued, one, sqlstate, today

OPENED = {"format": 1, "mode": "live", "time_zone": "Europe/Paris"}


@pytest.fixture
def web(connect, company):
    return connect("probant_web", company)


@pytest.fixture
def job(connect, company):
    return connect("probant_job", company)


def lines(conn):
    return [line for (line,) in conn.execute("SELECT line FROM ledger.entry ORDER BY pos")]


def test_numbers_follow_each_other_within_one_append_too(web, company):
    assert append(web, company, issued(web, 1), issued(web, 2)) == 4
    assert append(web, company, issued(web, 3)) == 5
    assert web.execute("SELECT number, pos FROM ledger.number ORDER BY pos").fetchall() == [
        ("F2026-0001", 3),
        ("F2026-0002", 4),
        ("F2026-0003", 5),
    ]


@pytest.mark.parametrize(
    "facts",
    [
        {"seq": 0},
        {"seq": 3},
        {"seq": 1},
        {"seq": 3, "number": "F2026-0003"},
        {"seq": 1, "number": "F2026-0001"},
        {"seq": "2"},
        {"seq": None},
        {"number": "F2026-2"},
        {"number": "F2026-0003"},
        {"number": None},
        {"series": "F2027"},
        {"series": None},
        {"kind": "credit_note"},
        {"kind": None},
        {"kind": 1},
        {"issued_on": None},
        {"issued_on": "1999-01-01"},
        {"issued_on": "2026-1-1"},
        {"issued_on": "today"},
    ],
)
def test_a_number_is_the_next_of_an_open_series_for_its_kind(web, company, facts):
    append(web, company, issued(web, 1))
    assert sqlstate(append, web, company, issued(web, 2, **facts)) == "PB005"
    assert append(web, company, issued(web, 2)) == 4


def test_an_invoice_is_not_dated_before_the_last_of_its_series(web, company):
    tomorrow = str(date.fromisoformat(today(web)) + timedelta(days=1))
    append(web, company, issued(web, 1, issued_on=tomorrow))
    assert sqlstate(append, web, company, issued(web, 2)) == "PB005"
    assert append(web, company, issued(web, 2, issued_on=tomorrow)) == 4


def test_a_refused_number_is_given_to_the_next(web, company):
    assert sqlstate(append, web, company, issued(web, 1), one("client.created", version=9)) == "PB004"
    assert append(web, company, issued(web, 1)) == 3


RIGHT = {"kinds": ["credit_note"], "pattern": "A2026-####", "series": "A2026"}


@pytest.mark.parametrize(
    "facts",
    [
        {"series": "a2026"},
        {"series": ""},
        {"series": "A" * 17},
        {"series": "A_1"},
        {"series": 1},
        {"pattern": "A2026"},
        {"pattern": "A#-#"},
        {"pattern": "A #"},
        {"pattern": "A" * 35 + "#"},
        {"pattern": "é#"},
        {"pattern": 1},
        {"kinds": []},
        {"kinds": "invoice"},
        {"kinds": ["bill"]},
        {"kinds": [1]},
        {"kinds": [["invoice"]]},
        {"first": 0},
        {"first": "1"},
        {"first": -1},
    ],
)
def test_a_series_is_opened_with_its_name_kinds_pattern_and_first_number(web, company, facts):
    assert sqlstate(append, web, company, one("series.opened", RIGHT | facts)) == "PB003"
    assert append(web, company, one("series.opened", RIGHT)) == 3


def test_a_series_goes_on_after_another_softwares_numbers(web, company):
    append(web, company, one("series.opened", RIGHT | {"first": 118}))
    credit = {"series": "A2026", "kind": "credit_note"}
    assert sqlstate(append, web, company, issued(web, 1, number="A2026-0001", **credit)) == "PB005"
    assert append(web, company, issued(web, 118, number="A2026-0118", **credit)) == 4


def test_a_known_series_is_never_opened_again(web, company):
    assert (
        sqlstate(append, web, company, one("series.opened", RIGHT), one("series.opened", RIGHT | {"pattern": "B####"}))
        == "PB005"
    )
    assert sqlstate(append, web, company, one("series.opened", RIGHT | {"series": "F2026"})) == "PB005"


def test_a_number_is_unique_in_the_ledger_whatever_its_series(web, company):
    append(
        web,
        company,
        one("series.opened", {"kinds": ["invoice"], "pattern": "F2026-000#", "series": "G"}),
        issued(web, 1),
    )
    assert sqlstate(append, web, company, issued(web, 1, series="G")) == "PB005"


@pytest.mark.parametrize("facts", [{"number": 1}, {"series": 7}])
def test_a_number_and_a_series_are_texts_even_of_digits_only(web, company, facts):
    append(web, company, one("series.opened", {"kinds": ["invoice"], "pattern": "#", "series": "7"}))
    right = {"series": "7", "number": "1"}
    assert sqlstate(append, web, company, issued(web, 1, **right | facts)) == "PB005"
    assert append(web, company, issued(web, 1, **right)) == 4


def test_a_number_longer_than_its_run_of_signs_is_written_in_full_up_to_35_characters(web, company):
    append(
        web,
        company,
        one("series.opened", {"first": 99, "kinds": ["invoice"], "pattern": "F" * 33 + "##", "series": "F"}),
    )
    assert append(web, company, issued(web, 99, series="F", number="F" * 33 + "99")) == 4
    assert sqlstate(append, web, company, issued(web, 100, series="F", number="F" * 33 + "100")) == "PB005"


def test_a_quote_takes_a_number_once_and_keeps_it_through_its_revisions(web, company):
    stream, sent = uuid4(), {"number": "D-001", "revision": 1, "sent_on": "2026-03-01", "seq": 1, "series": "D"}
    append(web, company, one("series.opened", {"kinds": ["quote"], "pattern": "D-###", "series": "D"}))
    append(web, company, one("quote.sent", sent, stream=stream))
    assert append(web, company, one("quote.sent", sent | {"revision": 2}, version=2, stream=stream)) == 5
    assert sqlstate(append, web, company, one("quote.sent", sent | {"revision": 2})) == "PB005"
    assert sqlstate(append, web, company, one("quote.sent", sent)) == "PB005"
    assert append(web, company, one("quote.sent", sent | {"number": "D-002", "seq": 2})) == 6
