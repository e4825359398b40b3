"""The bytes of ledger-format.md, from Python and from SQL: the vectors, and that both sides agree on the rest."""

import json
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledger import chain
from ledger.canonical import NotInProfile, NotNormalised, canonical

VECTORS = json.loads(Path(__file__).parents[1].joinpath("golden/ledger-v1.json").read_text("utf-8"))
ZEROS = "0" * 64

ACCEPTED = [
    *VECTORS["accepted_data"],
    "{}",
    '{"a":""}',
    '{"a":[]}',
    '{"a":{}}',
    '{"a":[1,"x",true,{},[]]}',
    '{"b":1,"a":2}',
    '{"a":0}',
    '{"a":-999999999999999}',
    '{"a":"\\u001f\\b\\t\\n\\f\\r\\"\\\\/"}',
    '{"a":"\x7f\u0085\u2028😀"}',
    '{"a":"e\u0301"}',
    '{"a":"1, 2: 3, , : "}',
    '{"a":"\\u001fA"}',
    '{"a":"\\\\u0041"}',
    '{"a":"\\"b\\":1.0, null"}',
    '{"a_cents":-5,"b_bp":0}',
    '{"a_cents_":"x"}',
    '{"schema":2}',
    '{"schema":10}',
    '{"a":{"schema":1}}',
    '{"a":"{\\"sealed\\":1}"}',
    '{"a":["sealed"]}',
    f'{{"a":{{"sealed":"{ZEROS}"}},"b":[{{"sealed":"{ZEROS[1:]}a"}}]}}',
    f'{{"sealed":"{ZEROS}"}}',
]
REFUSED = [
    *VECTORS["refused_data"],
    "",
    "{",
    "x",
    "1",
    '"a"',
    "null",
    '{"a":1}\n',
    '\n{"a":1}',
    ' {"a":1}',
    '{"a":1 }',
    '{"a" :1}',
    '{"a":[1, 2]}',
    '{"a":1,}',
    '{"a":[1,]}',
    '{"a":1}{"a":1}',
    '{"a":01}',
    '{"a":+1}',
    '{"a":.5}',
    '{"a":-}',
    '{"a":1E2}',
    '{"a":0.0}',
    '{"a":-1000000000000000}',
    '{"a":00}',
    '{"a":1-1}',
    '{"a":tru}',
    '{"a":True}',
    '{"a":[null]}',
    '{"a":Infinity}',
    '{"a":{"b":1,"b":1}}',
    '{"a":[{"b":{},"c":1,"b":{}}]}',
    '{"a":1, "a":1}',
    '{"1a":1}',
    '{"a-b":1}',
    '{"é":1}',
    '{"_a":1}',
    '{"aB":1}',
    '{"a\\u0062":1}',
    '{"a":"\\u0008"}',
    '{"a":"\\u001F"}',
    '{"a":"\\u007f"}',
    '{"a":"\\u00e9"}',
    '{"a":"\\x41"}',
    '{"a":"\t"}',
    '{"a":"\n"}',
    '{"a":"\\"}',
    '{"a":"\\ud83d\\ude00"}',
    '{"a_cents":"1"}',
    '{"a_bp":true}',
    '{"a":{"net_cents":[1]}}',
    '{"schema":1}',
    '{"schema":0}',
    '{"schema":"2"}',
    '{"schema":{}}',
    f'{{"a":{{"sealed":"{ZEROS[1:]}A"}}}}',
    f'{{"a":{{"sealed":"{ZEROS[1:]}"}}}}',
    '{"a":{"sealed":1}}',
    f'{{"a":{{"sealed":{{"sealed":"{ZEROS}"}}}}}}',
    f'{{"a":{{"sealed":"{ZEROS}","sealed":"{ZEROS}"}}}}',
    f'{{"a":{{"b":1,"sealed":"{ZEROS}"}}}}',
    '{"a":' * 17 + "1" + "}" * 17,
    '{"a":' + "[" * 20000 + "]" * 20000 + "}",
]

text = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])).map(
    lambda t: unicodedata.normalize("NFC", t)
)
keys = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True).filter(
    lambda key: key not in ("schema", "sealed") and not key.endswith(("_cents", "_bp"))
)
values = st.recursive(
    st.booleans()
    | st.integers(1 - 10**15, 10**15 - 1)
    | text
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.datetimes(timezones=st.just(UTC))
    | st.uuids(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=20,
)


@pytest.fixture(scope="module")
def sql(server):
    with psycopg.connect(server.uri("postgres"), autocommit=True) as conn:
        yield lambda statement, *args: conn.execute(statement, args).fetchone()


def test_python_reproduces_every_hash():
    head = chain.genesis(VECTORS["ledger"])
    assert head == VECTORS["genesis"]
    for entry in VECTORS["entries"]:
        head = chain.link(head, entry["line"])
        assert head == entry["hash"]


def test_the_database_composes_and_links_the_same_bytes(sql):
    head = sql("SELECT ledger.genesis(%s)", VECTORS["ledger"])[0]
    assert head.hex() == VECTORS["genesis"]
    for entry in VECTORS["entries"]:
        line = json.loads(entry["line"])
        data = canonical(line["data"]).decode()
        facts = (
            line["at"],
            line["by"],
            data,
            line["ledger"],
            line["pos"],
            line["stream"],
            line["type"],
            line["version"],
        )
        composed, head, good = sql(
            "SELECT line, ledger.link(%s, line), ledger.in_profile(%s)"
            "  FROM ledger.compose(%s, %s, %s, %s, %s, %s, %s, %s) AS line",
            head,
            data,
            *facts,
        )
        assert (composed, head.hex(), good, chain.in_profile(data)) == (entry["line"], entry["hash"], True, True)


@pytest.mark.parametrize("sealed", VECTORS["sealed"], ids=lambda sealed: sealed["digest"][:8])
def test_sealed_values_are_reproduced_and_accepted_by_the_vault(connect, sealed):
    company = VECTORS["ledger"]
    assert chain.seal(company, sealed["subject"], sealed["salt"], sealed["value"]) == sealed["digest"]
    assert canonical(json.loads(sealed["value"])).decode() == sealed["value"]
    facts = (company, bytes.fromhex(sealed["digest"]), sealed["subject"], sealed["salt"], sealed["value"])
    insert = "INSERT INTO ledger.sealed (company_id, digest, subject_id, salt, value) VALUES (%s, %s, %s, %s, %s)"
    connect("probant_web", UUID(company)).execute(insert, facts)


def both(sql, data: str) -> tuple[bool, bool]:
    return sql("SELECT ledger.in_profile(%s)", data)[0], chain.in_profile(data)


@pytest.mark.parametrize("data", ACCEPTED, ids=lambda data: data[:40])
def test_what_is_in_the_profile_is_accepted_on_both_sides(sql, data):
    assert both(sql, data) == (True, True)


@pytest.mark.parametrize("data", REFUSED, ids=lambda data: data[:40])
def test_what_is_not_in_the_profile_is_refused_on_both_sides(sql, data):
    assert both(sql, data) == (False, False)


@given(value=values)
@example(value="\u001fA")
@example(value="\n\u0301")
def test_what_the_codec_writes_is_in_the_profile_on_both_sides(sql, value):
    assert both(sql, canonical({"value": value}).decode()) == (True, True)


@given(
    value=st.dictionaries(keys, values, max_size=4),
    at=st.integers(0),
    chars=st.text('{}[]",:\\ \n0123456789.eE+-anulltrsdb\u001fé_', max_size=3),
    cut=st.integers(0, 3),
)
@example(value={"a": 1}, at=6, chars=" ", cut=0)
def test_both_sides_agree_on_texts_with_a_fault(sql, value, at, chars, cut):
    good = canonical(value).decode()
    at %= len(good) + 1
    mutated = good[:at] + chars + good[at + cut :]
    in_sql, in_python = both(sql, mutated)
    assert in_sql == in_python


def test_typed_values_become_the_shortest_texts():
    facts = {
        "q": Decimal("95.00"),
        "e": Decimal("1E+2"),
        "z": Decimal("-0.00"),
        "on": date(2026, 3, 1),
        "id": UUID(int=10),
        "at": datetime(2026, 3, 1, tzinfo=UTC),
        "t": (1, True),
    }
    assert canonical(facts).decode() == (
        '{"at":"2026-03-01T00:00:00.000000Z","e":"100","id":"00000000-0000-0000-0000-00000000000a",'
        '"on":"2026-03-01","q":"95","t":[1,true],"z":"0"}'
    )


@pytest.mark.parametrize(
    "value", [1.0, None, [None], {"A": 1}, {"é": 1}, 10**15, "\0", "\ud800", Decimal("NaN"), b"x", {1: 2}]
)
def test_what_has_no_form_in_the_ledger_is_refused(value):
    with pytest.raises((NotInProfile, TypeError)):
        canonical({"a": value})


def test_the_seventeenth_level_is_refused():
    deep = []
    for _ in range(14):
        deep = [deep]
    assert chain.in_profile(canonical({"a": deep}).decode())
    with pytest.raises(NotInProfile):
        canonical({"a": [deep]})


@pytest.mark.parametrize("value", ["e\u0301", {"a": ["\u212b"]}])
def test_a_text_that_is_not_in_nfc_is_refused_not_repaired(value):
    with pytest.raises(NotNormalised):
        canonical({"a": value})


def test_nfc_is_judged_on_each_text_not_on_its_json():
    assert canonical({"a": "\n\u0301"}).decode() == '{"a":"\\n\u0301"}'


def test_every_defect_has_its_name():
    found = {
        "json": "{",
        "object": "[]",
        "form": '{"a": 1}',
        "depth": '{"a":' + "[" * 16 + "]" * 16 + "}",
        "null": '{"a":null}',
        "number": '{"a":1.5}',
        "key": '{"A":1}',
        "amount": '{"a_cents":"1"}',
        "schema": '{"schema":1}',
        "seal": '{"sealed":"x"}',
    }
    assert {name: chain.profile_defects(data) for name, data in found.items()} == {name: [name] for name in found}
