"""The file of an issued document: made once by the worker, handed out byte for byte, copied under a number."""

import io
import json
from hashlib import sha256
from threading import Barrier, Thread
from uuid import uuid4

import msgspec
import pikepdf
import psycopg
import pytest

from audit.verify import verify_company
from documents.facturx import Failure, ValidatorUnavailable
from documents.pdf import RenderFailed
from domain.quote import Quote
from ledger import blobs
from ledger.commands import invoices, quotes
from projections import files, streams
from tests.web.shop import LINE
from web import rendering
from web.documents_cli import export
from web.rendering import render_document, render_missing


@pytest.fixture
def issued(new_shop):
    """A company with one issued invoice: `issued.invoice_id`."""
    client_id = new_shop.client("Hôtel du Parc", card={"siren": "552100554"})
    new_shop.ids["invoice"] = new_shop.invoice(client_id, "Vestiaires", issued_on=new_shop.today)
    return new_shop


def file_of(workshop, shop, id):
    with workshop.read(shop.id) as tx:
        return files.one(tx, id)


def entries(connect, shop, type="document.rendered"):
    query = "SELECT count(*) FROM ledger.entry WHERE type = %s"
    return connect("probant_audit", shop.id).execute(query, [type]).fetchone()[0]


def blob_count(connect, shop):
    return connect("probant_audit", shop.id).execute("SELECT count(*) FROM ledger.blob").fetchone()[0]


