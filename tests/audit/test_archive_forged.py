"""An archive whose signature and chain hold, and that says something false all the same: each check on its own."""

import json
import zipfile
from pathlib import Path

import pytest

from audit import reading
from audit.archive.zipping import canonical
from audit.verifier import main
from audit.verifier.figures import Series
from audit.verifier.histories import Histories
from audit.verifier.lines import Start
from audit.verifier.report import Report
from audit.verifier.tree import Note
from audit.witness import Request, Witness
from ledger.note import Key
from tests.audit.archiving import ground, rewritten
from tests.audit.forging import entry, forger

GOLDEN = Path(__file__).parents[1] / "golden" / "archives"


@pytest.fixture(scope="module")
def world(settings, server, web_pool, job_pool):
    return ground(settings, server, web_pool, job_pool)


@pytest.fixture(scope="module")
def archive(world, tmp_path_factory):
    path = tmp_path_factory.mktemp("archive") / "a.asice"
    world.build(path)
    return path


def defects(path: Path, **given) -> dict[int, list[str]]:
    return {number: found for number, found in main.verify(str(path), **given).defects.items() if found}


def told(path: Path, **given) -> str:
    return "\n".join(main.verify(str(path), **given).lines())


def member(path: Path, pattern: str) -> str:
    with zipfile.ZipFile(path) as opened:
        return next(name for name in opened.namelist() if pattern in name)


def changed(archive: Path, target: Path, name: str, change) -> Path:
    return rewritten(archive, target, lambda each, content: change(content) if each == name else content)


def position(path: Path, type_: str) -> int:
    with zipfile.ZipFile(path) as opened:
        lines = map(json.loads, opened.read("registre/ecritures-000001.jsonl").splitlines())
    return next(one["pos"] for one in lines if one["type"] == type_)


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.asice")), ids=lambda path: path.stem)
def test_an_archive_made_by_an_earlier_version_stays_conform(path):
    assert defects(path) == {}


# Accounting


def fec(rows: list[list[bytes]]) -> bytes:
    return b"".join(b"\t".join(row) for row in rows)


def invented(rows):
    """A sale and its contrary: the sums of each account stay what they were."""
    row = [*rows[1][:10], b"INVENTE", b"12,00", b"0,00", *rows[1][13:]]
    back = [*row[:11], b"0,00", b"12,00", *row[13:]]
    return [*rows, row, back]


def swapped(rows):
    return [rows[0], rows[2], rows[1], *rows[3:]]


def relabelled(rows):
    return [rows[0], [*rows[1][:10], b"AUTRE", *rows[1][11:]], *rows[2:]]


def of_another_client(rows):
    return [rows[0], [*rows[1][:6], b"C999999", *rows[1][7:]], *rows[2:]]


def antedated(rows):
    return [rows[0], [*rows[1][:15], b"20260101", *rows[1][16:]], *rows[2:]]


def renumbered(rows):
    return [*rows[:-1], [*rows[-1][:2], b"VE000099", *rows[-1][3:]]]


def cut(rows):
    return rows[:-2]


@pytest.mark.parametrize(
    "change", [invented, swapped, relabelled, of_another_client, antedated, renumbered, cut], ids=lambda f: f.__name__
)
@pytest.mark.parametrize("whole", [True, False], ids=["said whole", "said a part"])
def test_an_accounting_file_whose_rows_are_not_the_postings_is_found_whatever_it_says_of_itself(
    archive, tmp_path, change, whole
):
    name = member(archive, "FEC")

    def forge(each: str, content: bytes) -> bytes:
        if each == name:
            return fec(change([line.split(b"\t") for line in content.splitlines(keepends=True)]))
        return content if whole else content.replace(b'"whole":true', b'"whole":false')

    assert any("FEC" in text for text in defects(rewritten(archive, tmp_path / "f.asice", forge))[10])


def test_rows_of_before_the_range_are_told_and_those_of_the_range_compared(world, tmp_path):
    later = tmp_path / "later.asice"
    world.build(later, first=18)
    assert "lignes d’avant l’écriture 18 : reprises, non prouvées" in told(later)
    name = member(later, "FEC")
    forged = changed(later, tmp_path / "f.asice", name, lambda text: b"".join(text.splitlines(keepends=True)[:-1]))
    assert 10 in defects(forged)


# Closings


