"""Checkpoints as jobs make them, and the screens that hand them out."""

import subprocess
import threading
from dataclasses import replace
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pypdf import PdfReader

from audit import proof
from audit.witness import Witness
from audit.witness_server import server as witness_server
from ledger import checkpoint, checkpoints
from ledger.books import Books
from ledger.note import Key, NoteRefused
from ledger.signer import Signer
from tests.audit.tsa import authority
from tests.ledger.raw import append, one
from web.app import MAPPER, read_models
from web.jobs.checkpoints import cosign_checkpoint, make_if_due, stamp_checkpoint
from web.jobs.workshop import Workshop


@pytest.fixture
def workshop(settings, server, job_pool):
    def workshop(**changes):
        changed = replace(settings, **changes)
        books = Books(job_pool, MAPPER, settings.secret("commands"))
        return Workshop(changed, server, job_pool, books, read_models(job_pool), threading.Event())

    return workshop


@pytest.fixture
def conn(connect):
    return lambda shop: connect("probant_job", shop.id)


def test_a_checkpoint_is_due_once_a_day_and_after_each_closing(new_shop, workshop, conn, unguard):
    job, shop = workshop(), new_shop
    signer = Signer(job.settings)
    assert make_if_due(job, signer, shop.id) > 0
    assert make_if_due(job, signer, shop.id) == 0
    append_one(conn(shop), shop.id, "client.created")
    assert make_if_due(job, signer, shop.id) == 0
    append_one(conn(shop), shop.id, "period.closed")
    closed = make_if_due(job, signer, shop.id)
    assert closed > 0
    append_one(conn(shop), shop.id, "client.created")
    assert make_if_due(job, signer, shop.id) == 0
    unguard("UPDATE ledger.checkpoint SET made_at = made_at - interval '1 day' WHERE company_id = %s", shop.id)
    assert make_if_due(job, signer, shop.id) == closed + 1
    unguard("UPDATE ledger.checkpoint SET made_at = made_at - interval '1 day' WHERE company_id = %s", shop.id)
    assert make_if_due(job, signer, shop.id) == 0


def append_one(conn, company, type_):
    append(conn, company, one(type_), actor="job:test")


@pytest.fixture
def unguard(connect):
    def unguard(query, company):
        admin = connect("postgres", company)
        with admin.transaction():
            admin.execute("ALTER TABLE ledger.checkpoint DISABLE TRIGGER USER")
            admin.execute(query, (company,))
            for guard in ("no_change", "no_truncate"):
                admin.execute(f"ALTER TABLE ledger.checkpoint ENABLE ALWAYS TRIGGER {guard}")

    return unguard


def test_what_follows_a_checkpoint_is_asked_in_the_same_transaction(new_shop, workshop, connect):
    shop, job = new_shop, workshop(witness_url="http://x#k", tsa_url="http://x")
    size = make_if_due(job, Signer(job.settings), shop.id)
    query = """
        SELECT task_name, args FROM jobs.procrastinate_jobs
         WHERE args ->> 'company_id' = %s AND task_name LIKE '%%_checkpoint' ORDER BY 1
        """
    found = connect("postgres").execute(query, (str(shop.id),)).fetchall()
    args = {"size": str(size), "company_id": str(shop.id)}
    assert found == [("cosign_checkpoint", args), ("stamp_checkpoint", args)]


def test_the_time_of_a_checkpoint_is_stamped_once(new_shop, workshop, conn, tmp_path):
    shop = new_shop
    with authority(tmp_path) as tsa:
        job = workshop(tsa_url=tsa.url)
        size = make_if_due(job, Signer(job.settings), shop.id)
        tsa.change = lambda _: b"nonsense"
        with pytest.raises(Exception, match=r"127\.0\.0\.1"):
            stamp_checkpoint(job, company_id=str(shop.id), size=str(size))
        tsa.change = bytes
        stamp_checkpoint(job, company_id=str(shop.id), size=str(size))
        tsa.change = lambda _: b"nonsense"
        stamp_checkpoint(job, company_id=str(shop.id), size=str(size))
    ((token,),) = conn(shop).execute("SELECT token FROM ledger.time_stamp").fetchall()
    (tmp_path / "token").write_bytes(token)
    (tmp_path / "note").write_bytes(checkpoints.signed(conn(shop), shop.id, size).bytes)
    verify = ["openssl", "ts", "-verify", "-token_in", "-in", "token", "-data", "note", "-CAfile", tsa.root]
    assert subprocess.run(verify, cwd=tmp_path, capture_output=True, check=False).returncode == 0