def test_an_issued_invoice_is_frozen_and_downloaded_byte_for_byte(issued, keeper, render, workshop, connect):
    person, path = keeper(issued), f"/factures/{issued['invoice']}"
    page = person.get(path).text
    assert "En cours de fabrication" in page
    assert f"{path}.pdf" not in page
    assert person.get(f"{path}.pdf").location == path
    render(issued, issued["invoice"])
    file = file_of(workshop, issued, issued["invoice"])
    answer = person.get(f"{path}.pdf")
    assert sha256(answer.data).hexdigest() == file.sha256 == answer.headers["ETag"].strip('"')
    assert (answer.mimetype, len(answer.data)) == ("application/pdf", file.bytes)
    assert f"Facture {file.number}.pdf" in answer.headers["Content-Disposition"]
    assert person.get(f"{path}.pdf", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    page = person.get(path).text
    assert file.sha256 in page
    assert f"Fichier de la facture {file.number} figé" in page  # in « Vie du document »
    line = (
        connect("probant_audit", issued.id)
        .execute("SELECT line FROM ledger.entry WHERE type = 'document.rendered'")
        .fetchone()[0]
    )
    assert f'"sha256":"{file.sha256}"' in line
    assert '"by":"job:render-document"' in line
    judges = {one["name"]: one for one in json.loads(line)["data"]["rules"]}
    assert set(judges) == {"xsd", "en16931", "br-fr", "saxon"}
    assert len(judges["en16931"]["digest"]) == 64


def test_the_file_holds_its_factur_x(issued, render, workshop):
    render(issued, issued["invoice"])
    with workshop.read(issued.id) as tx:
        file = files.frozen(tx, issued["invoice"])
        content = files.content(tx, file)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert file.number.encode() in pdf.attachments["factur-x.xml"].get_file().read_bytes()


def test_it_is_made_once_however_often_it_is_asked_for(issued, render, workshop, connect):
    render(issued, issued["invoice"])
    first = file_of(workshop, issued, issued["invoice"])
    for _ in range(2):
        render(issued, issued["invoice"])
    assert file_of(workshop, issued, issued["invoice"]) == first
    assert (entries(connect, issued), blob_count(connect, issued)) == (1, 1)


def test_two_workers_at_once_make_one_file(issued, workshop, monkeypatch, connect):
    """Both have printed theirs before either keeps it."""
    meeting = Barrier(2, timeout=60)
    freeze = rendering.freeze

    def freeze_together(*args, **facts):
        made = freeze(*args, **facts)
        meeting.wait()
        return made

    monkeypatch.setattr(rendering, "freeze", freeze_together)
    ids = {"company_id": str(issued.id), "document_id": str(issued["invoice"])}
    threads = [Thread(target=render_document, args=(workshop,), kwargs=ids) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not meeting.broken
    assert (entries(connect, issued), blob_count(connect, issued)) == (1, 1)


def test_a_training_document_and_a_credit_note_have_their_files_too(issued, render, workshop):
    credit_note = uuid4()
    issued.do(invoices.draft_credit_note, credit_note_id=credit_note, invoice_id=issued["invoice"])
    issued.issue(credit_note, issued.today)
    render(issued, credit_note)
    assert file_of(workshop, issued, credit_note).sha256


def test_each_offer_of_a_quote_has_its_file(new_shop, render, workshop, keeper):
    client_id = new_shop.client("Hôtel du Parc", card={"siren": "552100554"})
    quote_id = new_shop.quote(client_id, "Terrasse", sent_on=new_shop.today)
    person, path = keeper(new_shop), f"/devis/{quote_id}"
    assert "En cours de fabrication" in person.get(path).text
    render(new_shop, quote_id)
    first = file_of(workshop, new_shop, quote_id)
    assert sha256(person.get(f"{path}.pdf").data).hexdigest() == first.sha256
    content = person_content(workshop, new_shop, quote_id)
    new_shop.do(quotes.revise_quote, quote_id=quote_id, content=content, base_version=2)
    new_shop.do(quotes.send_quote, quote_id=quote_id, sent_on=new_shop.today, base_version=3)
    render(new_shop, quote_id)
    second = file_of(workshop, new_shop, quote_id)
    assert (first.revision, second.revision, first.number == second.number) == (1, 2, True)
    assert first.sha256 != second.sha256


def person_content(workshop, shop, quote_id):
    with workshop.read(shop.id) as tx:
        return streams.load(tx, Quote, quote_id).content


def test_an_invoice_that_breaks_a_rule_has_no_file_and_the_page_says_why(
    issued, render, workshop, monkeypatch, keeper, connect, caplog
):
    failure = Failure(source="en16931", rule="BR-CO-15", message="Total does not add up")
    monkeypatch.setattr("web.rendering.facturx.check", lambda _: (failure,))
    render(issued, issued["invoice"])  # no error: another try would come to the same
    assert not file_of(workshop, issued, issued["invoice"]).sha256
    assert (entries(connect, issued), blob_count(connect, issued)) == (0, 0)
    assert "BR-CO-15" in caplog.text
    person, path = keeper(issued), f"/factures/{issued['invoice']}"
    page = person.get(path).text
    assert "ne respecte pas une règle officielle" in page
    assert "BR-CO-15" in page
    assert person.get(f"{path}.pdf").location == path
    monkeypatch.undo()
    assert person.submit(path, action=f"/documents/{issued['invoice']}/refaire").status_code == 303
    render(issued, issued["invoice"])
    assert "règle officielle" not in person.get(path).text
    assert "Télécharger l’original" in person.get(path).text


@pytest.mark.parametrize(
    ("broken", "error"),
    [
        ("web.rendering.freeze", RenderFailed("memory")),
        ("web.rendering.facturx.check", ValidatorUnavailable("no rule has looked")),
        ("web.rendering.freeze", OSError(28, "No space left on device")),
    ],
)
def test_a_breakdown_leaves_nothing_and_another_try_works(
    issued, render, workshop, monkeypatch, keeper, connect, broken, error
):
    def fails(*_, **__):
        raise error

    monkeypatch.setattr(broken, fails)
    with pytest.raises(type(error)):  # so that the queue tries again
        render(issued, issued["invoice"])
    assert (entries(connect, issued), blob_count(connect, issued)) == (0, 0)
    assert "une panne l’a empêché" in keeper(issued).get(f"/factures/{issued['invoice']}").text
    monkeypatch.undo()
    render(issued, issued["invoice"])
    assert file_of(workshop, issued, issued["invoice"]).sha256


def test_a_full_disk_at_the_commit_keeps_neither_file_nor_entry(issued, render, workshop, monkeypatch, connect):
    put = blobs.put

    def full(conn, *args):
        put(conn, *args)
        conn.execute("DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$")

    monkeypatch.setattr("ledger.blobs.put", full)
    with pytest.raises(psycopg.errors.DiskFull):
        render(issued, issued["invoice"])
    assert (entries(connect, issued), blob_count(connect, issued)) == (0, 0)
    monkeypatch.undo()
    render(issued, issued["invoice"])
    assert entries(connect, issued) == 1


def test_what_cannot_be_printed_is_told(new_shop, render, keeper):
    client_id = new_shop.client("Hôtel du Parc", card={"siren": "552100554"})
    line = msgspec.structs.replace(LINE, label="Enseigne 🦄")
    invoice_id = new_shop.invoice(client_id, "Enseigne", line, issued_on=new_shop.today)
    render(new_shop, invoice_id)
    assert "caractères" in keeper(new_shop).get(f"/factures/{invoice_id}").text


def test_the_hourly_round_asks_for_what_no_job_is_after(issued, workshop, connect):
    queue = connect("probant_job")
    mine = "FROM jobs.procrastinate_jobs WHERE args ->> 'company_id' = %s AND task_name = 'render_document'"
    render_missing(workshop)
    assert queue.execute(f"SELECT count(*) {mine}", [str(issued.id)]).fetchone() == (1,)
    queue.execute(f"DELETE {mine}", [str(issued.id)])
    render_missing(workshop)
    assert queue.execute(f"SELECT count(*) {mine}", [str(issued.id)]).fetchone() == (1,)


def test_a_copy_is_numbered_recorded_and_always_the_same(issued, render, keeper, connect):
    render(issued, issued["invoice"])
    person, path = keeper(issued), f"/factures/{issued['invoice']}"
    original = person.get(f"{path}.pdf").data
    for _ in range(2):
        answer = person.submit(path, action=f"/documents/{issued['invoice']}/duplicata", copy_reason="lost")
        assert (answer.status_code, answer.location) == (303, path)
    assert entries(connect, issued, "document.copied") == 2
    page = person.get(path).text
    assert "Duplicata n° 2" in page
    second = person.get(f"/documents/{issued['invoice']}/duplicata/2.pdf")
    assert second.mimetype == "application/pdf"
    assert second.data == person.get(f"/documents/{issued['invoice']}/duplicata/2.pdf").data
    assert second.data != original
    assert person.get(f"/documents/{issued['invoice']}/duplicata/3.pdf").status_code == 404
    assert person.get(f"{path}.pdf").data == original


def test_no_copy_of_what_is_not_frozen_nor_without_a_reason(issued, render, keeper, connect):
    person, action = keeper(issued), f"/documents/{issued['invoice']}/duplicata"
    asked = person.post(action, page="/societes/", command_id=str(uuid4()), copy_reason="lost")
    assert (asked.status_code, "pas encore fait" in asked.text) == (409, True)
    render(issued, issued["invoice"])
    assert person.post(action, page="/societes/", command_id=str(uuid4()), copy_reason="x").status_code == 422
    assert entries(connect, issued, "document.copied") == 0


def test_the_page_of_a_document_is_found_by_its_id(issued, keeper, new_shop):
    person = keeper(issued)
    assert person.get(f"/documents/{issued['invoice']}").location == f"/factures/{issued['invoice']}"
    assert person.get(f"/documents/{uuid4()}").status_code == 404


def test_files_are_exported_as_they_are(issued, render, workshop, server, settings, tmp_path):
    render(issued, issued["invoice"])
    told = list(export(server, workshop.engine, str(issued.id), False, tmp_path))
    assert [count for _, count in told] == [1]
    folder = tmp_path / f"732829320-{str(issued.id)[:8]}"
    index = (folder / "SHA256SUMS").read_text()
    digest, name = index.strip().split("  ")
    file = file_of(workshop, issued, issued["invoice"])
    assert sha256((folder / name).read_bytes()).hexdigest() == digest == file.sha256


def test_verification_finds_a_file_that_is_gone_or_changed(issued, render, server, connect):
    render(issued, issued["invoice"])
    assert verify_company(server, issued.id).findings == ()
    admin = connect("postgres", issued.id)
    admin.execute("SET session_replication_role = replica")
    admin.execute("ALTER TABLE ledger.blob DISABLE TRIGGER ALL")
    admin.execute("ALTER TABLE ledger.blob DROP CONSTRAINT blob_check")
    mine = "WHERE company_id = %s"
    try:
        admin.execute(f"UPDATE ledger.blob SET bytes = bytes || 'x' {mine}", [issued.id])
        assert [found.code for found in verify_company(server, issued.id).findings] == ["file_altered"]
        admin.execute(f"DELETE FROM ledger.blob {mine}", [issued.id])
        assert [found.code for found in verify_company(server, issued.id).findings] == ["file_lost"]
    finally:
        admin.execute("ALTER TABLE ledger.blob ADD CONSTRAINT blob_check CHECK (sha256 = pg_catalog.sha256(bytes))")
        admin.execute("ALTER TABLE ledger.blob ENABLE TRIGGER ALL")
        for (trigger,) in admin.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = 'ledger.blob'::regclass AND NOT tgisinternal"
        ).fetchall():
            admin.execute(f"ALTER TABLE ledger.blob ENABLE ALWAYS TRIGGER {trigger}")


def test_what_a_stranger_asks_of_a_file_is_not_found(issued, render, shop, keeper):
    render(issued, issued["invoice"])
    stranger, here = keeper(shop), f"/documents/{issued['invoice']}"
    for path in (here, f"{here}/fichier", f"{here}/duplicata/1.pdf"):
        assert stranger.get(path).status_code == 404, path
