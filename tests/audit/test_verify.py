"""`check`: one finding for one defect, where it is."""

import json
import os
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from random import Random
from uuid import UUID, uuid4

import pytest

from audit.batch import Row
from audit.entries import CONTEXT, examine
from audit.finding import Finding
from audit.verify import _follow, check
from tests.audit import forge
from tests.audit.forge import Ledger, position

VECTORS = json.loads((Path(__file__).parents[1] / "golden" / "ledger-v1.json").read_text(encoding="utf-8"))
SEED = int(os.environ.get("SEED") or Random().randrange(2**32))


def told(findings: list[Finding]) -> list[tuple[int, str]]:
    return [(finding.position, finding.code) for finding in findings]


def test_a_lawful_ledger_has_no_finding():
    assert Ledger().check() == []


def test_the_vectors_have_no_finding():
    ledger = VECTORS["ledger"]
    rows = []
    for entry in VECTORS["entries"]:
        line = json.loads(entry["line"])
        at = forge.microseconds(datetime.fromisoformat(line["at"]))
        rows.append((line["pos"], UUID(line["stream"]), line["version"], line["type"], at, entry["line"].encode(),
                     bytes.fromhex(entry["hash"])))  # fmt: skip
    vault = [forge.Opening(one["digest"], one["subject"], one["salt"], one["value"]) for one in VECTORS["sealed"]]
    assert list(check(ledger, rows, forge.head_of(rows, F2026=1), vault)) == []


# One defect of each kind, in a ledger that is lawfully chained: what a careless or a lying program could have appended.


@pytest.mark.parametrize(
    "change",
    [
        {"by": "hello"}, {"by": "user:8F0C2D4E-1111-4222-8333-944455556666"}, {"type": "invoice"}, {"pos": None},
        {"type": "a." + "b" * 63}, {"version": "2"}, {"version": 0}, {"extra": 1}, {"data": []},
    ],
)  # fmt: skip
def test_a_line_that_is_not_of_the_format_is_named(change):
    ledger = Ledger()
    pos = position(ledger, "client.created", 4)
    rows = ledger.rewrite(pos)
    line = json.dumps({**json.loads(rows[pos - 1][5]), **change}, separators=(",", ":")).encode()
    rows[pos - 1] = (*rows[pos - 1][:5], line, b"")
    assert (pos, "form") in ledger.tell(ledger.chain_again(rows))


@pytest.mark.parametrize("at", ["2026-01-05T08:00:30Z", "2026-01-05T08:00:30.1Z", "2026-13-05T08:00:30.000000Z",
                                "2026-01-05T10:00:30.000001+02:00", "2026-01-05 08:00:30.000001Z"])  # fmt: skip
def test_an_instant_that_is_not_of_the_format_is_named(at):
    ledger = Ledger()
    pos = position(ledger, "quote.drafted", 1)
    rows = list(ledger.rows)
    rows[pos - 1] = (*rows[pos - 1][:5], rows[pos - 1][5].replace(rows[pos - 1][5][7:34], at.encode()), b"")
    assert ledger.tell(ledger.chain_again(rows)) == [(pos, "form")]


@pytest.mark.parametrize("data", VECTORS["refused_data"])
def test_data_outside_the_profile_are_named(data):
    ledger = Ledger()
    pos = position(ledger, "invoice.drafted", 4)
    before, after = ledger.rows[pos - 1][5].split(b'"data":')[0], ledger.rows[pos - 1][5].split(b',"ledger":')[1]
    rows = list(ledger.rows)
    rows[pos - 1] = (*rows[pos - 1][:5], b'%s"data":%s,"ledger":%s' % (before, data.encode(), after), b"")
    (found,) = ledger.tell(ledger.chain_again(rows))
    assert found in {(pos, "profile"), (pos, "form")}


@pytest.mark.parametrize("data", VECTORS["accepted_data"])
def test_data_of_the_profile_are_believed(data):
    ledger = Ledger()
    assert ledger.tell(ledger.rewrite(position(ledger, "quote.drafted"), data=json.loads(data))) == []


def test_a_column_that_contradicts_its_line_is_named():
    ledger = Ledger()
    pos = position(ledger, "invoice.issued", 5)
    for column, other in enumerate((uuid4(), 9, "invoice.drafted", 0), start=1):
        rows = list(ledger.rows)
        rows[pos - 1] = (*rows[pos - 1][:column], other, *rows[pos - 1][column + 1 :])
        (finding,) = ledger.check(rows)
        assert (finding.position, finding.code) == (pos, "columns")
        assert finding.facts == {"columns": [("stream_id", "version", "type", "recorded_at")[column - 1]]}


