"""Each rule of append, by an attempt to break it. The database judges alone: no code of ours is in between."""

import json
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from ledger import chain
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


def test_an_entry_is_composed_linked_and_indexed(web, company):
    stream = uuid4()
    assert append(web, company, one("client.created", {"a": "é"}, stream=stream)) == 3
    row = web.execute(
        "SELECT pos, stream_id, version, type, recorded_at, line, hash FROM ledger.entry WHERE pos = 3"
    ).fetchone()
    before = web.execute("SELECT hash FROM ledger.entry WHERE pos = 2").fetchone()[0]
    line = json.loads(row[5])
    assert list(line) == ["at", "by", "data", "ledger", "pos", "stream", "type", "version"]
    assert (line["pos"], line["stream"], line["version"], line["type"]) == (row[0], str(row[1]), row[2], row[3])
    assert datetime.fromisoformat(line["at"]) == row[4]
    assert line["at"].endswith("Z")
    assert chain.link(before.hex(), row[5]) == row[6].hex()
    head = web.execute("SELECT pos, hash, at FROM ledger.head").fetchone()
    assert head == (3, row[6], row[4])


@pytest.mark.parametrize(
    "actor",
    [
        "hello",
        "",
        None,
        "user:",
        "user:8f0c",
        f"user:{uuid4()}".upper(),
        f"user:{uuid4()} ",
        f"user:{uuid4()}\n",
        f"x user:{uuid4()}",
        "job:",
        "job:A",
        "job:" + "a" * 41,
        "System",
        'system","x":"',
    ],
)
def test_an_actor_has_one_of_four_forms(job, company, actor):
    assert sqlstate(append, job, company, one("client.created"), actor=actor) == "PB003"


@pytest.mark.parametrize("actor", [f"user:{uuid4()}", f"client:{uuid4()}", "job:a_b-9", "system"])
def test_a_job_may_act_for_anybody(job, company, actor):
    assert append(job, company, one("period.noted"), actor=actor) == 3


@pytest.mark.parametrize("actor", ["system", "job:verify", "hello", ""])
def test_the_web_acts_only_as_a_user_or_a_client(web, company, actor):
    assert sqlstate(append, web, company, one("client.created"), actor=actor) == "PB009"


@pytest.mark.parametrize(
    "type",
    [
        "company.changed",
        "client.created",
        "product.created",
        "quote.drafted",
        "invoice.drafted",
        "invoice.revised",
        "invoice.discarded",
        "books.configured",
        "books.closed",
        "document.copied",
        "reminder.sent",
        "security.signed_in",
        "parameter.changed",
    ],
)
def test_the_web_appends_the_types_that_are_its_own(web, company, type):
    assert append(web, company, one(type)) == 3


@pytest.mark.parametrize(
    "type",
    [
        "ledger.opened",
        "ledger.restored",
        "ledger.superseded",
        "period.closed",
        "document.rendered",
        "document.sent",
        "invoice.imported",
        "subject.erased",
        "signer.declared",
        "clock.declared",
        "clock.suspected",
        "archive.created",
        "chain.verified",
        "books.exported",
        "invoice.issuedx",
        "xclient.created",
        "series.opened.x",
        "",
    ],
)
def test_the_web_appends_no_other_type(web, company, type):
    assert sqlstate(append, web, company, one("client.created"), one(type)) == "PB009"


@pytest.mark.parametrize("type", ["subject.erased", "clock.suspected", "clock.declared"])
def test_what_only_a_function_may_say_is_refused_to_all(job, company, type):
    assert sqlstate(append, job, company, one(type)) == "PB009"


@pytest.mark.parametrize(
    "type",
    ["x", "x.", ".x", "X.y", "x.y.z", "x.y1", "_x.y", "x. y", "x.y\n", "x." + "y" * 63, "x." + "y" * 1_000_000, None],
)
def test_a_type_is_two_short_words(job, company, type):
    assert sqlstate(append, job, company, one(type)) == "PB003"
    assert append(job, company, one("x." + "y" * 62)) == 3


