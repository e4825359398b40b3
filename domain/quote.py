"""Quotes: drafted, sent, accepted or declined, invoiced. A sent quote is kept; a revision is sent again."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, Self
from uuid import UUID

from domain.aggregate import Aggregate
from domain.content import Content, Refs, check_version
from domain.errors import DomainError
from domain.invoice import Mention
from domain.lines import Allowance, Line, Period, VatGroup
from domain.offer import Offer, OfferExpired, OfferReplaced, Signature
from domain.parties import Card, Text
from domain.snapshot import Buyer, Seller
from domain.terms import PaymentTerms

State = Literal["draft", "sent", "accepted", "declined", "expired", "discarded", "invoiced"]


@dataclass(eq=False)
class QuoteState(DomainError):
    """This cannot be done to a quote in this state."""

    number: str
    state: State


@dataclass(eq=False)
class SendDateRefused(DomainError):
    """A quote is not dated before the last one of its series."""

    sent_on: date
    earliest: date


class Quote(Aggregate):
    """An offer to a client. `number` is given when it is first sent and stays through its revisions."""

    TOPIC = "quote"

    class Created(Aggregate.Created):
        TOPIC = "quote.drafted"
        content: Content

        def apply(self, aggregate: "Quote") -> None:
            aggregate.content = self.content

    class Revised(Aggregate.Event):
        TOPIC = "quote.revised"
        content: Content

        def apply(self, aggregate: "Quote") -> None:
            aggregate.content = self.content
            aggregate.state = "draft"

    class Sent(Aggregate.Event):
        """The offer as it left: enough to print it. `seq` and `series` as those of an invoice."""

        TOPIC = "quote.sent"
        number: str
        series: str
        seq: int
        revision: int
        sent_on: date
        valid_until: date
        client_id: UUID
        buyer: Buyer
        seller: Seller
        lines: tuple[Line, ...]
        vat: tuple[VatGroup, ...]
        net_cents: int
        vat_cents: int
        gross_cents: int
        terms: PaymentTerms
        price_mode: Literal["net", "gross"] = "net"
        subject: Text = ""
        note: Text = ""
        refs: Refs = Refs()
        allowances: tuple[Allowance, ...] = ()
        charges: tuple[Allowance, ...] = ()
        delivered_on: date | None = None
        period: Period | None = None
        mentions: tuple[Mention, ...] = ()
        deliver_to: Card = Card()

        def apply(self, aggregate: "Quote") -> None:
            aggregate.sent = self
            aggregate.state = "sent"

    class Accepted(Aggregate.Event):
        """Noted by the company, or signed by the client on her own page (`signature`)."""

        TOPIC = "quote.accepted"
        accepted_on: date
        order: Text = ""
        signature: Signature | None = None

        def apply(self, aggregate: "Quote") -> None:
            aggregate.accepted = self
            aggregate.state = "accepted"
            aggregate.order = self.order

    class Declined(Aggregate.Event):
        TOPIC = "quote.declined"
        declined_on: date
        reason: Text = ""

        def apply(self, aggregate: "Quote") -> None:
            aggregate.state = "declined"
            aggregate.reason = self.reason

    class Expired(Aggregate.Event):
        TOPIC = "quote.expired"
        expired_on: date

        def apply(self, aggregate: "Quote") -> None:
            aggregate.state = "expired"

    class Discarded(Aggregate.Event):
        TOPIC = "quote.discarded"

        def apply(self, aggregate: "Quote") -> None:
            aggregate.state = "discarded"

    class Invoiced(Aggregate.Event):
        """An invoice was drafted from this quote; `complete` when nothing is left to invoice."""

        TOPIC = "quote.invoiced"
        invoice_id: UUID
        complete: bool = False

        def apply(self, aggregate: "Quote") -> None:
            aggregate.invoice_ids = (*aggregate.invoice_ids, self.invoice_id)
            aggregate.state = "invoiced" if self.complete else aggregate.state

    class Released(Aggregate.Event):
        """The draft made from this quote was discarded: what it was to invoice is left again."""

        TOPIC = "quote.released"
        invoice_id: UUID

        def apply(self, aggregate: "Quote") -> None:
            aggregate.invoice_ids = tuple(known for known in aggregate.invoice_ids if known != self.invoice_id)
            aggregate.state = "accepted"

    def __init__(self) -> None:
        self.content = Content(client_id=self.id)
        self.state: State = "draft"
        self.sent: Quote.Sent | None = None
        self.accepted: Quote.Accepted | None = None
        self.order: Text = ""
        self.reason: Text = ""
        self.invoice_ids: tuple[UUID, ...] = ()

    @classmethod
    def draft(cls, id: UUID, content: Content) -> Self:
        return cls._begin(id, content=content)

    @property
    def number(self) -> str:
        return self.sent.number if self.sent else ""

    def revise(self, content: Content, base_version: int) -> None:
        self._check("draft", "sent", "declined", "expired")
        check_version(self.id, self.version, base_version)
        self.trigger_event(self.Revised, content=content)

    def send(self, offer: Offer, *, series: str, seq: int, number: str, sent_on: date, valid_until: date) -> None:
        """Gives the offer out. `number` is the next of its series, or the quote's own on a later revision."""
        self._check("draft")
        printed, priced = offer.printed, offer.priced
        self.trigger_event(
            self.Sent,
            series=series,
            seq=seq,
            number=number,
            revision=self.sent.revision + 1 if self.sent else 1,
            sent_on=sent_on,
            valid_until=valid_until,
            client_id=self.content.client_id,
            buyer=offer.buyer,
            seller=offer.seller,
            terms=offer.terms,
            lines=priced.lines,
            allowances=priced.allowances,
            charges=priced.charges,
            vat=priced.vat,
            net_cents=priced.net_cents,
            vat_cents=priced.vat_cents,
            gross_cents=priced.gross_cents,
            price_mode=printed.price_mode,
            subject=printed.subject,
            note=printed.note,
            refs=printed.refs,
            delivered_on=printed.delivered_on,
            period=printed.period,
            mentions=offer.mentions,
            deliver_to=offer.deliver_to,
        )

    def accept(self, accepted_on: date, order: Text = "") -> None:
        self._check("sent", "expired")
        self.trigger_event(self.Accepted, accepted_on=accepted_on, order=order)

    def sign(self, signature: Signature, accepted_on: date, order: Text = "") -> None:
        """The client accepts by herself. Errors: `QuoteState`, `OfferReplaced`, `OfferExpired`."""
        sent = self._offered(signature.revision, "sent", "expired")
        if accepted_on > sent.valid_until:
            raise OfferExpired(sent.number, sent.valid_until)
        self.trigger_event(self.Accepted, accepted_on=accepted_on, order=order, signature=signature)

    def turn_down(self, revision: int, declined_on: date, reason: Text = "") -> None:
        """The client declines by herself. Errors: `QuoteState`, `OfferReplaced`."""
        self._offered(revision, "sent", "expired")
        self.trigger_event(self.Declined, declined_on=declined_on, reason=reason)

    def decline(self, declined_on: date, reason: Text = "") -> None:
        self._check("sent", "expired")
        self.trigger_event(self.Declined, declined_on=declined_on, reason=reason)

    def expire(self, expired_on: date) -> None:
        """The offer is over: the day after `valid_until` at the earliest."""
        self._check("sent")
        if self.sent and expired_on > self.sent.valid_until:
            self.trigger_event(self.Expired, expired_on=expired_on)

    def discard(self) -> None:
        self._check("draft", "sent", "declined", "expired")
        self.trigger_event(self.Discarded)

    def invoice(self, invoice_id: UUID, complete: bool) -> None:
        self._check("accepted")
        self.trigger_event(self.Invoiced, invoice_id=invoice_id, complete=complete)

    def release(self, invoice_id: UUID) -> None:
        if invoice_id in self.invoice_ids:
            self.trigger_event(self.Released, invoice_id=invoice_id)

    def _offered(self, revision: int, *states: State) -> "Quote.Sent":
        """The offer that the client sees, when it is the last one and in one of these states."""
        if self.sent is None or self.state == "draft" or self.sent.revision != revision:
            raise OfferReplaced(self.number)
        self._check(*states)
        return self.sent

    def _check(self, *states: State) -> None:
        if self.state not in states:
            raise QuoteState(self.number, self.state)