def test_a_witness_that_was_away_cosigns_later_and_once(new_shop, workshop, conn, tmp_path):
    shop = new_shop
    origin = checkpoints.head(conn(shop), shop.id).origin
    private = Ed25519PrivateKey.generate()
    key = Key("temoin.example", 4, private.public_key().public_bytes_raw())
    job = workshop(witness_url=f"http://127.0.0.1:1#{key}")
    signer = Signer(job.settings)
    size = make_if_due(job, signer, shop.id)
    with pytest.raises(Exception, match=r"127\.0\.0\.1"):
        cosign_checkpoint(job, company_id=str(shop.id), size=str(size))
    listening = witness_server(Witness(tmp_path, key.name, private, [signer.key(origin)]), "127.0.0.1", 0)
    thread = threading.Thread(target=listening.serve_forever)
    thread.start()
    job = workshop(witness_url=f"http://127.0.0.1:{listening.server_address[1]}#{key}")
    for _ in range(2):
        cosign_checkpoint(job, company_id=str(shop.id), size=str(size))
    listening.shutdown()
    thread.join()
    listening.server_close()
    found = checkpoints.note(conn(shop), shop.id, size)
    assert len(found.signatures) == 2
    assert found.signed_by(key)
    assert found.signed_by(signer.key(origin))


# Screens


def test_a_person_takes_away_note_receipt_and_the_proof_of_an_entry(new_shop, shop, keeper, workshop, tmp_path):
    person = keeper(new_shop)
    shop_of_others, shop = shop, new_shop
    assert "Aucun point de contrôle" in person.get("/registre/preuve").text
    assert person.get("/registre/2/preuve").status_code == 404
    job = workshop()
    size = make_if_due(job, Signer(job.settings), shop.id)
    page = person.get("/registre/preuve").text
    assert f"/registre/preuve/{size}.pdf" in page
    raw = person.get(f"/registre/preuve/{size}.txt").data
    point, note = checkpoint.read(raw)
    assert (point.size, note.signed_by(Signer(job.settings).key(point.origin))) == (size, True)
    found = proof.read(person.get("/registre/2/preuve").data)
    assert found.holds
    assert (found.index, found.checkpoint, '"pos":2,' in found.line) == (1, point, True)
    (tmp_path / "receipt.pdf").write_bytes(person.get(f"/registre/preuve/{size}.pdf").data)
    pages = PdfReader(tmp_path / "receipt.pdf").pages
    assert len(pages) == 1
    assert point.head[:32] in pages[0].extract_text()
    assert "preuve" in person.get("/registre/2").text
    for missing in (f"{size + 1}.txt", f"{size + 1}.pdf", f"{size}.tst"):
        assert person.get(f"/registre/preuve/{missing}").status_code == 404
    other = keeper(shop_of_others)
    assert other.get(f"/registre/preuve/{size}.txt").status_code == 404
    assert other.get("/registre/2/preuve").status_code == 404


def test_a_proof_of_anything_else_does_not_hold(new_shop, workshop, conn):
    shop, job = new_shop, workshop()
    make_if_due(job, Signer(job.settings), shop.id)
    seen = conn(shop)
    found = proof.prove(seen, shop.id, 2, checkpoints.covering(seen, shop.id, 2))
    assert found.holds
    assert proof.read(found.bytes) == found
    for wrong in (
        replace(found, line=found.line.replace('"pos":2', '"pos":3')),
        replace(found, previous="0" * 64),
        replace(found, index=found.index + 1),
        replace(found, path=found.path[:-1]),
    ):
        assert not wrong.holds
    for spoilt in (b"", found.bytes[:-1], found.bytes.replace(b"index 1\n", b"index 01\n"), b"x" + found.bytes):
        with pytest.raises(NoteRefused):
            proof.read(spoilt)
    with pytest.raises(LookupError):
        proof.prove(seen, shop.id, 10_000, checkpoints.covering(seen, shop.id, 2))


def test_a_company_of_nobody_has_no_checkpoint(conn, new_shop):
    shop = new_shop
    assert checkpoints.covering(conn(shop), uuid4(), 1) is None