def closing(told, part, value):
    if told["type"] == "period.closed" and told["data"]["period"] == "month":
        told["data"][part] = value(told["data"][part])


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("vat", lambda vat: [{**vat[0], "vat_cents": vat[0]["vat_cents"] + 1}, *vat[1:]]),
        ("vat", lambda vat: vat[1:]),
        ("payments", lambda told: {**told, "methods": [{"method": "cash", "amount_cents": 5_000}]}),
        ("documents", lambda told: {**told, "series": told["series"][1:]}),
        ("documents", lambda told: {**told, "debit_notes_cents": 1}),
        ("documents", lambda told: {**told, "net_cents": told["net_cents"] + 1}),
        ("from", lambda _: "2026-03-02"),
        ("to", lambda _: "2026-04-30"),
        ("fiscal_year", lambda _: {"from": "2026-02-01", "to": "2027-01-31"}),
        ("to_pos", lambda pos: pos - 8),
        ("perpetual_payments_cents", lambda cents: cents + 1),
        ("year_payments_cents", lambda cents: cents + 1),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_closing_that_says_something_else_than_its_entries_is_found(world, tmp_path, part, value):
    forger(world, lambda told: closing(told, part, value)).build(tmp_path / "f.asice")
    assert set(defects(tmp_path / "f.asice")) == {9}


def test_a_closing_that_began_before_the_archive_is_proven_by_the_state_that_the_one_before_ended_with(world, tmp_path):
    begin = 15  # some of the month's entries stand before it
    world.build(tmp_path / "later.asice", first=begin)
    assert "depuis l’état repris" in told(tmp_path / "later.asice")
    assert defects(tmp_path / "later.asice") == {}

    def forge(told):
        closing(told, "perpetual_documents_cents", lambda cents: cents + 1)

    forger(world, forge).build(tmp_path / "f.asice", first=begin)
    assert set(defects(tmp_path / "f.asice")) == {9}


def test_a_closing_left_out_is_missed(world, tmp_path):
    def forge(told):
        if told["type"] == "period.closed" and told["data"]["period"] == "day":
            told["type"] = "period.forgotten"

    forger(world, forge).build(tmp_path / "f.asice")
    assert any("la clôture d’un jour" in text for text in defects(tmp_path / "f.asice")[9])


# Numbers, names, clocks


def test_no_number_is_given_in_a_series_that_a_restore_closed():
    report = Report()
    series = Series(report, {"series": {"F": {"pattern": "F-##", "last": 1, "on": "2026-01-01"}}})
    series.see(entry("ledger.restored", {}, 2))
    series.see(entry("invoice.issued", {"series": "F", "number": "F-02", "seq": 2, "issued_on": "2026-03-03"}, 3))
    assert report.defects[7] == ["écriture 3 : F-02 est d’une série fermée par une restauration"]
    assert series.state()["F"]["closed"]


LEDGER = "5b0e6c1e-0000-4000-8000-000000000000"


def note(origin: str, size: int, at: str = "2026-03-03T10:00:00.000000Z") -> Note:
    return Note(origin, size, bytes(32), "0" * 64, at, b"", [])


def test_a_restore_and_a_clock_put_right_are_told_and_the_history_given_up_is_known():
    report = Report()
    held = note(f"probant.example/{LEDGER}", 9)
    histories = Histories(report, Start(0, "", LEDGER), {"origin": f"probant.example/{LEDGER}"}, [("held", 12, held)])
    facts = {"kept_pos": 5, "known_size": 12, "origin": f"probant.example/{LEDGER}/1"}
    histories.see(entry("ledger.restored", facts, 6))
    histories.see(entry("clock.declared", {}, 7))
    histories.check()
    assert "fourche déclarée à l’écriture 6" in report.remarks[5][0]
    assert report.remarks[4] == ["horloge remise à l’heure à l’écriture 7"]
    assert report.defects[12] == ["held est de la suite que ce registre a déclarée abandonnée"]


def test_a_note_of_another_instant_or_another_name_is_no_note_of_this_ledger():
    report = Report()
    notes = [
        ("late", 5, note(f"probant.example/{LEDGER}", 1, "2026-03-03T11:00:00.000000Z")),
        ("other", 5, note(f"else.example/{LEDGER}", 1)),
    ]
    histories = Histories(report, Start(0, "", LEDGER), {}, notes)
    histories.see(entry("ledger.opened", {"origin": f"probant.example/{LEDGER}"}))
    histories.check()
    assert report.defects[5] == ["late dit un autre instant que l’écriture 1", "other porte le nom d’un autre registre"]


# What stands beside the lines


