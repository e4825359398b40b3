"""Archives: what is built is found conform by everybody's tools, and nothing can be changed in it unseen."""

import ast
import hashlib
import json
import os
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit import reading
from audit.archive.zipping import canonical
from audit.time_stamp import stamp
from audit.verifier import main, single_file
from tests.audit.archiving import ground, rewritten
from tests.audit.tsa import authority


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


def run(*command: str, **options):
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def test_what_is_built_is_conform(archive, world):
    report = main.verify(str(archive), key=world.vkey)
    assert report.defects == {number: [] for number in range(1, 13)}
    assert report.skipped == {3, 12}  # no authority, no checkpoint held


def test_each_check_has_something_to_look_at(archive, world):
    told = "\n".join(main.verify(str(archive), key=world.vkey).lines())
    assert "1 fichiers d’écritures comptables, confrontés au registre ligne à ligne" in told
    assert "3 recalculées" in told  # closings of two days and a month
    assert "valeurs effacées, engagement intact" in told


def test_the_archive_of_a_school_says_that_all_in_it_is_factice(archive):
    with zipfile.ZipFile(archive) as opened:
        assert "Registre d’école : tout y est FACTICE." in opened.read("LISEZMOI.txt").decode()


def test_the_verifier_inside_runs_alone_in_an_empty_environment(archive, tmp_path):
    with zipfile.ZipFile(archive) as opened:
        opened.extract("verify.py", tmp_path)
    found = run(sys.executable, "-I", str(tmp_path / "verify.py"), str(archive), env={})
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.rstrip().endswith("CONFORME")


def test_the_verifier_inside_is_written_for_python_3_8():
    ast.parse(single_file(), feature_version=(3, 8))


def test_everybodys_tools_agree(archive, tmp_path):
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tmp_path)
    assert run("sha256sum", "-c", "--quiet", "SHA256SUMS", cwd=tmp_path).returncode == 0
    shell = run("sh", "verify.sh", cwd=tmp_path)
    assert shell.returncode == 0
    assert shell.stdout.startswith("CHAINE INTACTE")
    openssl = run(
        "openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "META-INF/signature001.p7s",
        "-content", "META-INF/ASiCManifest001.xml", "-CAfile", "cles/cachet.pem", "-purpose", "any",
        "-out", os.devnull, cwd=tmp_path,
    )  # fmt: skip
    assert openssl.returncode == 0, openssl.stderr


def test_the_same_range_gives_the_same_bytes(archive, world, tmp_path):
    world.build(tmp_path / "again.asice")
    assert (tmp_path / "again.asice").read_bytes() == archive.read_bytes()


def test_the_next_archive_resumes_from_the_state_that_this_one_ended_with(world, tmp_path):
    whole = world.build(tmp_path / "whole.asice")
    middle = whole.to_pos - 4
    later = world.build(tmp_path / "later.asice", first=middle)
    assert later.state_sha256 == whole.state_sha256
    report = main.verify(str(tmp_path / "later.asice"), key=world.vkey)
    assert report.conform, report.lines()
    assert "repris, non prouvé" in "\n".join(report.lines())


def test_the_state_is_one_canonical_line_with_the_last_version_of_each_stream(world, tmp_path):
    whole = world.build(tmp_path / "whole.asice")
    middle = whole.to_pos - 4
    world.build(tmp_path / "later.asice", first=middle)
    with zipfile.ZipFile(tmp_path / "whole.asice") as opened:
        lines = opened.read("registre/ecritures-000001.jsonl").splitlines()[: middle - 1]
        first = json.loads(opened.read("registre/etat.json"))
    with zipfile.ZipFile(tmp_path / "later.asice") as opened:
        text = opened.read("registre/etat.json")
    state = json.loads(text)
    assert text == canonical(state)
    assert state["versions"] == {told["stream"]: told["version"] for told in map(json.loads, lines)}
    assert (first["pos"], first["versions"]) == (0, {})


