"""Checkpoints of real ledgers: made, kept, never of two histories; the key at rest."""

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger import checkpoint, checkpoints
from ledger.checkpoint import Checkpoint
from ledger.errors import KeyLocked, LedgerReadOnly, NotAnExtension
from ledger.keyring import checkpoint_key
from ledger.merkle import Frontier, Tree, consistent, included
from ledger.note import NoteRefused
from ledger.settings import Settings
from ledger.signer import Restored, Signer
from ledger.tree import Nodes, grow, tree
from tests.ledger.example import issue_new
from tests.ledger.raw import append, one
from tests.ledger.test_merkle import reader


@pytest.fixture
def own(tmp_path) -> Settings:
    settings = Settings.from_env({"PROBANT_DATA": f"{tmp_path}/data"})
    settings.make_secret_key()
    return settings


@pytest.fixture
def signer(own) -> Signer:
    return Signer(own)


@pytest.fixture
def job(connect, company):
    return connect("probant_job", company)


def issue(books, company, times=1):
    for _ in range(times):
        books.do(issue_new, company, uuid4(), f"user:{uuid4()}", ticket_id=uuid4(), client_id=uuid4())


def frontier(conn):
    found = Frontier()
    for (hash_,) in conn.execute("SELECT hash FROM ledger.entry ORDER BY pos"):
        found.append(hash_)
    return found


def test_a_checkpoint_is_the_whole_ledger_signed(books, company, job, signer):
    issue(books, company, 2)
    note = checkpoints.make(job, signer, company)
    point = Checkpoint.read(note.text)
    head = job.execute("SELECT pos, encode(hash, 'hex'), line FROM ledger.entry ORDER BY pos DESC LIMIT 1").fetchone()
    assert (point.size, point.head) == head[:2]
    assert f'"at":"{point.at}"' in head[2]
    assert point.root == frontier(job).root()
    assert point.origin == f"probant.example/{company}"
    assert note.signed_by(signer.key(point.origin))
    assert checkpoints.note(job, company, point.size) == note
    assert signer.last(str(company)) == (point, note)


def test_a_ledger_to_which_nothing_was_added_has_the_same_checkpoint(books, company, job, signer):
    first = checkpoints.make(job, signer, company)
    assert checkpoints.make(job, signer, company) == first
    assert job.execute("SELECT count(*) FROM ledger.checkpoint").fetchone() == (1,)


def test_each_checkpoint_extends_the_one_before(books, company, job, signer):
    points = []
    for _ in range(3):
        issue(books, company)
        points.append(Checkpoint.read(checkpoints.make(job, signer, company).text))
    known = tree(job, company)
    for old, new in ((0, 1), (1, 2), (0, 2)):
        first, second = points[old], points[new]
        proof = known.consistency(first.size, second.size)
        assert consistent(first.size, second.size, proof, first.root, second.root)


