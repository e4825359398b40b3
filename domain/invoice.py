"""Invoices of every kind, credit notes included: drafted, revised, discarded, or issued and then final for ever."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, Self
from uuid import UUID

from domain.aggregate import Aggregate
from domain.content import Content, Kind, Refs, check_version
from domain.errors import DomainError, Missing
from domain.lines import Allocation, Allowance, Instalment, Line, Period, Posting, PriceMode, TaxDue, VatGroup
from domain.parties import Card, Fact, Text
from domain.snapshot import Buyer, Scope, Seller
from domain.terms import PaymentTerms


@dataclass(eq=False)
class NotDraft(DomainError):
    """Only a draft can be changed, discarded or issued; an issued invoice is corrected by a credit note."""

    number: str


class Reference(Fact):
    """The invoice that a credit note corrects (EN 16931 BG-3)."""

    invoice_id: UUID
    number: str
    issued_on: date


class PaymentMeans(Fact):
    """How to pay: `code` of UNTDID 4461 (30 = transfer); `iban` sealed for a sole trader."""

    code: str
    iban: Text = ""
    bic: str = ""
    mandate: str = ""


class Paid(Fact):
    """A payment received before issue."""

    payment_id: UUID
    received_on: date
    amount_cents: int


class Mention(Fact):
    """A sentence that the law wants on the document, as printed."""

    code: str
    text: str


class Rules(Fact):
    """Versions of the dated data that this document was computed with."""

    software: str
    vat_table: str
    chart: str
    mentions: str


class Reason(Fact):
    """Why a credit note: a code of ours and free words."""

    code: Literal["return", "error", "discount", "cancelled", "other"] = "other"
    text: Text = ""


class Invoice(Aggregate):
    """A document that asks for money, or gives it back. `issued` is its only truth once it is there."""

    TOPIC = "invoice"

    class Created(Aggregate.Created):
        """`credits` = the invoice that this credit note corrects; `copied_from` = where its content came from, which
        it `replaces` when it was drafted with the credit note of that invoice; `recurring_id` = the recurrence that
        made it.
        """

        TOPIC = "invoice.drafted"
        kind: Kind
        content: Content
        credits: UUID | None = None
        copied_from: UUID | None = None
        replaces: bool = False
        recurring_id: UUID | None = None

        def apply(self, aggregate: "Invoice") -> None:
            aggregate.kind = self.kind
            aggregate.content = self.content
            aggregate.credits = self.credits

    class Revised(Aggregate.Event):
        TOPIC = "invoice.revised"
        content: Content

        def apply(self, aggregate: "Invoice") -> None:
            aggregate.content = self.content

    class Discarded(Aggregate.Event):
        TOPIC = "invoice.discarded"

        def apply(self, aggregate: "Invoice") -> None:
            aggregate.discarded = True

    class Issued(Aggregate.Event):
        """All that prints, posts and declares the document: `events.md`, row `invoice.issued`."""

        TOPIC = "invoice.issued"
        day: date
        kind: Kind
        number: str
        series: str
        seq: int
        type_code: int
        process: str
        scope: Scope
        transmission: Literal["pa", "mail", "none"]
        price_mode: PriceMode
        issued_on: date
        nature: Literal["goods", "services", "mixed"]
        client_id: UUID
        buyer: Buyer
        seller: Seller
        terms: PaymentTerms
        lines: tuple[Line, ...]
        vat: tuple[VatGroup, ...]
        net_cents: int
        vat_cents: int
        gross_cents: int
        payable_cents: int
        instalments: tuple[Instalment, ...]
        mentions: tuple[Mention, ...]
        rules: Rules
        tax_due: tuple[TaxDue, ...]
        postings: tuple[Posting, ...]
        delivered_on: date | None = None
        period: Period | None = None
        deliver_to: Card = Card()
        payment_means: tuple[PaymentMeans, ...] = ()
        subject: Text = ""
        note: Text = ""
        refs: Refs = Refs()
        allowances: tuple[Allowance, ...] = ()
        charges: tuple[Allowance, ...] = ()
        disbursements_cents: int = 0
        paid: tuple[Paid, ...] = ()
        prepaid_cents: int = 0
        rounding_cents: int = 0
        refers_to: tuple[Reference, ...] = ()
        reason: Reason | None = None
        allocations: tuple[Allocation, ...] = ()

        def apply(self, aggregate: "Invoice") -> None:
            aggregate.issued = self

    def __init__(self) -> None:
        self.kind: Kind = "invoice"
        self.content = Content(client_id=self.id)
        self.credits: UUID | None = None
        self.discarded = False
        self.issued: Invoice.Issued | None = None

    @classmethod
    def draft(
        cls,
        id: UUID,
        kind: Kind,
        content: Content,
        *,
        credits: UUID | None = None,
        copied_from: UUID | None = None,
        replaces: bool = False,
        recurring_id: UUID | None = None,
    ) -> Self:
        """A credit note names the invoice that it corrects, and nothing else does. Errors: `Missing`."""
        if (kind == "credit_note") != (credits is not None):
            raise Missing("credits")
        return cls._begin(
            id, kind=kind, content=content, credits=credits, copied_from=copied_from, replaces=replaces,
            recurring_id=recurring_id,
        )  # fmt: skip

    @property
    def number(self) -> str:
        return self.issued.number if self.issued else ""

    def revise(self, content: Content, base_version: int) -> None:
        self.check_draft()
        check_version(self.id, self.version, base_version)
        self.trigger_event(self.Revised, content=content)

    def discard(self) -> None:
        self.check_draft()
        self.trigger_event(self.Discarded)

    def issue(self, facts: dict[str, object]) -> None:
        """Makes it final; `facts` are those of `issuing.facts`, which decides."""
        self.check_draft()
        self.trigger_event(self.Issued, **facts)

    def check_draft(self) -> None:
        if self.issued or self.discarded:
            raise NotDraft(self.number)
