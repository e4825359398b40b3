"""A line of the format: the short way to read it believes nothing that the long way refuses."""

import json
import os
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.form import Malformed, Reader
from ledger.chain import in_profile
from tests.audit.forge import Ledger

VECTORS = json.loads((Path(__file__).parents[1] / "golden" / "ledger-v1.json").read_text(encoding="utf-8"))
SEED = int(os.environ.get("SEED") or Random().randrange(2**32))
TYPE = "client.created"
BEFORE = b'{"at":"2026-01-05T08:00:30.000001Z","by":"system","data":'
AFTER = (
    b',"ledger":"5b0e6c1e-2f4d-4a53-9b1e-7c8f0a1b2c3d","pos":4,"stream":"c4e1a7d0-0000-4000-8000-000000000000",'
    b'"type":"client.created","version":1}'
)


@pytest.fixture(scope="module")
def learned() -> Reader:
    """A reader that knows the keys `a`, `b_cents`, `sealed`, `schema` and those of a usual ledger."""
    reader = Reader()
    for data in (
        b'{"a":[{"sealed":"%s"}],"b_cents":1,"schema":2}' % (b"0" * 64), b'{"a":{"b_cents":7}}', b'{"a":[1,true,"a"]}',
        b'{"a":true,"b_cents":2}', b'{"a":1}', b'{"a":"a"}', b'{"a":{"a":"a","schema":1}}',
    ):  # fmt: skip
        reader.read(BEFORE + data + AFTER, TYPE)
    assert reader.read_all([BEFORE + b'{"a":{"b_cents":9,"sealed":"%s"}}' % (b"0" * 64) + AFTER], TYPE) is None
    assert reader.read_all([BEFORE + b'{"a":{"b_cents":9}}' + AFTER], TYPE)
    return reader


def believed(reader: Reader, line: bytes, type_: str = TYPE) -> bool:
    try:
        reader.read(line, type_)
    except Malformed:
        return False
    return True


ATOMS = [
    '"',
    "\\",
    "a",
    "b_cents",
    "sealed",
    "schema",
    ":",
    ",",
    "{",
    "}",
    "[",
    "]",
    "0",
    "1",
    "-",
    ".5",
    "e3",
    "null",
    "true",
    " ",
    "\\u001f",
    "\\u0000",
    "\\/",
    "é",
    "A",
    "0" * 64,
    '{"sealed":"' + "f" * 64 + '"}',
    "\x7f",
    "\n",
    '"a":',
    '"b_cents":',
    '"schema":',
    '"sealed":',
    '"A":',
    '"":',
    "1000000000000000",
    "[" * 16,
    "\ud800",
]


@given(st.lists(st.sampled_from(ATOMS), max_size=12))
def test_whatever_the_data_both_ways_say_what_the_profile_says(learned, atoms):
    data = "{" + "".join(atoms) + "}"
    line = BEFORE + data.encode("utf-8", "surrogatepass") + AFTER
    right = "\ud800" not in data and in_profile(data)
    assert believed(learned, line) == believed(Reader(), line) == right


@pytest.mark.parametrize("schema", [b"1", b"0", b"-2", b"true", b'"2"', b"[2]"])
def test_a_version_of_data_below_2_is_refused_both_ways(learned, schema):
    line = BEFORE + b'{"b_cents":1,"schema":%s}' % schema + AFTER
    assert not believed(learned, line)
    assert not believed(Reader(), line)


@pytest.mark.parametrize("data", [*VECTORS["accepted_data"], *VECTORS["refused_data"]])
def test_both_ways_agree_on_the_vectors(learned, data):
    line = BEFORE + data.encode() + AFTER
    assert believed(learned, line) == believed(Reader(), line) == (data in VECTORS["accepted_data"])


@pytest.mark.parametrize("seed", [SEED + n for n in range(5)])
def test_both_ways_agree_on_lines_with_one_byte_changed(seed):
    print(f"SEED={seed}")
    random, ledger, fast = Random(seed), Ledger(60), Reader()
    for row in ledger.rows:
        fast.read(row[5], row[3])
    for row in ledger.rows:
        line = bytearray(row[5])
        line[random.randrange(len(line))] = random.randrange(1, 256)
        assert believed(fast, bytes(line), row[3]) == believed(Reader(), bytes(line)), bytes(line)


def test_a_line_says_what_stands_in_it():
    ledger = Ledger()
    read = Reader().read(ledger.rows[3][5], TYPE)
    assert (read.pos, read.type, read.version, read.ledger) == (4, "client.created", 1, str(ledger.id))
    assert read.stream == ledger.rows[3][1] != UUID(int=0)
