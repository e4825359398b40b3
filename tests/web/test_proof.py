"""« Preuve »: what the page of a link discloses, what a fingerprint alone tells, and that it all verifies elsewhere."""

import shutil
from dataclasses import replace
from hashlib import sha256
from uuid import uuid4

import pytest
from lxml import html

from audit.proof import read as read_proof
from ledger import chain, checkpoints
from ledger.commands.keys import declare_signer
from ledger.note import Key
from ledger.signer import Signer
from tests.web.public import Visitor, link


@pytest.fixture
def visitor(app) -> Visitor:
    return Visitor(app)


@pytest.fixture
def issued(new_shop, settings):
    """A company with two invoices in a row; a link to the second."""
    client_id = new_shop.client("Hôtel du Parc", card={"siren": "552100554"})
    for name in ("other", "invoice"):
        new_shop.ids[name] = new_shop.invoice(client_id, f"Objet {name}", issued_on=new_shop.today)
    new_shop.path = link(new_shop, settings, new_shop["invoice"])
    return new_shop


@pytest.fixture
def checkpoint(job_pool, settings):
    """`checkpoint(shop)`: signs one, as the job does."""

    def make(shop):
        with job_pool.connection() as conn:
            return checkpoints.make(conn, Signer(settings), shop.id)

    return make


def hash_of(connect, shop, name):
    query = "SELECT encode(hash, 'hex') FROM ledger.entry WHERE stream_id = %s AND type = 'invoice.issued'"
    return connect("probant_audit", shop.id).execute(query, [shop[name]]).fetchone()[0]


def shown(page, id):
    return html.fromstring(page).get_element_by_id(id).text


def test_the_page_discloses_what_gives_the_fingerprint(issued, visitor, connect):
    page = visitor.get(f"{issued.path}/preuve")
    line, previous = shown(page.text, "ligne"), shown(page.text, "precedente")
    assert chain.link(previous, line) == hash_of(connect, issued, "invoice") == shown(page.text, "empreinte")
    assert "n’est pas encore" not in page.text
    assert "revenez alors" in page.text
    assert "Objet other" not in page.text
    assert visitor.get(f"{issued.path}/preuve/preuve.txt").status_code == 404


def test_the_entry_is_checked_by_sha256sum_alone(issued, visitor, connect):
    answer = visitor.get(f"{issued.path}/preuve/ecriture.txt")
    assert sha256(answer.data).hexdigest() == hash_of(connect, issued, "invoice")
    assert "attachment" in answer.headers["Content-Disposition"]


def test_the_proof_file_verifies_without_probant_s_database(issued, visitor, checkpoint, settings):
    checkpoint(issued)
    proof = read_proof(visitor.get(f"{issued.path}/preuve/preuve.txt").data)
    assert proof.holds
    key = Key.read(shown(visitor.get(f"{issued.path}/preuve").text, "cle"))
    assert key == Signer(settings).key(proof.checkpoint.origin)
    assert proof.note.signed_by(key)


def test_a_checkpoint_older_than_the_document_does_not_count_it(issued, visitor, checkpoint, settings):
    checkpoint(issued)
    later = issued.invoice(issued.client("Mairie", card={"siren": "552100554"}), issued_on=issued.today)
    page = visitor.get(f"{link(issued, settings, later)}/preuve").text
    assert "revenez alors" in page
    assert 'id="note"' not in page


def test_a_fingerprint_alone_tells_that_it_is_there_and_not_what_it_says(issued, visitor, checkpoint, connect):
    """The proof of an entry tells the hash before it: that must not open the document of another client."""
    checkpoint(issued)
    previous = shown(visitor.get(f"{issued.path}/preuve").text, "precedente")
    other = hash_of(connect, issued, "other")
    assert other != previous  # a draft stands between them; whoever has the hash all the same learns nothing more
    page, path = f"/preuve/{issued.id}", f"/preuve/{issued.id}"
    token = visitor.token(page)
    for typed in (other, other[:32], f"{other[:8]} {other[8:16]} {other[16:32]}".upper()):
        answer = visitor.http.post(path, data={"csrf_token": token, "fingerprint": typed})
        assert answer.status_code == 200
        assert other in answer.text
        assert "Objet" not in answer.text
        assert "Hôtel" not in answer.text
        assert 'id="ligne"' not in answer.text
        assert 'id="note"' in answer.text
    wrong = {"csrf_token": token, "fingerprint": other[:32] + "0" * 32}
    assert visitor.http.post(path, data=wrong).status_code == 404


@pytest.mark.parametrize(
    ("typed", "status"),
    [("0" * 64, 404), ("0" * 32, 404), ("", 422), ("g" * 64, 422), ("0" * 31, 422), ("0" * 33, 422), ("%" * 32, 422)],
)
def test_a_fingerprint_that_is_not_there_is_told(issued, visitor, typed, status):
    page = f"/preuve/{issued.id}"
    assert visitor.http.post(page, data={"csrf_token": visitor.token(page), "fingerprint": typed}).status_code == status


def test_only_documents_are_found_by_a_fingerprint_and_only_in_their_ledger(issued, shop, visitor, connect):
    page = f"/preuve/{issued.id}"
    token = visitor.token(page)
    audit = connect("probant_audit", issued.id)
    created = audit.execute("SELECT encode(hash, 'hex') FROM ledger.entry WHERE type = 'client.created'").fetchone()[0]
    for typed in (created, hash_of(connect, shop, "late")):
        assert visitor.http.post(page, data={"csrf_token": token, "fingerprint": typed}).status_code == 404
    assert visitor.get(f"/preuve/{uuid4()}").status_code == 404


def test_after_a_change_of_key_a_note_is_shown_with_the_key_of_its_time(
    issued, visitor, checkpoint, keeper, settings, workshop, tmp_path
):
    """The installation that changes its key is a copy: the others here keep theirs."""
    copy = replace(settings, data=tmp_path / "data")
    shutil.copytree(settings.data / "keys", copy.data / "keys")
    before, signer = checkpoint(issued), Signer(copy)
    old = signer.key(f"probant.example/{issued.id}")
    assert shown(visitor.get(f"{issued.path}/preuve").text, "cle") == str(old)
    signer.ring.begin()
    new = signer.key(old.name)
    workshop.books.do(
        declare_signer, issued.id, uuid4(), "job:keys", declaration_id=uuid4(), signer=str(new), previous=str(old),
        cause="rotation",
    )  # fmt: skip
    with workshop.pool.connection() as conn:
        after = checkpoints.make(conn, signer, issued.id)
    assert (before.signed_by(old), after.signed_by(old), after.signed_by(new)) == (True, True, True)
    page = visitor.get(f"{issued.path}/preuve").text
    assert shown(page, "cle") == str(new)
    assert shown(page, "note") == after.bytes.decode()
    keys = keeper(issued).get("/registre/preuve").text
    assert str(new).replace("+", "&#43;") in keys or str(new) in keys
    assert "Avant l’écriture" in keys
