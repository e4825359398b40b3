"""What a reminder says: to a professional, to a public buyer, to a consumer; in French and in English."""

from datetime import date

import pytest

from documents.words import ENGLISH, FRENCH
from web.reminders.call import Call, Item, around, facts, penalties, tidy

ITEM = Item("invoice", "F2026-0042", date(2026, 3, 1), date(2026, 3, 31), 120_000, 1_234, 4_000)
CALL = Call("Atelier Mercier", "Hôtel du Parc", "fr", False, date(2026, 4, 30), (ITEM,), 1_215)


def test_the_facts_name_each_invoice_on_a_line_of_its_own():
    told = facts(CALL._replace(items=(ITEM, ITEM._replace(number="F2026-0043", due_cents=5))))
    assert told["factures"].splitlines() == [
        "Facture F2026-0042 du 1er\u00a0mars\u00a02026, échéance le 31\u00a0mars\u00a02026 : 1\u00a0200,00\u00a0€",
        "Facture F2026-0043 du 1er\u00a0mars\u00a02026, échéance le 31\u00a0mars\u00a02026 : 0,05\u00a0€",
    ]
    assert (told["numero"], told["total"], told["retard"]) == (
        "F2026-0042, F2026-0043", "1\u00a0200,05\u00a0€", "30 jours",
    )  # fmt: skip


def test_penalties_are_told_with_their_law():
    assert "12,34\u00a0€" in penalties(CALL, FRENCH)
    assert "L441-10" in penalties(CALL, FRENCH)
    assert "L2192-13" in penalties(CALL._replace(public=True), FRENCH)
    assert "recovery fee to €40.00" in penalties(CALL, ENGLISH)


def test_a_consumer_reads_nothing_of_them_and_no_gap_is_left():
    bare = CALL._replace(items=(ITEM._replace(interest_cents=0, fee_cents=0),))
    assert penalties(bare, FRENCH) == ""
    assert tidy("Bonjour,\n\n\n\nMerci.") == "Bonjour,\n\nMerci."


@pytest.mark.parametrize(("language", "total"), [("fr", "Reste dû"), ("en", "Amount due"), ("de", "Amount due")])
def test_the_table_ends_with_what_is_due(language, total):
    assert around(CALL._replace(language=language)).rows[-1][0] == total


def test_a_list_calls_it_by_its_first_number():
    assert CALL.label == "F2026-0042"
    assert CALL._replace(items=(ITEM,) * 3).label == "F2026-0042 + 2"
