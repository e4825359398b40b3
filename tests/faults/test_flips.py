"""T12, beside the entries (`test_tampering.py`) and the archives (`tests/audit/test_fuzz.py`): a bit of a checkpoint in
the database, of the note in the data folder, of the encrypted key.
"""

import os
from contextlib import suppress
from random import Random

import pytest

from audit import held, reading
from ledger import checkpoints
from ledger.errors import KeyLocked
from ledger.keyring import Keyring, checkpoint_key, public_of
from ledger.note import NoteRefused
from ledger.settings import Settings
from ledger.signer import Signer
from tests.web.shop import open_shop
from tests.web.tampering import unguarded

SEED = int(os.environ["SEED"])
FLIPS = 100


@pytest.fixture(scope="module")
def shop(settings, web_pool, job_pool):
    """A ledger with a checkpoint."""
    shop = open_shop(web_pool, job_pool, settings.secret("commands"), signer=Signer(settings).key)
    shop.client("Hôtel du Parc")
    with job_pool.connection() as conn:
        checkpoints.make(conn, Signer(settings), shop.id)
    return shop


def flipped(content: bytes, random: Random) -> bytes:
    at, bit = random.randrange(len(content)), 1 << random.randrange(8)
    return content[:at] + bytes([content[at] ^ bit]) + content[at + 1 :]


def flipped_text(text: str, random: Random) -> str:
    """One that PostgreSQL takes as text."""
    while True:
        with suppress(UnicodeDecodeError):
            found = flipped(text.encode(), random).decode()
            if "\0" not in found:
                return found


@pytest.mark.parametrize("seed", [SEED + n for n in range(3)])
def test_a_bit_of_a_checkpoint_turned_over_is_found(server, shop, connect, seed):
    random = Random(seed)
    (size, note) = connect("probant_job", shop.id).execute("SELECT size, note FROM ledger.checkpoint").fetchone()
    for _ in range(FLIPS // 3):
        spoilt = flipped_text(note, random)
        with unguarded(connect, shop.id) as admin:
            write(admin, shop, spoilt)
        with reading.snapshot(server.uri("probant_audit"), shop.id) as conn:
            assert [finding.position for finding in held.kept(conn, shop.id)] == [size], spoilt
    with unguarded(connect, shop.id) as admin:
        write(admin, shop, note)


def write(admin, shop, note):
    admin.execute("UPDATE ledger.checkpoint SET note = %s WHERE company_id = %s", (note, shop.id))


def test_a_bit_of_the_note_in_the_data_folder_vouches_for_nothing(server, shop, settings):
    random, file = Random(SEED), settings.data / "checkpoints" / f"{shop.id}.txt"
    kept = file.read_bytes()
    with reading.snapshot(server.uri("probant_audit"), shop.id) as conn:
        for _ in range(FLIPS):
            spoilt = flipped(kept, random)
            try:
                told = [finding for finding in held.held(conn, shop.id, spoilt) if not finding.is_notice]
            except NoteRefused:
                continue
            assert told, spoilt


def test_a_bit_of_the_encrypted_key_signs_for_no_ledger(shop, settings, tmp_path):
    random, kept = Random(SEED), (settings.data / "keys" / "checkpoint.pem").read_bytes()
    known = public_of(checkpoint_key(settings))
    other = Settings.from_env({"PROBANT_DATA": str(tmp_path)})
    (tmp_path / "secret-key").write_bytes(settings.secret_key_file.read_bytes())
    (tmp_path / "keys").mkdir()
    for _ in range(FLIPS):
        (tmp_path / "keys" / "checkpoint.pem").write_bytes(flipped(kept, random))
        try:
            found = public_of(checkpoint_key(other))
        except KeyLocked:
            continue
        assert Keyring(other).holds(known) is (
            found == known
        )  # what signs is looked for by the key that the ledger names