def test_a_flipped_bit_in_any_member_is_found(world, tmp_path):
    """Of a stamped archive, so that no member is left out; every bit of seal and token: `test_time_stamp.py`."""
    archive = tmp_path / "t.asice"
    with authority(tmp_path) as tsa:
        world.build(archive, stamp=lambda content: stamp(tsa.url, content).token)
    seed = random.randrange(2**32)
    dice = random.Random(seed)
    with zipfile.ZipFile(archive) as opened:
        names = opened.namelist()
    assert {"META-INF/timestamp002.tst", "META-INF/ASiCManifest002.xml"} <= set(names)
    for name in names:

        def flip(member: str, content: bytes, name=name) -> bytes:
            if member != name or not content:
                return content
            place = dice.randrange(len(content))
            return content[:place] + bytes([content[place] ^ 1 << dice.randrange(8)]) + content[place + 1 :]

        with zipfile.ZipFile(archive) as opened:
            empty = not opened.getinfo(name).file_size
        changed = rewritten(archive, tmp_path / "flipped.asice", flip)
        if not empty:
            assert defects(changed), f"{name}, seed {seed}"


def test_a_member_added_removed_or_put_in_place_of_another_is_found(archive, tmp_path):
    def same(_: str, content: bytes) -> bytes:
        return content

    assert 1 in defects(rewritten(archive, tmp_path / "more.asice", same, {"documents/autre.pdf": b"%PDF"}))
    for left_out in ("coffre/ouvertures.jsonl", "registre/empreintes.bin", "META-INF/signature001.p7s", "verify.sh"):
        without = rewritten(
            archive, tmp_path / "less.asice", lambda name, text, gone=left_out: None if name == gone else text
        )
        assert defects(without), left_out
    with zipfile.ZipFile(archive) as opened:
        other = opened.read("tableaux/devis.csv")
    swapped = rewritten(
        archive, tmp_path / "swapped.asice", lambda name, text: other if name == "tableaux/factures.csv" else text
    )
    assert 1 in defects(swapped)


def test_a_last_line_cut_off_is_found_by_the_shell_too(archive, tmp_path):
    def cut(name: str, content: bytes) -> bytes:
        return b"".join(content.splitlines(keepends=True)[:-1]) if name.endswith("000001.jsonl") else content

    changed = rewritten(archive, tmp_path / "cut.asice", cut)
    assert {1, 4} <= set(defects(changed))
    with zipfile.ZipFile(changed) as opened:
        opened.extractall(tmp_path / "open")
    assert run("sh", "verify.sh", cwd=tmp_path / "open").returncode == 1


def test_a_signature_of_another_manifest_is_found(archive, world, tmp_path):
    world.build(tmp_path / "other.asice", first=3)
    with zipfile.ZipFile(tmp_path / "other.asice") as opened:
        foreign = opened.read("META-INF/signature001.p7s")
    changed = rewritten(archive, tmp_path / "x.asice", lambda name, text: foreign if name.endswith(".p7s") else text)
    assert defects(changed) == {2: ["le contenu signé n’est pas celui-ci"]}


def test_an_archive_signed_by_somebody_else_is_told_from_the_expected_one(archive):
    assert 2 in defects(archive, fingerprint="0" * 64)


def test_a_checkpoint_that_the_reader_holds_exposes_another_history(archive, world, tmp_path):
    with reading.snapshot(world.uri, world.shop.id) as conn:
        held = world.note(world.source(conn), 7)
    assert not defects(archive, held=held, key=world.vkey)
    lines = held.decode().split("\n")
    lines[3] = "head " + hashlib.sha256(b"another history").hexdigest()
    assert 12 in defects(archive, held="\n".join(lines).encode())


def test_a_checkpoint_of_another_key_is_refused(archive, world):
    with reading.snapshot(world.uri, world.shop.id) as conn:
        forged = world.note(world.source(conn), 7, Ed25519PrivateKey.generate())
    assert 5 in defects(archive, held=forged, key=world.vkey)


def test_an_opening_withheld_is_told_from_one_that_was_erased(archive, tmp_path):
    def withhold(name: str, content: bytes) -> bytes:
        return b"".join(content.splitlines(keepends=True)[1:]) if name == "coffre/ouvertures.jsonl" else content

    assert any("sans effacement" in text for text in defects(rewritten(archive, tmp_path / "w.asice", withhold))[6])


