"""What a reminder says: to a professional, to a public buyer, to a consumer; in French and in English."""

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest

from documents.words import ENGLISH, FRENCH
from domain.late import Terms, periods
from web.reminders.call import Call, Item, around, facts, penalties, tidy

DUE = date(2026, 3, 31)
ITEM = Item("invoice", "F2026-0042", date(2026, 3, 1), DUE, 120_000, periods(120_000, DUE, date(2026, 4, 30)), 4_000)
CALL = Call("Atelier Mercier", "Hôtel du Parc", "fr", False, date(2026, 4, 30), (ITEM,))


def test_the_facts_name_each_invoice_on_a_line_of_its_own():
    told = facts(CALL._replace(items=(ITEM, ITEM._replace(number="F2026-0043", due_cents=5))))
    assert told["factures"].splitlines() == [
        "Facture F2026-0042 du 1er\u00a0mars\u00a02026, échéance le 31\u00a0mars\u00a02026 : 1\u00a0200,00\u00a0€",
        "Facture F2026-0043 du 1er\u00a0mars\u00a02026, échéance le 31\u00a0mars\u00a02026 : 0,05\u00a0€",
    ]
    assert (told["numero"], told["total"], told["retard"]) == (
        "F2026-0042, F2026-0043", "1\u00a0200,05\u00a0€", "30 jours",
    )  # fmt: skip


def test_penalties_are_told_with_their_law():
    assert "11,98\u00a0€" in penalties(CALL, FRENCH)
    assert "L441-10" in penalties(CALL, FRENCH)
    assert "L2192-13" in penalties(CALL._replace(public=True), FRENCH)
    assert "recovery fee to €40.00" in penalties(CALL, ENGLISH)


@pytest.mark.parametrize(
    "terms", [Terms(), Terms(1_250), Terms(public=True), Terms(1_250, public=True)],
    ids=["law", "agreed", "public", "public and agreed"],
)  # fmt: skip
def test_the_sums_are_those_of_the_rates_that_are_printed(terms):
    """Read back from the text: base × rate × days / 365, added up, is the sum that the sentence asks for."""
    item = ITEM._replace(periods=periods(120_000, date(2025, 12, 1), date(2026, 8, 3), terms))
    sentence, *lines = penalties(CALL._replace(items=(item,)), FRENCH).replace("\u00a0", " ").splitlines()
    told = [
        re.search(r"([\d ]+,\d\d) € du .* (\d+) jours à ([\d,]+) % par an.* soit ([\d,]+) €", line) for line in lines
    ]
    figures = [[Decimal(figure.replace(" ", "").replace(",", ".")) for figure in line.groups()] for line in told]
    assert len(lines) == (1 if terms != Terms() else 3)
    for base, days, rate, owed in figures:
        assert owed == (base * rate / 100 * days / 365).quantize(Decimal("0.01"), ROUND_HALF_UP)
    total = f"{sum(owed for *_, owed in figures)}".replace(".", ",")
    assert f"s’élèvent à {total} €" in sentence


def test_a_rate_that_stands_in_for_an_unknown_one_is_named():
    item = ITEM._replace(periods=periods(120_000, DUE, date(2026, 7, 31)))
    assert "1er semestre 2026, le dernier connu" in penalties(CALL._replace(items=(item,)), FRENCH)
    assert "first half of 2026, the last one known" in penalties(CALL._replace(items=(item,)), ENGLISH)
    assert "semestre" not in penalties(CALL, FRENCH)


def test_a_consumer_reads_nothing_of_them_and_no_gap_is_left():
    bare = CALL._replace(items=(ITEM._replace(periods=(), fee_cents=0),))
    assert penalties(bare, FRENCH) == ""
    assert tidy("Bonjour,\n\n\n\nMerci.") == "Bonjour,\n\nMerci."


@pytest.mark.parametrize(("language", "total"), [("fr", "Reste dû"), ("en", "Amount due"), ("de", "Amount due")])
def test_the_table_ends_with_what_is_due(language, total):
    assert around(CALL._replace(language=language)).rows[-1][0] == total


def test_a_list_calls_it_by_its_first_number():
    assert CALL.label == "F2026-0042"
    assert CALL._replace(items=(ITEM,) * 3).label == "F2026-0042 + 2"