def test_the_line_of_another_ledger_is_named():
    ledger = Ledger()
    pos = position(ledger, "invoice.drafted", 5)
    assert ledger.tell(ledger.rewrite(pos, ledger=str(uuid4()))) == [(pos, "foreign")]


def test_time_that_goes_back_is_named_unless_a_clock_was_declared():
    ledger = Ledger()
    pos = position(ledger, "quote.drafted")
    early = "2025-12-31T00:00:00.000001Z"
    assert ledger.tell(ledger.rewrite(pos, at=early)) == [(pos, "time")]
    assert ledger.tell(ledger.rewrite(pos, at=early, type="clock.declared")) == [(pos, "clock_declared")]


def test_the_ledger_opens_at_the_first_entry_and_at_no_other():
    ledger = Ledger()
    pos = position(ledger, "quote.drafted")
    assert ledger.tell(ledger.rewrite(1, type="company.changed")) == [(1, "opening")]
    assert ledger.tell(ledger.rewrite(pos, type="ledger.opened")) == [(pos, "opening")]


def test_a_gap_in_a_stream_is_named():
    ledger = Ledger()
    pos = position(ledger, "invoice.issued", 3)
    assert ledger.tell(ledger.rewrite(pos, version=3)) == [(pos, "version")]
    assert ledger.tell(ledger.rewrite(pos, stream=str(uuid4()))) == [(pos, "version")]


def issued(ledger: Ledger, n: int, **changes) -> list[Row]:
    pos = position(ledger, "invoice.issued", n)
    return ledger.rewrite(pos, data={**json.loads(ledger.rows[pos - 1][5])["data"], **changes})


def test_a_number_out_of_its_series_is_named_once():
    ledger = Ledger()
    pos = position(ledger, "invoice.issued", 3)
    after = position(ledger, "invoice.issued", 4)
    assert ledger.tell(issued(ledger, 3, number="F2026-0005")) == [(pos, "number"), (after, "reused_number")]
    assert ledger.tell(issued(ledger, 3, number="F2026-4")) == [(pos, "number")]
    assert ledger.tell(issued(ledger, 9, seq=12, number="F2026-0012"), F2026=12) == [
        (position(ledger, "invoice.issued", 9), "number")
    ]
    assert ledger.tell(issued(ledger, 3, seq="4")) == [(pos, "data")]


def test_a_series_that_was_never_opened_or_was_closed_is_named():
    ledger = Ledger()
    pos = position(ledger, "invoice.issued", 9)
    assert (pos, "series") in ledger.tell(issued(ledger, 9, series="G2026"), F2026=9)
    restored = position(ledger, "quote.drafted", 1)
    closed = [position(ledger, "quote.sent", 2), position(ledger, "invoice.issued", 9)]
    told = ledger.tell(ledger.rewrite(restored, type="ledger.restored"))
    assert told == [(restored, "restored"), *((pos, "series") for pos in closed)]


def test_a_revised_quote_keeps_its_number():
    ledger = Ledger()
    again = position(ledger, "quote.sent", 1)
    data = json.loads(ledger.rows[again - 1][5])["data"]
    assert (again, "number") in ledger.tell(ledger.rewrite(again, data={**data, "revision": 1}))


# Seals, head ----------------------------------------------------------------------------------------------------------


def test_a_seal_that_stands_twice_is_named():
    ledger = Ledger()
    first, second = (position(ledger, "client.created", n) for n in (2, 5))
    rows = ledger.rewrite(second, data=json.loads(ledger.rows[first - 1][5])["data"])
    (finding,) = check(str(ledger.id), rows, forge.head_of(rows, **ledger.last), ledger.vault)
    assert (finding.position, finding.code, finding.facts["first"]) == (second, "reused_seal", first)


def test_an_opening_that_is_missing_or_changed_is_named():
    ledger = Ledger()
    pos = position(ledger, "client.created", 3)
    lost = [one for one in ledger.vault if one.digest.encode() not in ledger.rows[pos - 1][5]]
    (gone,) = {*ledger.vault} - {*lost}
    assert told(list(check(str(ledger.id), ledger.rows, ledger.head, lost))) == [(pos, "seal_lost")]
    other = forge.Opening(gone.digest, gone.subject, gone.salt, '{"name":"Jean"}')
    assert told(list(check(str(ledger.id), ledger.rows, ledger.head, [*lost, other]))) == [(pos, "seal_altered")]


