from datetime import date, timedelta
from uuid import UUID

import pytest

from domain.content import Content, Stale
from domain.parties import Card
from domain.pricing import price
from domain.quote import Offer, Quote, QuoteState
from domain.snapshot import Buyer, Seller
from domain.terms import PaymentTerms
from tests.domain.examples import line
from tests.domain.test_company import IDENTITY

DAY = date(2026, 3, 2)
INVOICE = UUID(int=9)
CONTENT = Content(client_id=UUID(int=2), lines=(line("services", "100"),))
OFFER = Offer(
    printed=CONTENT, priced=price(CONTENT.lines), buyer=Buyer(kind="business", card=Card(name="Hôtel du Parc")),
    seller=Seller(identity=IDENTITY), terms=PaymentTerms(),
)  # fmt: skip


def send(quote: Quote) -> None:
    quote.send(OFFER, series="D2026", seq=1, number="D2026-0001", sent_on=DAY, valid_until=DAY + timedelta(days=30))


DEEDS = {
    "revise": lambda quote: quote.revise(CONTENT, quote.version),
    "send": send,
    "accept": lambda quote: quote.accept(DAY),
    "decline": lambda quote: quote.decline(DAY),
    "expire": lambda quote: quote.expire(DAY + timedelta(days=31)),
    "discard": lambda quote: quote.discard(),
    "invoice": lambda quote: quote.invoice(INVOICE, complete=True),
    "deposit": lambda quote: quote.invoice(INVOICE, complete=False),
}
ALLOWED = {  # state → deed → state
    "draft": {"revise": "draft", "send": "sent", "discard": "discarded"},
    "sent": {
        "revise": "draft",
        "accept": "accepted",
        "decline": "declined",
        "expire": "expired",
        "discard": "discarded",
    },
    "accepted": {"invoice": "invoiced", "deposit": "accepted"},
    "declined": {"revise": "draft", "discard": "discarded"},
    "expired": {"revise": "draft", "accept": "accepted", "decline": "declined", "discard": "discarded"},
    "discarded": {},
    "invoiced": {},
}
PATHS = {
    "draft": (), "sent": ("send",), "accepted": ("send", "accept"), "declined": ("send", "decline"),
    "expired": ("send", "expire"), "discarded": ("discard",), "invoiced": ("send", "accept", "invoice"),
}  # fmt: skip


def quote_in(state: str) -> Quote:
    quote = Quote.draft(UUID(int=1), CONTENT)
    for deed in PATHS[state]:
        DEEDS[deed](quote)
    assert quote.state == state
    return quote


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("state", PATHS)
def test_every_deed_in_every_state_leads_on_or_is_refused(state, deed):
    quote = quote_in(state)
    if deed in ALLOWED[state]:
        DEEDS[deed](quote)
        assert quote.state == ALLOWED[state][deed]
    else:
        with pytest.raises(QuoteState) as refusal:
            DEEDS[deed](quote)
        assert (refusal.value.state, quote.state) == (state, state)


def test_a_revision_keeps_the_number_and_counts():
    quote = quote_in("declined")
    quote.revise(CONTENT, quote.version)
    send(quote)
    assert (quote.number, quote.sent.revision) == ("D2026-0001", 2)


def test_what_somebody_else_saved_is_not_overwritten():
    quote = quote_in("sent")
    with pytest.raises(Stale) as refusal:
        quote.revise(CONTENT, 1)
    assert (refusal.value.expected, refusal.value.found) == (1, 2)


def test_an_offer_is_over_the_day_after_its_last():
    quote = quote_in("sent")
    quote.expire(DAY + timedelta(days=30))
    assert quote.state == "sent"
    quote.expire(DAY + timedelta(days=31))
    assert quote.state == "expired"


def test_a_discarded_draft_gives_back_what_it_was_to_invoice():
    quote = quote_in("invoiced")
    quote.release(UUID(int=10))
    assert quote.state == "invoiced"
    quote.release(INVOICE)
    assert (quote.state, quote.invoice_ids) == ("accepted", ())


def test_what_was_sent_is_kept_as_it_was():
    sent = quote_in("accepted").sent
    assert (sent.net_cents, sent.vat_cents, sent.gross_cents) == (10_000, 2_000, 12_000)
    assert (sent.buyer.card.name, sent.valid_until) == ("Hôtel du Parc", date(2026, 4, 1))
