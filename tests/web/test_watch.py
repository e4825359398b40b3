"""Verification by itself: when it is due, from where it reads, and what follows when it finds something."""

from dataclasses import replace
from uuid import uuid4

import pytest

from ledger import checkpoints
from ledger.signer import Signer
from projections import verifications
from tests.web.tampering import change_client, go_back, rewrite, unguarded
from web import verification, verification_rows
from web.frame import around_of
from web.verification import verify_ledger, verify_ledgers

NEWEST = (
    "SELECT id, whole, first, done, found, failed, finished_at FROM jobs.verification ORDER BY started_at DESC LIMIT 1"
)


@pytest.fixture
def watch(workshop, new_shop, connect):
    """`watch()`: what the worker does by itself, for this company; the row of the verification that it made."""
    job = connect("probant_job", new_shop.id)

    class Only(type(workshop)):
        def companies(self):
            return [new_shop.id]

    only = Only(**vars(workshop))

    def once():
        verify_ledgers(only)
        row = job.execute(NEWEST).fetchone()
        if row and row[6] is None:
            verify_ledger(only, company_id=str(new_shop.id), verification_id=str(row[0]))
        return job.execute(NEWEST).fetchone()

    return once


@pytest.fixture
def hours_pass(new_shop, connect):
    """`hours_pass(n)`: all verifications were so much longer ago."""
    job = connect("probant_job", new_shop.id)
    return lambda hours: job.execute(
        "UPDATE jobs.verification SET started_at = started_at - %s * interval '1 hour'", [hours]
    )


@pytest.fixture
def signed(workshop, new_shop):
    """`signed()`: a checkpoint of now, which the data folder remembers."""

    def sign():
        with workshop.pool.connection() as conn:
            return checkpoints.make(conn, Signer(workshop.settings), new_shop.id)

    return sign


def integrity(app, shop):
    with app.extensions["engine"].read(shop.id) as tx:
        return verifications.integrity(tx)


def test_the_first_verification_is_whole_the_next_one_reads_what_came_since(watch, hours_pass, signed, app, new_shop):
    first = watch()
    assert first[1:4] == (True, 1, 2)
    signed()
    new_shop.client("Hôtel du Parc")
    hours_pass(24)
    assert watch()[1:5] == (False, 3, 2, 0)  # the verification that is an entry, and the client
    assert integrity(app, new_shop).last.to_pos == 4


def test_none_is_made_before_its_day_and_the_whole_comes_back_each_week(watch, hours_pass, signed):
    first = watch()
    assert watch()[0] == first[0]
    signed()
    for _ in range(6):
        hours_pass(24)
        assert watch()[1] is False
    hours_pass(24)
    assert watch()[1:3] == (True, 1)


def test_without_a_checkpoint_outside_the_database_the_whole_is_read(watch, hours_pass):
    watch()
    hours_pass(24)
    assert watch()[1:3] == (True, 1)


def test_one_that_broke_down_turns_the_badge_amber_and_is_tried_again(
    watch, hours_pass, app, new_shop, monkeypatch, caplog
):
    watch()
    monkeypatch.setattr(verification, "verify_company", lambda *_, **__: 1 / 0)
    hours_pass(24)
    assert watch()[5] is True
    assert "ZeroDivisionError" in caplog.text
    with app.test_request_context():
        badge = around_of(new_shop.id).integrity
    assert (badge.state, "panne" in badge.text) == ("old", True)
    monkeypatch.undo()
    failed = watch()
    hours_pass(1)
    again = watch()
    assert (again[0] != failed[0], again[5]) == (True, False)
    with app.test_request_context():
        assert around_of(new_shop.id).integrity.state == "ok"


def test_a_ledger_found_altered_takes_nothing_more_and_those_who_answer_for_it_are_told(
    watch, hours_pass, signed, app, new_shop, keeper, person, connect, posted, workshop
):
    owner, other = keeper(new_shop), person((new_shop.id, "collaborator"))
    watch()
    signed()
    new_shop.client("Hôtel du Parc")
    with unguarded(connect, new_shop.id) as admin:
        change_client(admin, new_shop.id, 4)
    hours_pass(24)
    row = watch()
    assert (row[1], row[2], row[4]) == (True, 1, 1)
    now = integrity(app, new_shop)
    assert (now.last.ok, now.frozen) == (False, True)
    page = owner.get("/clients/").text
    assert "Registre en lecture seule." in page
    assert "ne sont plus ce qu’elles étaient" in page
    refused = owner.submit("/clients/nouveau", kind="person", name="Zoé")
    assert refused.status_code == 409, refused.status_code
    assert "Le registre est en lecture seule" in refused.text
    (mail,) = posted(f"{owner.name}@exemple.fr")
    assert mail["Subject"] == "Registre altéré : Atelier Mercier"
    assert "écriture 4 : ne suit pas la précédente" in mail.get_body(("plain",)).get_content().lower()
    assert posted(f"{other.name}@exemple.fr") == []
    hours_pass(24)
    assert watch()[0] == row[0]  # it could take no result: no more of them


def test_a_ledger_whose_figures_do_not_add_up_stays_open_and_those_who_answer_for_it_are_told(
    watch, app, new_shop, keeper, connect, posted
):
    owner = keeper(new_shop)
    new_shop.invoice(new_shop.client("Zoé Lune", "person", natural_person=True), issued_on=new_shop.today)
    with unguarded(connect, new_shop.id) as admin:
        rewrite(admin, new_shop.id, "invoice.issued", lambda told: told["data"].update(gross_cents=1))
    row = watch()
    assert row[4] > 0
    assert "Chaîne intacte, mais" in owner.get(f"/registre/verifications/{row[0]}").text
    now = integrity(app, new_shop)
    assert (now.last.ok, now.frozen) == (False, False)
    assert owner.submit("/clients/nouveau", kind="person", name="Zoé").status_code == 303
    (mail,) = posted(f"{owner.name}@exemple.fr")
    assert mail["Subject"] == "Un calcul à revoir : Atelier Mercier"
    assert ": les totaux ne sont pas ceux de la TVA" in mail.get_body(("plain",)).get_content()


def test_the_operator_is_told_too(workshop, new_shop, connect, posted):
    told = f"exploitant-{uuid4().hex}@probant.example"
    shop = replace(workshop, settings=replace(workshop.settings, operator_mail=told))
    new_shop.client("Hôtel du Parc")
    with unguarded(connect, new_shop.id) as admin:
        change_client(admin, new_shop.id, 3)
    with shop.pool.connection() as conn:
        asked = verification_rows.ask(conn, new_shop.id, uuid4())
    verify_ledger(shop, company_id=str(new_shop.id), verification_id=str(asked))
    assert len(posted(told)) == 1


def test_a_shorter_history_than_the_data_folder_knows_is_found_by_the_whole(
    watch, hours_pass, signed, new_shop, connect
):
    watch()
    new_shop.client("Hôtel du Parc")
    signed()
    with unguarded(connect, new_shop.id) as admin:
        go_back(admin, new_shop.id, 3)
    hours_pass(24)
    row = watch()
    assert (row[1], row[4]) == (True, 2)  # it stops before the checkpoint of the database, and of the data folder