@pytest.mark.parametrize(
    ("name", "old", "new", "check"),
    [
        ("documents/index.csv", b"position\r\n", b"position\r\nF1;invoice.issued;application/pdf;00;3\r\n", 11),
        ("registre/plage.json", b'"from_pos":1', b'"from_pos":2', 4),
        ("registre/plage.json", b'"to":"2026-12-31"', b'"to":"2026-12-30"', 10),
    ],
    ids=["index", "positions", "fiscal year"],
)
def test_lists_that_say_something_else_than_the_lines_are_found(archive, tmp_path, name, old, new, check):
    assert check in defects(changed(archive, tmp_path / "f.asice", name, lambda text: text.replace(old, new)))


# The whole history


@pytest.fixture(scope="module")
def printed(archive) -> str:
    """What the first invoice shows of its entry."""
    pos = position(archive, "invoice.issued")
    with zipfile.ZipFile(archive) as opened:
        return opened.read("registre/empreintes.bin")[pos * 32 - 32 : pos * 32].hex()


def test_the_fingerprint_that_an_invoice_shows_is_found_whole_or_by_its_beginning(archive, printed):
    expected = f"l’empreinte imprimée est celle de l’écriture {position(archive, 'invoice.issued')}"
    assert expected in told(archive, printed=printed)
    assert expected in told(archive, printed=" ".join(printed[at : at + 4] for at in range(0, 32, 4)).upper())
    assert 12 in defects(archive, printed=printed[:8])
    assert 12 in defects(archive, printed="zz")
    assert main.main([str(archive), "--empreinte", printed]) == 0
    assert main.main([str(archive), "--empreinte", printed[::-1]]) == 1


def test_a_history_rewritten_whole_and_signed_with_the_true_keys_is_found_by_what_others_hold(
    archive, printed, world, tmp_path
):
    def forge(told):
        if told["type"] == "ledger.opened":
            told["data"]["software"] = "autre"

    path, forging = tmp_path / "f.asice", forger(world, forge)
    forging.build(path)
    assert defects(path, key=world.vkey) == {}  # alone it says nothing: the operator made all of it again
    assert set(defects(path, key=world.vkey, printed=printed)) == {12}
    with reading.snapshot(world.uri, world.shop.id) as conn:
        before = world.note(world.source(conn), 7)
    with reading.snapshot(world.uri, world.shop.id) as conn:
        after = forging.note(forging.source(conn), 9)
    assert set(defects(path, key=world.vkey, held=before)) == {12}
    witness = Witness(tmp_path, "temoin.example", world.key, [Key.read(world.vkey)])
    assert witness.add(b"old 0\n\n" + before).status == 200
    assert witness.add(Request(7, (), *read(after)).bytes).status == 422


def read(raw: bytes):
    request = Request.read(b"old 0\n\n" + raw)
    return request.asked, request.note


# Terms


def test_a_value_that_a_fiscal_entry_sealed_is_not_erased_before_its_term(archive, world, tmp_path):
    with zipfile.ZipFile(archive) as opened:
        lines = [json.loads(line) for line in opened.read("registre/ecritures-000001.jsonl").splitlines()]
    buyer = next(one for one in lines if one["type"] == "invoice.issued" and "sealed" in one["data"]["buyer"]["card"])
    digest = buyer["data"]["buyer"]["card"]["sealed"]

    def forge(told):
        if told["type"] == "subject.erased":
            told["data"]["digests"] = sorted([*told["data"]["digests"], digest])

    forger(world, forge).build(tmp_path / "f.asice")
    with zipfile.ZipFile(tmp_path / "f.asice") as opened:
        lines = opened.read("registre/ecritures-000001.jsonl").splitlines()
    erasing = next(line.decode() for line in lines if b'"subject.erased"' in line)
    told = json.loads(erasing)
    erased = [{"digest": one, "line": erasing, "pos": told["pos"]} for one in told["data"]["digests"]]

    def hide(name: str, content: bytes) -> bytes:
        if name == "coffre/ouvertures.jsonl":
            return b"".join(one for one in content.splitlines(keepends=True) if digest.encode() not in one)
        return b"".join(map(canonical, erased)) if name == "coffre/effaces.jsonl" else content

    (found,) = defects(rewritten(tmp_path / "f.asice", tmp_path / "g.asice", hide))[6]
    assert found.startswith(f"écriture {buyer['pos']} : une valeur a été effacée le ")
    assert "à conserver jusqu’au 2036-03-02" in found