@pytest.mark.parametrize(
    "data", ['{"a":1.0}', '{"a":null}', '{"a": 1}', "[]", "{", "", None, '{"a":' + "[" * 16 + "]" * 16 + "}"]
)
def test_data_is_in_the_profile(web, company, data):
    assert sqlstate(append, web, company, one("client.created"), one("client.changed", data)) == "PB003"
    assert len(lines(web)) == 2


@pytest.mark.parametrize("version", [0, -1, 2, None, 2**40])
def test_the_first_version_of_a_stream_is_1(web, company, version):
    assert sqlstate(append, web, company, one("client.created", version=version)) == "PB004"


@pytest.mark.parametrize("versions", [(1,), (3,), (4,), (2,), (3, 3), (3, 5), (3, 4, 4)])
def test_versions_follow_each_other_without_a_gap(web, company, versions):
    stream = uuid4()
    append(web, company, one("client.created", stream=stream), one("client.changed", version=2, stream=stream))
    expected = None if versions == (3,) else "PB004"
    assert (
        sqlstate(append, web, company, *(one("client.changed", version=v, stream=stream) for v in versions)) == expected
    )


def test_the_streams_of_one_append_may_alternate(web, company):
    a, b = uuid4(), uuid4()
    order = [(a, 1), (b, 1), (a, 2), (b, 2)]
    assert append(web, company, *(one("client.changed", version=v, stream=s) for s, v in order)) == 6
    assert (
        sqlstate(
            append, web, company, *(one("client.changed", version=v, stream=s) for s, v in [(a, 3), (b, 3), (a, 3)])
        )
        == "PB004"
    )


def test_arrays_of_different_lengths_are_refused(web, company):
    call = "SELECT ledger.append(%s, %s, NULL, NULL, NULL, %s, %s, '{client.created}', '{}')"
    assert sqlstate(web.execute, call, (company, f"user:{uuid4()}", [uuid4()], [1])) == "PB003"


def test_a_line_is_at_most_4_mib(web, company):
    def of(length: int):
        return one("client.created", {"a": "x" * (length - frame)})

    append(web, company, one("client.created", {"a": ""}))
    frame = len(lines(web)[2])
    assert sqlstate(append, web, company, of(chain.LINE_MAX + 1)) == "PB003"
    assert append(web, company, of(chain.LINE_MAX)) == 4
    assert len(lines(web)[3]) == 4 * 1024 * 1024


def test_a_ledger_that_was_not_opened_takes_nothing(job):
    assert sqlstate(append, job, uuid4(), one("client.created")) == "PB002"
    assert sqlstate(append, job, uuid4()) == "PB002"


@pytest.mark.parametrize(
    "facts",
    [
        {"mode": "test"},
        {"time_zone": "Europe/Nowhere"},
        {"time_zone": "CET+3"},
        {"format": 2},
        {"format": "1"},
        {"origin": "probant.example"},
        {"origin": f"probant.example/{uuid4()}"},
        {"mode": 1},
        {"time_zone": 5},
    ],
)
def test_a_ledger_is_opened_with_its_format_mode_time_zone_and_origin(connect, facts):
    company = uuid4()
    job, right = connect("probant_job", company), OPENED | {"origin": f"probant.example/{company}"}
    assert sqlstate(append, job, company, one("ledger.opened", right | facts)) == "PB003"
    assert append(job, company, one("ledger.opened", right)) == 1


def test_a_ledger_is_opened_once_at_position_1(job, company):
    again = OPENED | {"origin": f"probant.example/{company}"}
    assert sqlstate(append, job, company, one("ledger.opened", again)) == "PB003"
    new = uuid4()
    assert (
        sqlstate(
            append, job, new, one("client.created"), one("ledger.opened", OPENED | {"origin": f"probant.example/{new}"})
        )
        == "PB002"
    )


# Series and numbers


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
