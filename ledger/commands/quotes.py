"""Quotes: drafted, revised, sent, answered, invoiced."""

from datetime import date, timedelta
from uuid import UUID

from msgspec.structs import replace

from domain.client import Client
from domain.company import Company
from domain.content import Content, check_version
from domain.document import Document, NotFrozen, document_stream
from domain.errors import NotFound
from domain.issuing import Ticket, priced_at, terms_of
from domain.mentions import mentions
from domain.offer import Offer, OfferReplaced, Signature, place_of
from domain.parties import Card, Text
from domain.pricing import Priced
from domain.quote import Quote, SendDateRefused
from domain.readiness import check_ready
from domain.receipts import check_not_future
from domain.snapshot import buyer_of, seller_of
from ledger.commands.numbers import ticket
from ledger.commands.sealing import (
    opened,
    opened_content,
    opened_sale,
    seal_content,
    seal_shares,
    seal_text,
    sealed_card,
    sealed_draft,
    sealed_identity,
    sealed_place,
)
from ledger.entry import Entry


def draft_quote(entry: Entry, *, quote_id: UUID, content: Content) -> None:
    entry.save(Quote.draft(quote_id, sealed_draft(entry, content)))


def revise_quote(entry: Entry, *, quote_id: UUID, content: Content, base_version: int) -> None:
    quote = entry.get(Quote, quote_id)
    quote.revise(sealed_draft(entry, content), base_version)
    entry.save(quote)


def send_quote(entry: Entry, *, quote_id: UUID, sent_on: date, base_version: int) -> str:
    """Its number: the next of its series, or its own when a revision is sent.

    Errors: `DateInFuture`, `SendDateRefused`, `QuoteState`, `Stale`, `ClientArchived`, `NotReady`.
    """
    check_not_future(sent_on, entry.day)
    quote, company = entry.get(Quote, quote_id), entry.get(Company, entry.company_id)
    check_version(quote_id, quote.version, base_version)
    entry.fetch(quote.content.client_id)
    client = entry.get(Client, quote.content.client_id)
    client.check_active()
    content = opened_content(entry, quote.content)
    priced = priced_at("invoice", content, company, sent_on)
    sale = opened_sale(entry, "quote", sent_on, content, priced, company, client)
    check_ready(sale)
    printed = seal_content(entry, client, content)
    offer = Offer(
        printed=printed,
        priced=_sealed_prices(entry, client, priced_at("invoice", printed, company, sent_on)),
        buyer=buyer_of(client, sealed_card(entry, client)),
        seller=seller_of(company, sealed_identity(entry, company)),
        terms=terms_of(content, client, company),
        mentions=mentions(sale),
        deliver_to=sealed_place(entry, client, printed, _usual_place(entry, company, client)),
    )
    given = quote.sent or _next(entry, company, sent_on)
    valid_until = sent_on + timedelta(days=company.configuration.quote_days)
    quote.send(offer, series=given.series, seq=given.seq, number=given.number, sent_on=sent_on, valid_until=valid_until)
    entry.save(company, quote)
    entry.defer("render_document", document_id=quote_id)
    return quote.number


def accept_quote(entry: Entry, *, quote_id: UUID, accepted_on: date, order: Text = "") -> None:
    check_not_future(accepted_on, entry.day)
    quote = entry.get(Quote, quote_id)
    quote.accept(accepted_on, _client_text(entry, quote, order))
    entry.save(quote)


def decline_quote(entry: Entry, *, quote_id: UUID, declined_on: date, reason: Text = "") -> None:
    check_not_future(declined_on, entry.day)
    quote = entry.get(Quote, quote_id)
    quote.decline(declined_on, _client_text(entry, quote, reason))
    entry.save(quote)


def sign_quote(
    entry: Entry, *, quote_id: UUID, revision: int, sha256: str, signer: str, address_hash: str, drawing: str = "",
    order: str = "",
) -> None:  # fmt: skip
    """The client accepts, on her own page, the offer whose file she was shown; see `Signature` for what is kept.

    Errors: `QuoteState`, `OfferReplaced`, `OfferExpired`, `NotFrozen`.
    """
    quote = entry.get(Quote, quote_id)
    client_id = quote.content.client_id
    stream = document_stream(quote_id, revision)
    entry.fetch(stream, client_id)
    if _sha256(entry, stream, quote_id) != sha256:
        raise OfferReplaced(quote.number)
    sealed = {"signer": seal_text(entry, client_id, signer), "drawing": seal_text(entry, client_id, drawing)}
    signature = Signature(revision=revision, sha256=sha256, address_hash=address_hash, **sealed)
    quote.sign(signature, entry.day, _client_text(entry, quote, order))
    entry.save(quote)


def turn_down_quote(entry: Entry, *, quote_id: UUID, revision: int, reason: str = "") -> None:
    """The client declines on her own page. Errors: `QuoteState`, `OfferReplaced`."""
    quote = entry.get(Quote, quote_id)
    quote.turn_down(revision, entry.day, _client_text(entry, quote, reason))
    entry.save(quote)


def expire_quote(entry: Entry, *, quote_id: UUID) -> None:
    """Run by the job. Errors: `QuoteState` when the client, or the company, answered meanwhile."""
    quote = entry.get(Quote, quote_id)
    quote.expire(entry.day)
    entry.save(quote)


def discard_quote(entry: Entry, *, quote_id: UUID) -> None:
    quote = entry.get(Quote, quote_id)
    quote.discard()
    entry.save(quote)


def _sealed_prices(entry: Entry, client: Client, priced: Priced) -> Priced:
    return replace(
        priced,
        allowances=seal_shares(entry, client, priced.allowances),
        charges=seal_shares(entry, client, priced.charges),
    )


def _usual_place(entry: Entry, company: Company, client: Client) -> Card:
    return place_of(company, opened(entry, client.profile.card), opened(entry, client.profile.delivery))


def _next(entry: Entry, company: Company, sent_on: date) -> Ticket:
    """Errors: `SendDateRefused`."""
    given = ticket(entry, company, "quote", sent_on)
    if sent_on < given.last_issued_on:
        raise SendDateRefused(sent_on, given.last_issued_on)
    return given


def _sha256(entry: Entry, stream: UUID, quote_id: UUID) -> str:
    try:
        return entry.get(Document, stream).rendered.sha256
    except NotFound:
        raise NotFrozen(quote_id) from None


def _client_text(entry: Entry, quote: Quote, text: Text) -> Text:
    client_id = quote.content.client_id
    entry.fetch(client_id)
    natural = entry.get(Client, client_id).profile.natural_person
    return seal_text(entry, client_id, text) if natural else text
