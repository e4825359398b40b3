import re
from contextlib import nullcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.letter import PLACEHOLDERS, PlaceholderUnknown, check_placeholders, filled, letter_kind

FACTS = {name: f"<{name}>" for name in PLACEHOLDERS["invoice"]}


@given(st.text(alphabet="{}ab numerotal\n", max_size=60))
def test_a_text_is_accepted_when_each_of_its_placeholders_has_a_fact(text):
    unknown = [place for place in re.findall(r"\{[^{}\n]*\}", text) if place[1:-1] not in FACTS]
    with pytest.raises(PlaceholderUnknown) if unknown else nullcontext() as refused:
        check_placeholders("invoice", [text])
    assert not unknown or refused.value.places == tuple(dict.fromkeys(unknown))


@given(st.text(max_size=60))
def test_a_fact_is_put_in_as_it_is(fact):
    assert filled("A {client} B", {"client": fact}) == f"A {fact} B"


def test_every_kind_of_document_has_a_letter():
    kinds = {"invoice", "deposit", "progress", "final", "credit_note", "debit_note", "quote"}
    reminding = {"reminder_before", "reminder_first", "reminder_second", "reminder_last", "formal_notice"}
    assert {letter_kind(kind) for kind in kinds} == set(PLACEHOLDERS) - reminding
