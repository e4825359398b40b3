"""An offer that its client accepts or declines by herself: in which state, which revision, until when."""

import json
from datetime import timedelta
from uuid import UUID

import pytest

from domain.offer import OfferExpired, OfferReplaced, Signature
from domain.parties import Sealed
from domain.quote import Quote, QuoteState
from domain.registry import AGGREGATES
from ledger.codec import EventMapper
from tests.domain.test_quote import DAY, DEEDS, INVOICE, PATHS, quote_in

SIGNATURE = Signature(revision=1, sha256="ab" * 32, signer=Sealed(sealed="cd" * 32), address_hash="ef" * 32)
MAPPER = EventMapper(*AGGREGATES)


REFUSALS = {"draft": OfferReplaced, "discarded": OfferReplaced, "expired": OfferExpired}


@pytest.mark.parametrize("state", PATHS)
def test_a_client_signs_what_is_offered_and_nothing_else(state):
    quote = quote_in(state)
    if state == "sent":
        quote.sign(SIGNATURE, DAY, "BC-12")
        assert (quote.state, quote.order, quote.accepted.signature) == ("accepted", "BC-12", SIGNATURE)
        return
    with pytest.raises(REFUSALS.get(state, QuoteState)):
        quote.sign(SIGNATURE, DAY + timedelta(days=31))
    assert quote.state == state


@pytest.mark.parametrize("state", PATHS)
def test_a_client_declines_what_is_offered_even_late(state):
    quote = quote_in(state)
    if state in ("sent", "expired"):
        quote.turn_down(1, DAY)
        assert quote.state == "declined"
        return
    with pytest.raises(REFUSALS.get(state, QuoteState)):
        quote.turn_down(1, DAY)
    assert quote.state == state


def test_the_last_day_counts_and_the_next_one_does_not():
    quote = quote_in("sent")
    last = quote.sent.valid_until
    with pytest.raises(OfferExpired):
        quote.sign(SIGNATURE, last + timedelta(days=1))
    quote.sign(SIGNATURE, last)


def test_an_earlier_offer_is_neither_signed_nor_turned_down():
    quote = quote_in("sent")
    DEEDS["revise"](quote)
    with pytest.raises(OfferReplaced):
        quote.sign(SIGNATURE, DAY)
    DEEDS["send"](quote)
    with pytest.raises(OfferReplaced):
        quote.sign(SIGNATURE, DAY)
    with pytest.raises(OfferReplaced):
        quote.turn_down(1, DAY)
    quote.turn_down(2, DAY, "Trop cher")
    assert (quote.state, quote.reason) == ("declined", "Trop cher")


def test_a_signed_quote_is_invoiced_as_another():
    quote = quote_in("sent")
    quote.sign(SIGNATURE, DAY)
    DEEDS["invoice"](quote)
    assert quote.invoice_ids == (INVOICE,)


def line_of(data: str) -> str:
    ids = '"ledger":"00000000-0000-0000-0000-000000000001","pos":3,"stream":"00000000-0000-0000-0000-000000000001"'
    return (
        f'{{"at":"2026-03-02T09:00:00.000000Z","by":"user:00000000-0000-0000-0000-000000000001","data":{data},{ids},'
        '"type":"quote.accepted","version":3}'
    )


def test_lines_of_before_are_read_and_an_acceptance_without_signature_is_written_as_before():
    event = MAPPER.decode(line_of('{"accepted_on":"2026-03-02","order":"BC-7"}'))
    assert (event.signature, event.order, event.originator_id) == (None, "BC-7", UUID(int=1))
    assert MAPPER.encode(event) == ("quote.accepted", '{"accepted_on":"2026-03-02","order":"BC-7"}')


def test_a_signature_comes_back_from_its_line_as_it_was():
    quote = Quote.draft(UUID(int=1), quote_in("draft").content)
    DEEDS["send"](quote)
    quote.sign(SIGNATURE, DAY)
    _, data = MAPPER.encode(quote.accepted)
    assert MAPPER.decode(line_of(data)).signature == SIGNATURE
    assert json.loads(data)["signature"] == {
        "address_hash": "ef" * 32, "revision": 1, "sha256": "ab" * 32, "signer": {"sealed": "cd" * 32},
    }  # fmt: skip
