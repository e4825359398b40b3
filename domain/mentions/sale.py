"""What the rules look at: a draft on the day on which it would leave."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, Self
from uuid import UUID

from domain.client import Client, Profile
from domain.company import Company, Configuration, Identity, Size
from domain.content import Content, Kind, delivered_to
from domain.lines import DraftLine
from domain.parties import Card
from domain.places import MEMBER_STATES
from domain.pricing import Priced
from domain.snapshot import Scope, scope_of
from domain.terms import PaymentTerms

__all__ = ["Sale", "Size"]


@dataclass(frozen=True)
class Sale:
    """`lines` as priced when they can be, else as entered. `identity`, `card`, `delivery` in clear where a rule asks
    for them; for what is printed they may be sealed.
    """

    kind: Kind | Literal["quote"]
    on: date
    content: Content
    lines: tuple[DraftLine, ...]
    gross_cents: int
    natural_person: bool
    configuration: Configuration
    profile: Profile
    identity: Identity
    card: Card
    delivery: Card
    credits: UUID | None = None  # the invoice that a credit note corrects

    @classmethod
    def of(
        cls,
        kind: Kind | Literal["quote"],
        on: date,
        content: Content,
        priced: Priced | None,
        company: Company,
        client: Client,
        *,
        identity: Identity | None = None,
        card: Card | None = None,
        delivery: Card | None = None,
        credits: UUID | None = None,
    ) -> Self:
        """A draft of that company to that client; identity and cards are theirs unless given in clear. `delivery` is
        the client's: a place of the document's own goes before it.

        Without `priced` (it cannot be) the amounts are not judged: the refusal of the price says enough.
        """
        return cls(
            kind=kind,
            on=on,
            content=content,
            lines=priced.lines if priced else content.lines,
            gross_cents=priced.gross_cents if priced else -1 if kind == "credit_note" else 0,
            natural_person=company.natural_person,
            configuration=company.configuration,
            profile=client.profile,
            identity=company.identity if identity is None else identity,
            card=client.profile.card if card is None else card,
            delivery=delivered_to(content, client.profile.delivery if delivery is None else delivery),
            credits=credits,
        )

    @property
    def is_invoice(self) -> bool:
        """It asks for money, or gives it back."""
        return self.kind != "quote"

    @property
    def asks_payment(self) -> bool:
        return self.kind not in ("quote", "credit_note")

    @property
    def to_person(self) -> bool:
        return self.profile.kind == "person"

    @property
    def scope(self) -> Scope:
        return scope_of(self.profile)

    @property
    def of_group(self) -> bool:
        """Sold by a member of an assujetti unique (CGI 256 C)."""
        return self.identity.member_of != Card()

    @property
    def size(self) -> Size:
        """Whose dates count: a member has those of the large, whatever its own size (décret 2024-266, art. 2)."""
        return "large" if self.of_group else self.configuration.size

    @property
    def terms(self) -> PaymentTerms:
        return self.content.terms or self.profile.terms or self.configuration.terms

    @property
    def in_union_abroad(self) -> bool:
        """To a taxable buyer in another Member State."""
        return self.profile.country in MEMBER_STATES - {"FR"} and self.profile.taxable

    def has(self, *categories: str) -> bool:
        """A line of one of these VAT categories."""
        return any(line.vat_category in categories for line in self.lines)