def test_an_erased_person_is_a_notice():
    ledger = Ledger()
    pos, erasure = position(ledger, "client.created", 3), position(ledger, "quote.drafted", 1)
    lost = [one for one in ledger.vault if one.digest.encode() not in ledger.rows[pos - 1][5]]
    (gone,) = {*ledger.vault} - {*lost}
    data = {"digests": [gone.digest], "reason": "demande", "subject_id": gone.subject}
    rows = ledger.rewrite(erasure, type="subject.erased", data=data)
    (finding,) = check(str(ledger.id), rows, forge.head_of(rows, **ledger.last), lost)
    assert finding == Finding(pos, "erased", {"digests": [gone.digest]})
    assert finding.is_notice


def test_a_head_that_is_not_that_of_the_last_entry_is_named():
    ledger = Ledger()
    head, last = ledger.head, len(ledger.rows)
    for wrong, found in (
        ({"hash": b"x" * 32}, (last, "head")),
        ({"recorded": 0}, (last, "head")),
        ({"pos": last + 3}, (last + 1, "cut")),
        ({"pos": last - 2}, (last - 1, "beyond")),
        ({"series": {**head.series, "F2026": {"pattern": "F2026-####", "last": 9}}}, (last, "counter")),
        ({"series": {**head.series, "F2026": {"pattern": "F####", "last": 10}}}, (last, "counter")),
        ({"series": {"F2026": head.series["F2026"]}}, (position(ledger, "quote.sent", 2), "counter")),
        ({"series": {**head.series, "X": {"pattern": "X#", "last": 1}}}, (last, "counter")),
    ):
        assert told(ledger.check(head=replace(head, **wrong))) == [found]
    assert told(list(check(str(ledger.id), ledger.rows, None, ledger.vault))) == [(last, "head")]


# Windows and ranges ---------------------------------------------------------------------------------------------------


def in_ranges(ledger: Ledger, rows: list[Row], cuts: list[int]) -> list[Finding]:
    """As several processes find it: each range with its neighbours, as `reading.rows` gives them."""
    last = rows[-1][0]
    batches = []
    for after, to in pairwise([0, *cuts, last]):
        before = [row for row in rows if row[0] <= after][-CONTEXT:]
        beyond = [row for row in rows if row[0] > to][:1]
        within = [row for row in rows if after < row[0] <= to]
        batches += examine(str(ledger.id), [*before, *within, *beyond], after, to)
    return list(_follow(str(ledger.id), batches, ledger.head, ledger.vault))


def spoilt(ledger: Ledger, random: Random) -> list[Row]:
    """Some damage at random places."""
    rows = list(ledger.rows)
    for _ in range(random.randrange(1, 4)):
        at = random.randrange(2, len(rows) - 2)
        row = rows[at]
        match random.randrange(6):
            case 0:
                rows[at] = (*row[:5], row[5].replace(b"user:8", b"user:9"), row[6])
            case 1:
                rows[at] = (*row[:6], random.randbytes(32))
            case 2:
                del rows[at]
            case 3:
                rows[at], rows[at + 1] = (row[0], *rows[at + 1][1:]), (rows[at + 1][0], *row[1:])
            case 4:
                rows = [*rows[:at], *((one[0] - 1, *one[1:]) for one in rows[at + 1 :])]
            case 5:
                fake = (row[0], *row[1:6], random.randbytes(32))
                rows = [*rows[:at], fake, *((one[0] + 1, *one[1:]) for one in rows[at:])]
    return rows if rows != ledger.rows else spoilt(ledger, random)  # twice the same exchange is none


@pytest.mark.parametrize("seed", [SEED + n for n in range(60)])
def test_ranges_and_windows_find_what_one_walk_finds(seed, monkeypatch):
    print(f"SEED={seed}")
    random = Random(seed)
    ledger = Ledger(8)
    rows = spoilt(ledger, random)
    whole = ledger.check(rows)
    assert whole
    cuts = sorted(random.sample(range(3, rows[-1][0] - 3), 4))
    assert in_ranges(ledger, rows, cuts) == whole
    monkeypatch.setattr("audit.entries.WINDOW", random.randrange(1, 9))
    assert ledger.check(rows) == whole
