"""A restore is declared: the lost numbers are never given again, and issue goes on in another series."""

from uuid import uuid4

import pytest

from domain.restore import LostNumbers, Restore
from ledger.books import Books
from ledger.commands.restores import declare_restore
from ledger.errors import LedgerReadOnly


@pytest.fixture
def declare(shop, job_pool, connect):
    def declare(**facts):
        connect("probant_job").execute("SELECT ledger.freeze(%s)", (shop.id,))
        with pytest.raises(LedgerReadOnly):
            shop.client()
        known = {"known_size": 40, "known_root": "a" * 64, "known_head": "b" * 64} | facts
        books = Books(job_pool, shop.books.mapper, shop.books.key)
        return books.do(declare_restore, shop.id, uuid4(), "job:restore", restore_id=uuid4(), **known)

    return declare


def test_after_a_restore_numbers_go_on_in_series_of_their_own(shop, declare):
    client = shop.client()
    assert shop.issue(shop.invoice(client)) == "F2026-0001"
    lost = LostNumbers(series="F2026", from_=2, to=9)
    assert declare(lost_numbers=(lost,)) == f"tests/{shop.id}/2"
    assert shop.issue(shop.invoice(client)) == "F2026-2-0001"
    assert shop.issue(shop.invoice(client)) == "F2026-2-0002"
    assert declare() == f"tests/{shop.id}/3"
    assert shop.issue(shop.invoice(client)) == "F2026-3-0001"
    first, second = (event for event in shop.events(shop.id) if isinstance(event, Restore.Created))
    assert (first.lost_numbers, second.lost_numbers) == ((lost,), ())
    assert (first.known_size, first.kept_pos > 0, first.origin) == (40, True, f"tests/{shop.id}/2")
