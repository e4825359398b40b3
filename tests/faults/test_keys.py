"""The key of the checkpoints changes, is lost, is stolen: old notes stay checkable, each under the key of its time."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit import held, texts
from ledger import keyfile
from ledger.checkpoint import Checkpoint
from ledger.errors import KeyUndeclared
from ledger.note import Key, Note, sign
from ledger.settings import Settings
from ledger.signer import Signer
from tests.conftest import open_folder
from tests.faults.test_restores import House


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as folder:
        yield Path(folder)


@pytest.fixture
def house(folder) -> House:
    settings = Settings.from_env({"PROBANT_DATA": f"{folder}/data"})
    settings.make_secret_key()
    house = House(settings)
    with house.open() as conn:
        house.found(conn)
        house.add(conn, 5)
    return house


def noted(house, folder, name, add=2) -> tuple[str, str]:
    """Some entries, a checkpoint that leaves the machine: its file, and the key that the installation has then."""
    with house.open() as conn:
        house.add(conn, add)
        (folder / name).write_bytes(house.checkpoint(conn).bytes)
    return str(folder / name), str(Signer(house.settings).key(house.origin))


def told(house, note, key="") -> tuple[int, str]:
    """What `probant verify --checkpoint` adds for that note: whether something is found, and the words."""
    with house.open() as conn, conn.transaction():
        found = [*held.held(conn, house.company, Path(note).read_bytes(), Key.read(key) if key else None)]
    return int(any(not each.is_notice for each in found)), "\n".join(texts.sentences(found))


def test_after_a_rotation_notes_of_both_keys_hold_and_the_old_key_leads_to_the_new(house, folder):
    early, old_key = noted(house, folder, "early")
    done = house.run("keys", "rotate", "--yes")
    assert (done.returncode, "l’ancienne n’existe plus" in done.stdout) == (0, True), done.stderr
    late, new_key = noted(house, folder, "late")
    assert old_key != new_key
    for note, key in ((early, old_key), (late, new_key), (late, old_key), (early, "")):
        assert told(house, note, key)[0] == 0, (note, key)
    done = house.run("verify", "--checkpoint", late, "--key", old_key)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "Registre intact."), done.stderr
    assert told(house, early, new_key)[0] == 1  # the new key alone proves nothing of what was before it
    assert "rupture de clé" not in told(house, late)[1]


def test_the_declaration_is_signed_by_both_keys_and_names_them(house, folder):
    _, old_key = noted(house, folder, "early")
    house.run("keys", "rotate", "--yes")
    with house.open() as conn:
        query = "SELECT pos, line FROM ledger.entry WHERE type = 'signer.declared'"
        ((pos, line),) = conn.execute(query).fetchall()
        (text,) = conn.execute("SELECT note FROM ledger.checkpoint WHERE size = %s", (pos,)).fetchone()
    facts, new_key = json.loads(line)["data"], str(Signer(house.settings).key(house.origin))
    assert facts == {"cause": "rotation", "previous": old_key, "signer": new_key, "valid_to_pos": pos}
    note = Note.read(text.encode())
    assert len(note.signatures) == 2
    keys = [house.run("keys", "show").stdout.count(key) for key in (old_key, new_key)]
    assert keys == [1, 1]


def test_the_old_private_key_is_gone_and_no_secret_is_shown_or_stored(house, folder):
    before = {path.read_bytes() for path in (house.settings.data / "keys").glob("*.pem")}
    noted(house, folder, "early")
    shown = house.run("keys", "rotate", "--yes")
    left = {path.read_bytes() for path in (house.settings.data / "keys").rglob("*") if path.is_file()}
    assert len(left) == 1
    assert not before & left
    for words in (shown.stdout, shown.stderr, house.run("keys", "show").stdout):
        assert "PRIVATE" not in words
    with house.open() as conn:
        lines = "".join(line for (line,) in conn.execute("SELECT line FROM ledger.entry"))
    assert "PRIVATE" not in lines


def test_a_rotation_that_was_cut_goes_on_and_meanwhile_the_ledger_decides_who_signs(house, folder):
    _, old_key = noted(house, folder, "early")
    signer = Signer(house.settings)
    signer.ring.begin()  # killed here: the next key is made, no ledger names it
    with house.open() as conn:
        house.add(conn, 1)
        note = house.checkpoint(conn)
    assert note.signed_by(type(signer.key(house.origin)).read(old_key))
    assert house.run("keys", "rotate", "--yes").returncode == 0
    late, key = noted(house, folder, "late")
    assert told(house, late, old_key)[0] == 0
    assert key == str(signer.key(house.origin))


def test_a_lost_key_is_told_and_its_successor_is_no_continuation_of_it(house, folder):
    early, old_key = noted(house, folder, "early")
    (house.settings.data / "keys" / "checkpoint.pem").unlink()
    with house.open() as conn:
        house.add(conn, 1)
        with pytest.raises(KeyUndeclared):
            house.checkpoint(conn)
    refused = house.run("checkpoint")
    assert (refused.returncode, "probant keys rotate --cause loss" in refused.stderr) == (2, True)
    assert house.run("keys", "rotate", "--cause", "loss", "--yes").returncode == 0
    late, new_key = noted(house, folder, "late")
    assert told(house, early, old_key)[0] == 0
    code, words = told(house, late, new_key)
    assert (code, "rupture de clé" in words) == (0, True)
    assert told(house, late, old_key)[0] == 1


def test_a_stolen_key_signs_nothing_more_that_counts(house, folder):
    early, old_key = noted(house, folder, "early")
    stolen = folder / "stolen.pem"
    shutil.copy(house.settings.data / "keys" / "checkpoint.pem", stolen)
    done = house.run("keys", "rotate", "--cause", "compromise", "--stolen-on", "2020-01-01", "--yes")
    assert done.returncode == 0, done.stderr
    late, new_key = noted(house, folder, "late")
    assert told(house, late, new_key)[0] == 0
    assert told(house, early)[0] == 1  # signed after the day of the theft
    assert house.run("verify").returncode == 0
    private = keyfile.load(stolen, keyfile.derived(house.settings, "keys at rest"))
    point = Checkpoint.read(Note.read(Path(late).read_bytes()).text)
    forged = Note(point.text, (sign(point.text, point.origin, private),))
    (folder / "forged").write_bytes(forged.bytes)
    assert told(house, str(folder / "forged"))[0] == 1
    assert told(house, str(folder / "forged"), old_key)[0] == 1


def test_a_note_by_a_key_that_the_ledger_never_named_is_found(house, folder):
    early, _ = noted(house, folder, "early")
    house.run("keys", "rotate", "--yes")
    point = Checkpoint.read(Note.read(Path(early).read_bytes()).text)
    stranger = Ed25519PrivateKey.generate()
    (folder / "forged").write_bytes(Note(point.text, (sign(point.text, point.origin, stranger),)).bytes)
    code, words = told(house, str(folder / "forged"))
    assert (code, "n’est pas signé par la clé de ce registre" in words) == (1, True)


def test_a_database_put_back_before_the_rotation_signs_only_after_the_loss_is_declared(house, folder):
    noted(house, folder, "early")
    before = house.copy(folder / "before")
    house.run("keys", "rotate", "--yes")
    shutil.copy(house.settings.data / "keys" / "checkpoint.pem", before.settings.data / "keys" / "checkpoint.pem")
    with before.open() as conn:
        before.add(conn, 1)
        with pytest.raises(KeyUndeclared):
            before.checkpoint(conn)
    assert before.run("keys", "rotate", "--cause", "loss", "--yes").returncode == 0
    assert before.run("verify").returncode == 0


def test_a_frozen_ledger_stops_a_rotation_before_anything_is_done(house, folder):
    noted(house, folder, "early")
    key = Signer(house.settings).key(house.origin)
    with house.open() as conn:
        conn.execute("SELECT ledger.freeze(%s)", (house.company,))
    refused = house.run("keys", "rotate", "--yes")
    assert (refused.returncode, "lecture seule" in refused.stderr) == (2, True)
    assert Signer(house.settings).key(house.origin) == key


def test_the_cause_theft_and_its_day_go_together(house):
    for arguments in (("--cause", "compromise"), ("--stolen-on", "2026-01-01")):
        assert house.run("keys", "rotate", "--yes", *arguments).returncode == 2
