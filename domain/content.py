"""What a person writes into a quote or an invoice before it is issued."""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from domain.errors import DomainError
from domain.lines import Allowance, DraftLine, Period
from domain.parties import Fact, Text
from domain.terms import PaymentTerms

Kind = Literal["invoice", "deposit", "progress", "final", "credit_note", "debit_note"]


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
    """A draft in full. `subject`, `note` and `refs` are sealed when the client is a natural person.

    `terms` absent = the client's or the company's; `contact_ids` = whom to send it to; `retention_bp` = the
    guarantee kept back for a year on works, of the total with VAT (loi n° 71-584 of 16 July 1971: 5 % at most).
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


def check_version(id: UUID, found: int, expected: int) -> None:
    """Refuses to save over what somebody else saved meanwhile."""
    if found != expected:
        raise Stale(id, expected, found)
