"""Each rule of append on who and what, by an attempt to break it. The database judges alone."""

import json
from datetime import datetime
from uuid import uuid4

import pytest

from ledger import chain
from tests.ledger.example import USER
from tests.ledger.raw import append, one, sqlstate

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
        USER.upper(),
        f"{USER} ",
        f"{USER}\n",
        f"x {USER}",
        "job:",
        "job:A",
        "job:" + "a" * 41,
        "System",
        'system","x":"',
    ],
)
def test_an_actor_has_one_of_four_forms(job, company, actor):
    assert sqlstate(append, job, company, one("client.created"), actor=actor) == "PB003"


@pytest.mark.parametrize("actor", [USER, USER.replace("user", "client"), "job:a_b-9", "system"])
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
