from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.numbering import Numbering, PatternRefused, check_pattern, kinds_sharing, number, series_name


@given(st.integers(1, 10**9), st.integers(1, 9))
def test_a_number_is_padded_and_grows_beyond_its_run(seq, run):
    written = number(f"F2026-{'#' * run}", seq)
    assert written == f"F2026-{seq:0{run}}"
    assert int(written.removeprefix("F2026-")) == seq


def test_the_year_is_that_of_the_issue():
    assert Numbering().pattern("invoice", date(2026, 12, 31)) == "F2026-####"
    assert Numbering().pattern("quote", date(2027, 1, 1)) == "D2027-####"


@pytest.mark.parametrize("kind", ["invoice", "deposit", "progress", "final"])
def test_all_invoices_share_a_series(kind):
    assert Numbering().pattern(kind, date(2026, 1, 1)) == "F2026-####"
    assert kind in kinds_sharing("invoice")


@pytest.mark.parametrize("kind", ["credit_note", "debit_note", "quote"])
def test_credit_notes_penalties_and_quotes_have_their_own(kind):
    assert kinds_sharing(kind) == (kind,)


@pytest.mark.parametrize("pattern", ["F####", "F{yyyy}-####", "2026/##", "#", "A_b+c-#", "F" * 29 + "#"])
def test_a_pattern_of_the_norm_passes(pattern):
    check_pattern(pattern)


@pytest.mark.parametrize(
    "pattern", ["", "F2026", "F#-#", "F 2026-#", "É-###", "F.###", "F" * 30 + "#", "F" * 9 + "#" * 27, "F{mm}-##"]
)
def test_any_other_is_refused(pattern):
    with pytest.raises(PatternRefused) as refusal:
        check_pattern(pattern)
    assert refusal.value.pattern == pattern


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("F2026-####", "F2026"),
        ("fa/2026/##", "FA-2026"),
        ("####", "N"),
        ("FACTURE-CLIENT-2027-####", "FACTURE-CLI-2027"),
        ("X" * 30 + "#", "X" * 16),
    ],
)
def test_a_series_has_a_name_that_the_ledger_takes(pattern, name):
    assert series_name(pattern) == name
