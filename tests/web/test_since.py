"""Verification from a place on: it passes what is right, and nothing else."""

from uuid import uuid4

import pytest

from audit.since import verify_since
from audit.verify import verify_company
from ledger import checkpoints
from ledger.signer import Signer
from tests.web.tampering import chain_again, change_client, rewrite, unguarded


@pytest.fixture
def trade(workshop, new_shop):
    """A company that invoices, with a checkpoint in the middle: its note and its size."""
    client = new_shop.client("Hôtel du Parc", card={"siren": "552100554"})
    new_shop.invoice(client, issued_on=new_shop.today)
    with workshop.pool.connection() as conn:
        note = checkpoints.make(conn, Signer(workshop.settings), new_shop.id)
    new_shop.invoice(client, issued_on=new_shop.today)
    new_shop.client("Zoé Martin", kind="person", natural_person=True)
    return note.bytes, int(note.text.split("\n")[1])


def since(server, shop, trade):
    return verify_since(server, shop.id, trade[0], trade[1])


def test_what_came_since_is_passed_with_its_numbers_streams_seals_and_head(server, new_shop, trade):
    place, result = since(server, new_shop, trade)
    whole = verify_company(server, new_shop.id)
    assert (place, result.count, result.head, whole.findings) == (trade[1], whole.count, whole.head, ())


def told_otherwise(admin, shop):
    """The last line, under its old hash."""
    admin.execute(
        "UPDATE ledger.entry SET line = replace(line, 'user:', 'client:') WHERE company_id = %s AND pos >= 9", [shop]
    )


def misnumbered(admin, shop):
    rewrite(admin, shop, "invoice.issued", lambda told: told["data"].update(seq=3))


def miscounted(admin, shop):
    lower = "UPDATE ledger.head SET series = replace(series::text, %s, %s)::jsonb WHERE company_id = %s"
    admin.execute(lower, ['"last": 2', '"last": 1', shop])


def another_version(admin, shop):
    rewrite(admin, shop, "invoice.issued", lambda told: told.update(version=7))


def unsealed(admin, shop):
    admin.execute("DELETE FROM ledger.sealed WHERE company_id = %s", [shop])


def cut(admin, shop):
    last = "(SELECT max(pos) FROM ledger.entry WHERE company_id = %(shop)s)"
    admin.execute(f"DELETE FROM ledger.entry WHERE company_id = %(shop)s AND pos = {last}", {"shop": shop})


def another_history(admin, shop):
    """From before the checkpoint on, all chained again."""
    change_client(admin, shop, 3)
    chain_again(admin, shop, 3)


@pytest.mark.parametrize(
    "spoil", [told_otherwise, misnumbered, miscounted, another_version, unsealed, cut, another_history]
)
def test_what_is_spoilt_is_not_passed_and_the_whole_says_what_it_is(server, new_shop, trade, connect, spoil):
    with unguarded(connect, new_shop.id) as admin:
        spoil(admin, new_shop.id)
    assert since(server, new_shop, trade) is None
    assert verify_company(server, new_shop.id).findings


def test_a_note_of_another_ledger_or_none_at_all_vouches_for_nothing(server, new_shop, trade):
    note = trade[0]
    for other in (
        b"",
        b"nonsense",
        note.replace(b"probant", b"probent"),
        note.replace(str(new_shop.id).encode(), str(uuid4()).encode()),
    ):
        assert verify_since(server, new_shop.id, other, trade[1]) is None


def test_a_line_changed_before_the_place_under_its_old_hash_waits_for_the_whole(server, new_shop, trade, connect):
    """What the daily verification does not see, and why there is a weekly one."""
    with unguarded(connect, new_shop.id) as admin:
        change_client(admin, new_shop.id, 3)
    assert since(server, new_shop, trade) is not None
    assert [finding.position for finding in verify_company(server, new_shop.id).findings] == [3]
