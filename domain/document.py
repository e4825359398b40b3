"""The file of an issued document, kept for good, and the copies of it that were handed out."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, Self, get_args
from uuid import UUID, uuid5

from domain.aggregate import Aggregate
from domain.errors import DomainError, Malformed
from domain.parties import Fact, Sealed
from domain.terms import years_later

CopyReason = Literal["sent_again", "lost", "accounts", "other", "unpaid"]
KEPT_YEARS, QUOTE_KEPT_YEARS = 10, 5


def document_stream(document_id: UUID, revision: int = 1) -> UUID:
    """The stream of a document's file: one for an invoice, one for each offer that was sent of a quote."""
    return uuid5(document_id, "document" if revision == 1 else f"document {revision}")


def kept_until(day: date, fiscal_years: tuple[tuple[date, date], ...]) -> date:
    """Until when an accounting document of that day is kept: ten years from the end of its fiscal year. An unknown
    year may last 24 months, the longest that the law allows.

    Source: Code de commerce, art. L123-22.

    >>> kept_until(date(2026, 3, 1), ((date(2026, 1, 1), date(2026, 12, 31)),))
    datetime.date(2036, 12, 31)
    """
    ends = [last for first, last in fiscal_years if first <= day <= last]
    return years_later(max(ends), KEPT_YEARS) if ends else years_later(day, KEPT_YEARS + 2)


def quote_kept_until(day: date) -> date:
    """Until when an offer of that day is kept: as long as it can be argued about (Code de commerce, art. L110-4)."""
    return years_later(day, QUOTE_KEPT_YEARS)


class Rules(Fact, kw_only=True):
    """A set of rules that the XML inside was judged by, before the file was kept; `digest` = SHA-256 of its text."""

    name: str
    version: str
    digest: str = ""


class Unpaid(Fact):
    """What a copy says was not paid of its invoice: the price without VAT, and its VAT (CGI, art. 272, 1)."""

    net_cents: int
    vat_cents: int


class Document(Aggregate):
    """A file that never changes: `sha256` in hex is also the name of its content in the store."""

    TOPIC = "document"

    class Created(Aggregate.Created):
        TOPIC = "document.rendered"
        document_id: UUID
        media_type: str
        sha256: str
        bytes: int
        template: str
        software: str
        revision: int = 1
        rules: tuple[Rules, ...] = ()

        def apply(self, aggregate: "Document") -> None:
            aggregate.rendered = self

    class Copied(Aggregate.Event):
        TOPIC = "document.copied"
        document_id: UUID
        copy: int
        reason: CopyReason
        unpaid: Unpaid | None = None

        def apply(self, aggregate: "Document") -> None:
            aggregate.copies = self.copy
            if self.unpaid:
                aggregate.unpaid = {**aggregate.unpaid, self.copy: self.unpaid}

    class Sent(Aggregate.Event):
        """A mail with this document was taken by a mail server; each address sealed under its own subject."""

        TOPIC = "document.sent"
        document_id: UUID
        to: tuple[Sealed, ...]
        message_id: str

        def apply(self, aggregate: "Document") -> None:
            aggregate.sendings += 1

    def __init__(self) -> None:
        self.rendered: Document.Created
        self.sendings = 0
        self.copies = 0
        self.unpaid: dict[int, Unpaid] = {}

    @classmethod
    def render(
        cls,
        document_id: UUID,
        *,
        media_type: str,
        sha256: str,
        bytes: int,
        template: str,
        software: str,
        revision: int,
        rules: tuple[Rules, ...] = (),
    ) -> Self:
        """Its file, rendered once. `template` = version of the layout, `software` = what made it."""
        return cls._begin(
            document_stream(document_id, revision), document_id=document_id, media_type=media_type, sha256=sha256,
            bytes=bytes, template=template, software=software, revision=revision, rules=rules,
        )  # fmt: skip

    def send(self, to: tuple[Sealed, ...], message_id: str) -> None:
        self.trigger_event(self.Sent, document_id=self.rendered.document_id, to=to, message_id=message_id)

    def copy(self, reason: CopyReason, unpaid: Unpaid | None = None) -> int:
        """A copy handed out: its number, from 1. `unpaid`: what it says of the debt. Errors: `Malformed`."""
        if reason not in get_args(CopyReason) or (reason == "unpaid") != (unpaid is not None):
            raise Malformed("reason", reason)
        self.trigger_event(
            self.Copied, document_id=self.rendered.document_id, copy=self.copies + 1, reason=reason, unpaid=unpaid
        )
        return self.copies


@dataclass(eq=False)
class NotFrozen(DomainError):
    """The file of the document is not there yet: it is being made, or its making failed."""

    document_id: UUID