def test_a_large_ledger_keeps_a_node_for_256_entries_and_proves_any_of_them(company, job):
    append(job, company, *[one("client.created", stream=uuid4()) for _ in range(1_500)])
    size = job.execute("SELECT pos FROM ledger.head").fetchone()[0]
    root = frontier(job).root()
    assert tree(job, company).root(size) == root
    grow(job, company, size)
    assert job.execute("SELECT level, count(*) FROM ledger.tree_node GROUP BY level").fetchall() == [(1, size // 256)]
    grow(job, company, size)
    hashes = [hash_ for (hash_,) in job.execute("SELECT hash FROM ledger.entry ORDER BY pos")]
    for pos in (1, 256, 257, 1_024, size):
        known = tree(job, company)
        assert included(hashes[pos - 1], pos - 1, size, known.inclusion(pos - 1, size), root)
    assert Nodes(job, company)(1, 0) == reader(hashes, size)(1, 0)


def test_the_job_alone_writes_them_and_nobody_changes_them(connect, company, job, signer):
    checkpoints.make(job, signer, company)
    for role in ("probant_web", "probant_audit"):
        conn = connect(role, company)
        assert conn.execute("SELECT count(*) FROM ledger.checkpoint").fetchone() == (1,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute("INSERT INTO ledger.checkpoint (company_id, size, note) VALUES (%s, 9, 'x')", (company,))
        assert connect(role, uuid4()).execute("SELECT count(*) FROM ledger.checkpoint").fetchone() == (0,)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        job.execute("DELETE FROM ledger.checkpoint")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        job.execute("INSERT INTO ledger.tree_node (company_id, level, index, hash) VALUES (%s, 1, 0, %s)",
                    (uuid4(), bytes(32)))  # fmt: skip
    for table in ("checkpoint", "tree_node", "cosignature", "time_stamp"):
        owner = connect("postgres", company)
        with pytest.raises(psycopg.Error, match="only grows"):
            owner.execute(f"TRUNCATE ledger.{table} CASCADE")
        with pytest.raises(psycopg.Error, match="only grows"):
            owner.execute(f"DELETE FROM ledger.{table}")


def test_a_ledger_under_restore_gets_none(company, job, signer):
    job.execute("SELECT ledger.freeze(%s)", (company,))
    with pytest.raises(LedgerReadOnly):
        checkpoints.make(job, signer, company)


# The signer's memory


ORIGIN = f"probant.example/{uuid4()}"


def point(data, origin=ORIGIN, size=None):
    size = size or len(data)
    return Checkpoint(origin, size, Tree(reader(data, size)).root(size), "0" * 64, "2026-11-24T09:15:08.000000Z")


HISTORY = [b"%d" % n for n in range(20)]
FORK = [*HISTORY[:10], *(b"fork %d" % n for n in range(20))]


@pytest.mark.parametrize(("data", "size"), [(HISTORY, 9), (FORK, 12), (FORK, 20), (FORK, 9)])
def test_the_signer_refuses_what_does_not_extend_what_it_signed_last(signer, data, size):
    signer.sign(point(HISTORY, size=12), Tree(reader(HISTORY, 20)))
    with pytest.raises(NotAnExtension):
        signer.sign(point(data, size=size), Tree(reader(data, 20)))
    signer.sign(point(HISTORY, size=13), Tree(reader(HISTORY, 20)))


def test_the_signer_remembers_across_programs(own, signer):
    signer.sign(point(HISTORY, size=12), Tree(reader(HISTORY, 20)))
    with pytest.raises(NotAnExtension):
        Signer(own).sign(point(HISTORY, size=11), Tree(reader(HISTORY, 20)))


def test_a_declared_restore_opens_another_history(signer):
    old = point(HISTORY, size=12)
    signer.sign(old, Tree(reader(HISTORY, 20)))
    again = point(FORK, f"{old.origin}/2", 20)
    said = Restored(again.origin, 10, 12, old.root.hex())
    for wrong in ([], [replace_(said, known_size=11)], [replace_(said, known_root="0" * 64)],
                  [replace_(said, origin=old.origin)], [replace_(said, origin=f"{old.origin}/3")]):  # fmt: skip
        with pytest.raises(NotAnExtension):
            signer.sign(again, Tree(reader(FORK, 20)), wrong)
    signer.sign(again, Tree(reader(FORK, 20)), [said])
    with pytest.raises(NotAnExtension):
        signer.sign(point(HISTORY, size=20), Tree(reader(HISTORY, 20)), [said])


def replace_(said, **changes):
    facts = {"origin": said.origin, "kept_pos": 10, "known_size": 12, "known_root": said.known_root}
    return Restored(**facts | changes)


def test_a_damaged_memory_is_told_and_signs_nothing(own, signer):
    asked = point(HISTORY)
    signer.sign(asked, Tree(reader(HISTORY, 20)))
    Path(own.data, "checkpoints", f"{asked.ledger}.txt").write_text("damaged")
    with pytest.raises(NoteRefused):
        signer.sign(asked, Tree(reader(HISTORY, 20)))


def test_a_lost_memory_is_taken_up_from_the_database(books, company, job, own, signer):
    checkpoints.make(job, signer, company)
    memory = Path(own.data, "checkpoints", f"{company}.txt")
    kept = memory.read_bytes()
    memory.unlink()
    issue(books, company)
    assert checkpoint.read(checkpoints.make(job, signer, company).bytes)[0].size == 5
    assert memory.read_bytes() != kept


# The key at rest


def test_the_key_is_encrypted_and_ours_alone(own):
    private = checkpoint_key(own)
    file = own.data / "keys" / "checkpoint.pem"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert b"ENCRYPTED PRIVATE KEY" in file.read_bytes()
    assert private.private_bytes_raw() not in file.read_bytes()
    assert checkpoint_key(own).private_bytes_raw() == private.private_bytes_raw()


def test_a_key_left_in_clear_is_encrypted_and_stays_the_same(own):
    clear = own.data / "keys" / "checkpoint.ed25519"
    clear.parent.mkdir()
    private = Ed25519PrivateKey.generate().private_bytes_raw()
    clear.write_bytes(private)
    assert checkpoint_key(own).private_bytes_raw() == private
    assert not clear.exists()
    assert checkpoint_key(own).private_bytes_raw() == private


def test_a_passphrase_takes_over_and_then_is_needed(own, tmp_path):
    private = checkpoint_key(own).private_bytes_raw()
    word = tmp_path / "passphrase"
    word.write_text("0123456789abcdef0123456789abcdef\n")
    guarded = replace(own, keys_passphrase_file=word)
    assert checkpoint_key(guarded).private_bytes_raw() == private
    with pytest.raises(KeyLocked):
        checkpoint_key(own)
    word.write_text("another0123456789abcdef0123456789")
    with pytest.raises(KeyLocked):
        checkpoint_key(guarded)


@pytest.mark.parametrize("written", ["short", None])
def test_a_passphrase_that_is_missing_or_short_makes_no_key(own, tmp_path, written):
    word = tmp_path / "passphrase"
    if written:
        word.write_text(written)
    with pytest.raises(KeyLocked):
        checkpoint_key(replace(own, keys_passphrase_file=word))
    assert not (own.data / "keys" / "checkpoint.pem").exists()
