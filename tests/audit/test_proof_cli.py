"""`probant checkpoint` and `probant prove`; the proof verified by the Python and the openssl of `PROOF.md`."""

import os
import subprocess
import sys
from base64 import b64decode
from pathlib import Path

import psycopg
import pytest

from ledger import checkpoint, postgres
from ledger.migrate import migrate
from ledger.note import Key
from ledger.settings import Settings
from ledger.signer import Signer
from tests.audit import forge
from tests.audit.forge import Ledger
from tests.conftest import open_folder

COMMAND = [sys.executable, "-c", "from web.cli import main; main(prog_name='probant')"]
PAGE = Path(__file__).parents[2] / "audit" / "PROOF.md"


@pytest.fixture(scope="module")
def house():
    with open_folder() as folder:
        settings = Settings.from_env({"PROBANT_DATA": f"{folder}/data"})
        settings.make_secret_key()
        server = postgres.start(settings)
        migrate(server)
        ledger = Ledger(3, 7)
        with psycopg.connect(server.uri("postgres")) as conn:
            forge.store(conn, ledger.id, ledger.rows, ledger.vault, **ledger.last)
        yield settings, ledger
        postgres.stop(settings)


def run(settings, *arguments):
    environment = os.environ | {"PROBANT_DATA": str(settings.data)}
    return subprocess.run([*COMMAND, *arguments], env=environment, capture_output=True, check=False)


@pytest.mark.parametrize("pos", [1, 2, 9, 12])
def test_a_proof_is_verified_by_the_lines_of_its_page(house, tmp_path, pos):
    settings, ledger = house
    done = run(settings, "prove", "--entry", str(pos), "-o", str(tmp_path / "proof"))
    assert (done.returncode, done.stderr) == (0, b"")
    script = PAGE.read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]
    told = verified(script, tmp_path / "proof")
    assert told[0].encode() == ledger.rows[pos - 1][5]
    origin, head = f"probant.example/{ledger.id}", ledger.head.hash.hex()
    assert told[1] == f"incluse dans {origin} {len(ledger.rows)} head {head}"
    lines = (tmp_path / "proof").read_text(encoding="utf-8").split("\n")
    lines[3] = lines[4]
    (tmp_path / "spoilt").write_text("\n".join(lines), encoding="utf-8")
    assert verified(script, tmp_path / "spoilt")[1].startswith("NON INCLUSE")


def verified(script, file):
    done = subprocess.run([sys.executable, "-I", "-c", script, file], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_openssl_verifies_the_note_as_the_page_says(house, tmp_path):
    settings, ledger = house
    done = run(settings, "checkpoint", "--company", str(ledger.id), "-o", str(tmp_path / "note"))
    assert done.returncode == 0
    key = Key.read(done.stderr.decode().rsplit(" : ", 1)[1])
    point, note = checkpoint.read((tmp_path / "note").read_bytes())
    assert key == Signer(settings).key(point.origin)
    whole = b64decode(str(key).split("+", 2)[2])
    (tmp_path / "key.der").write_bytes(bytes.fromhex("302a300506032b6570032100") + whole[-32:])
    (tmp_path / "text").write_text(note.text, encoding="utf-8")
    (tmp_path / "signature").write_bytes(b64decode(note.signatures[0].line.split()[2])[4:])
    verify = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "key.der", "-rawin"]
    verify += ["-in", "text", "-sigfile", "signature"]
    assert subprocess.run(verify, cwd=tmp_path, check=False, capture_output=True).returncode == 0
    (tmp_path / "text").write_text(note.text.replace("head", "Head"), encoding="utf-8")
    assert subprocess.run(verify, cwd=tmp_path, check=False, capture_output=True).returncode == 1


def test_a_note_on_the_output_is_the_note_alone(house):
    settings, ledger = house
    done = run(settings, "checkpoint")
    assert checkpoint.read(done.stdout)[0].size == len(ledger.rows)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("prove", "--entry", "99"), "Il n’y a pas d’écriture 99"),
        (("prove", "--entry", "0"), "0"),
        (("verify", "--checkpoint", os.devnull), "pas lisible"),
        (("checkpoint", "-o", "/nowhere/note"), "/nowhere/note"),
        (("restore", "declare", "--yes", "--lost", "F2026"), "F2026:43-52"),
        (("restore", "declare", "--yes"), "rien à déclarer"),
    ],
)
def test_what_cannot_be_done_is_told_with_exit_2(house, arguments, words):
    done = run(house[0], *arguments)
    assert done.returncode == 2
    assert words in done.stderr.decode()


def test_a_key_of_another_is_told(house, tmp_path):
    settings, _ = house
    run(settings, "checkpoint", "-o", str(tmp_path / "note"))
    other = Key("probant.example", 1, bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"))
    told = run(settings, "verify", "--checkpoint", str(tmp_path / "note"), "--key", str(other))
    assert told.returncode == 1
    assert "n’est pas signé par la clé de ce registre" in told.stderr.decode()