def test_an_erased_person_stands_nowhere_in_the_archive(archive):
    with zipfile.ZipFile(archive) as opened:
        everything = b"".join(opened.read(name) for name in opened.namelist())
    assert b"Paul Oubli" not in everything
    assert b"Jeanne Roux" in everything


def test_names_and_sizes_that_lie_are_findings(archive, tmp_path):
    def same(_: str, content: bytes) -> bytes:
        return content

    for name in ("../ailleurs", "/absolu", "a//b", "C:\\x"):
        assert 1 in defects(rewritten(archive, tmp_path / "n.asice", same, {name: b"x"})), name
    twice = tmp_path / "twice.asice"
    rewritten(archive, twice, same)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(twice, "a") as opened:
        opened.writestr("verify.sh", "exit 0")
    assert "un nom est en double" in defects(twice)[1]


def test_what_is_no_archive_is_told_in_one_line(tmp_path):
    (tmp_path / "no.asice").write_bytes(b"PK\x03\x04 no zip")
    assert main.main([str(tmp_path / "no.asice")]) == 2
    assert main.main([]) == 2
    assert main.main(["--checkpoint"]) == 2


def test_a_failed_build_leaves_nothing(world, tmp_path):
    class Refused(Exception):
        pass

    def refuse(_: bytes) -> bytes:
        raise Refused

    with pytest.raises(Refused):
        world.build(tmp_path / "b.asice", stamp=refuse)
    assert list(tmp_path.iterdir()) == []


def test_an_amount_that_does_not_add_up_is_found_in_its_document(archive, tmp_path):
    """An operator who changes an invoice and makes chain, tree and sums anew is still caught by the figures."""

    def change(name: str, content: bytes) -> bytes:
        if not name.endswith("000001.jsonl"):
            return content
        told = [json.loads(text) for text in content.splitlines()]
        for one in told:
            if one["type"] == "invoice.issued":
                one["data"]["gross_cents"] += 1
        return b"".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for one in told)

    found = defects(rewritten(archive, tmp_path / "g.asice", change))
    assert {4, 8, 9, 10} <= set(found)


@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512"])
def test_a_time_stamped_archive_is_dated_for_us_and_for_openssl(world, tmp_path, algorithm):
    (tmp_path / "tsa").mkdir()
    with authority(tmp_path / "tsa") as tsa:
        world.build(tmp_path / "t.asice", stamp=lambda content: stamp(tsa.url, content, algorithm).token)
        report = main.verify(str(tmp_path / "t.asice"), key=world.vkey)
        assert report.conform, report.lines()
        assert report.remarks[3][0].startswith("scellée le ")
        with zipfile.ZipFile(tmp_path / "t.asice") as opened:
            opened.extractall(tmp_path / "open")
        found = run(
            "openssl", "ts", "-verify", "-token_in", "-in", "META-INF/timestamp002.tst", "-data",
            "META-INF/ASiCManifest002.xml", "-CAfile", str(tsa.root),
            cwd=tmp_path / "open",
        )  # fmt: skip
        assert found.returncode == 0, found.stderr


def test_a_token_of_another_archive_is_found(world, tmp_path):
    (tmp_path / "tsa").mkdir()
    with authority(tmp_path / "tsa") as tsa:
        for name, first in (("one", 1), ("two", 3)):
            world.build(tmp_path / f"{name}.asice", first=first, stamp=lambda content: stamp(tsa.url, content).token)
    with zipfile.ZipFile(tmp_path / "two.asice") as opened:
        foreign = opened.read("META-INF/timestamp002.tst")
    changed = rewritten(
        tmp_path / "one.asice", tmp_path / "x.asice", lambda name, text: foreign if name.endswith(".tst") else text
    )
    assert defects(changed) == {3: ["le jeton date un autre contenu"]}


def test_a_time_stamp_taken_out_is_found(world, tmp_path):
    (tmp_path / "tsa").mkdir()
    with authority(tmp_path / "tsa") as tsa:
        world.build(tmp_path / "t.asice", stamp=lambda content: stamp(tsa.url, content).token)
    changed = rewritten(
        tmp_path / "t.asice", tmp_path / "x.asice", lambda name, text: None if name.endswith(".tst") else text
    )
    assert 3 in defects(changed)
