"""The short way for a window passes nothing in which the walk finds something, and says the same of the rest."""

import os
from dataclasses import replace
from random import Random
from uuid import UUID

import pytest

from audit.batch import Row
from audit.entries import _walked
from audit.flawless import flawless
from audit.form import Line, Reader
from tests.audit import forge
from tests.audit.forge import Ledger

SEED = int(os.environ.get("SEED") or Random().randrange(2**32))
PIECES = [
    b" ", b"null", b"1.0", b"1e3", b"-0", b"10000000000000000", b"true", b'"a"', b"[]", b"{}", b'"a":1,', b"\\u0000",
    b"\\/", b"\\u00e9", b"\x00", b"\n", b"\xff", b'{"sealed":"' + b"A" * 64 + b'"}', b'"schema":1,', b'"sealed":"a",',
    b'"net_cents":"1",', b"[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]", b'"by":"x",', b'"pos":1,', b"Z", b"+00:00",
]  # fmt: skip


class LongWay:
    """Reads each line as one whose shape was never seen."""

    def read(self, line: bytes, type_: str) -> Line:
        return Reader().read(line, type_)


@pytest.fixture(autouse=True)
def _walk_goes_the_long_way(monkeypatch):
    monkeypatch.setattr("audit.walk.reader", LongWay)


def mutated(line: bytes, random: Random) -> bytes:
    """One byte changed, a piece put in where it may fit, a stretch doubled, or taken out."""
    at = random.randrange(len(line))
    match random.randrange(5):
        case 0:
            return line[:at] + bytes([random.randrange(1, 256)]) + line[at + 1 :]
        case 1:
            at = random.choice([i + 1 for i, byte in enumerate(line) if byte in b"{[:,"])
            return line[:at] + random.choice(PIECES) + line[at:]
        case 2:
            stops = [i for i, byte in enumerate(line) if byte == ord(",")]
            i, j = sorted(random.sample(stops, 2))
            return line[:i] + line[i:j] + line[i:]  # a key twice
        case 3:
            return line[:at] + line[at + random.randrange(1, 4) :]
        case _:
            start = random.choice([i + 1 for i, byte in enumerate(line) if byte == ord(":")])
            end = min(i for i in (line.find(b",", start), line.find(b"}", start)) if i > 0)
            return line[:start] + random.choice(PIECES) + line[end:]  # a value exchanged


def spoilt(ledger: Ledger, random: Random) -> tuple[list[Row], int]:
    """A window in which one thing is another; and its place. Most are chained again: only the form can tell."""
    rows, at = list(ledger.rows), random.randrange(1, len(ledger.rows))
    row = list(rows[at])
    column = random.choice([5, 5, 5, 5, 0, 1, 2, 3, 4, 6])
    row[column] = {
        0: row[0] + random.choice([-1, 1]), 1: UUID(int=row[1].int ^ 1), 2: row[2] + 1, 3: "invoice.noted",
        4: row[4] + random.choice([-(10**9), -1, 1]), 5: mutated(row[5], random), 6: random.randbytes(32),
    }[column]  # fmt: skip
    rows[at] = tuple(row)
    return (rows if column == 6 else ledger.chain_again(rows)), at


def test_a_lawful_window_is_passed_and_says_what_the_walk_says():
    ledger = Ledger(40)
    for start in (0, 1, 50):
        known = ledger.rows[start - 1] if start else None
        batch = flawless(str(ledger.id), known, ledger.rows[start:])
        assert batch == _walked(str(ledger.id), known, ledger.rows[start:])


@pytest.mark.parametrize("seed", [SEED + n for n in range(20)])
def test_what_is_passed_has_no_finding(seed):
    print(f"SEED={seed}")
    random, ledger = Random(seed), Ledger(6)
    assert flawless(str(ledger.id), None, ledger.rows)
    for _ in range(60):
        rows, at = spoilt(ledger, random)
        batch = flawless(str(ledger.id), None, rows)
        slow = _walked(str(ledger.id), None, rows)
        assert batch in (None, slow), rows[at][5]
        assert batch is None or not slow.findings


def test_a_window_after_an_odd_entry_is_left_to_the_walk():
    ledger = Ledger()
    odd = ledger.rewrite(20, by="hello")
    assert flawless(str(ledger.id), odd[19], odd[20:]) is None
    assert flawless(str(ledger.id), odd[20], odd[21:])


def test_keys_are_read_in_any_order_and_instants_on_a_whole_second():
    ledger = Ledger()
    rows = ledger.rewrite(20, data={"z": 1, "a": 2})
    assert replace(_walked(str(ledger.id), None, rows), findings=[]) == flawless(str(ledger.id), None, rows)
    row = forge.line_of(ledger.id, 1, ledger.id, 1, "ledger.opened", forge.EPOCH, {"format": 1})
    assert flawless(str(ledger.id), None, list(forge.chained(
        [(1, ledger.id, 1, "ledger.opened", 0, row, b"")], forge.genesis_of(ledger.id))))  # fmt: skip
