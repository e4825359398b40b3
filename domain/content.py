"""What a person writes into a quote or an invoice before it is issued."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeVar
from uuid import UUID

from msgspec.structs import replace

from domain.errors import DomainError
from domain.lines import Allowance, DraftLine, Line, Period
from domain.parties import Card, Fact, Text
from domain.terms import PaymentTerms

Kind = Literal["invoice", "deposit", "progress", "final", "credit_note", "debit_note"]
Change = Callable[[Text], Text]
CardChange = Callable[[Card], Card]
L = TypeVar("L", DraftLine, Line)


@dataclass(eq=False)
class Stale(DomainError):
    """Somebody saved this document in between: `found` is its version, `expected` the one that was edited."""

    id: UUID
    expected: int
    found: int


class Refs(Fact):
    """References that the client asked for; free texts, sealed for a natural person."""

    order: Text = ""
    buyer_reference: Text = ""
    contract: Text = ""
    project: Text = ""
    quote_id: UUID | None = None


class Content(Fact):
    """A draft in full. Its free texts, labels among them, and its place are sealed for a natural person.

    `terms` absent = the client's or the company's; `contact_ids` = whom to send it to; `retention_bp` = the
    guarantee kept back for a year on works, of the total with VAT (loi n° 71-584 of 16 July 1971: 5 % at most);
    `dwelling` = lines at a reduced rate are works in a dwelling, which the client certifies (CGI 279-0 bis);
    `deliver_to` = a place of its own, of delivery or of works: empty, the client's is taken (`delivered_to`).
    """

    client_id: UUID
    price_mode: Literal["net", "gross"] = "net"
    subject: Text = ""
    lines: tuple[DraftLine, ...] = ()
    allowances: tuple[Allowance, ...] = ()
    charges: tuple[Allowance, ...] = ()
    terms: PaymentTerms | None = None
    delivered_on: date | None = None
    period: Period | None = None
    refs: Refs = Refs()
    note: Text = ""
    retention_bp: int = 0
    contact_ids: tuple[UUID, ...] = ()
    dwelling: bool = False
    deliver_to: Card = Card()


def check_version(id: UUID, found: int, expected: int) -> None:
    """Refuses to save over what somebody else saved meanwhile."""
    if found != expected:
        raise Stale(id, expected, found)


def delivered_to(content: Content, usual: Card) -> Card:
    """Where this document is delivered, or its works are done: its own place, else the `usual` one, its client's."""
    return usual if content.deliver_to == Card() else content.deliver_to


def with_texts(content: Content, change: Change, change_card: CardChange) -> Content:
    """The content with each of its free texts as `change` has it, and its place as `change_card`: sealed, or opened."""
    refs = Refs(
        order=change(content.refs.order),
        buyer_reference=change(content.refs.buyer_reference),
        contract=change(content.refs.contract),
        project=change(content.refs.project),
        quote_id=content.refs.quote_id,
    )
    return replace(
        content,
        subject=change(content.subject),
        note=change(content.note),
        refs=refs,
        lines=tuple(with_label(line, change) for line in content.lines),
        allowances=with_labels(content.allowances, change),
        charges=with_labels(content.charges, change),
        deliver_to=change_card(content.deliver_to),
    )


def with_label(line: L, change: Change) -> L:
    """A line with its own label and those of its discounts as `change` has them."""
    return replace(line, label=change(line.label), allowances=with_labels(line.allowances, change))


def with_labels(changes: tuple[Allowance, ...], change: Change) -> tuple[Allowance, ...]:
    """Discounts or charges, their labels as `change` has them."""
    return tuple(replace(one, label=change(one.label)) for one in changes)
