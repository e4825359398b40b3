"""A small aggregate in the form of style.md, its use cases, and ledgers to try them on.

Topics are global in the library: these events have names of their own in Python, and travel under the names that the
ledger has rules for.
"""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import msgspec

from domain.aggregate import Aggregate
from domain.numbering import number
from ledger.books import Books
from ledger.codec import EventMapper, Line
from ledger.entry import Entry
from ledger.postgres import Pool

KEY = b"k" * 32
USER = "user:8f0c2d4e-1111-4222-8333-944455556666"
NAMES = {
    "example.opened": "ledger.opened",
    "example.series_opened": "series.opened",
    "example.drafted": "invoice.drafted",
    "example.revised": "invoice.revised",
    "example.issued": "invoice.issued",
}
PYTHON_NAMES = {name: python for python, name in NAMES.items()}


class ExampleMapper(EventMapper):
    def __init__(self) -> None:
        super().__init__(Book, Ticket)

    def encode(self, event: Any) -> tuple[str, str]:
        name, data = super().encode(event)
        return NAMES[name], data

    def to_event(self, line: Line) -> Any:
        return super().to_event(msgspec.structs.replace(line, type=PYTHON_NAMES.get(line.type, line.type)))


class TicketNotDraft(Exception):
    pass


class Item(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    label: str
    quantity: Decimal = Decimal(1)
    unit_price: Decimal = Decimal(0)
    vat_bp: int = 2000


class Card(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    sealed: str = ""
    name: str = ""


NOBODY = Card()


class Book(Aggregate):
    TOPIC = "example_book"

    class Created(Aggregate.Created):
        TOPIC = "example.opened"
        format: int
        mode: str
        origin: str
        time_zone: str

    class SeriesOpened(Aggregate.Event):
        TOPIC = "example.series_opened"
        series: str
        kinds: tuple[str, ...]
        pattern: str
        first: int = 1

    @classmethod
    def open(cls, id: UUID, **facts: Any) -> "Book":
        return cls._begin(id, format=1, origin=f"probant.example/{id}", **facts)

    def open_series(self, series: str, pattern: str, first: int = 1) -> None:
        self.trigger_event(self.SeriesOpened, series=series, kinds=("invoice",), pattern=pattern, first=first)


class Ticket(Aggregate):
    TOPIC = "example_ticket"

    class Created(Aggregate.Created):
        TOPIC = "example.drafted"
        client_id: UUID
        card: Card = Card()

        def apply(self, aggregate: "Ticket") -> None:
            aggregate.card = self.card

    class Revised(Aggregate.Event):
        TOPIC = "example.revised"
        items: tuple[Item, ...] = ()

        def apply(self, aggregate: "Ticket") -> None:
            aggregate.items = self.items

    class Issued(Aggregate.Event):
        TOPIC = "example.issued"
        class_version = 2
        day: date
        kind: str
        number: str
        series: str
        seq: int
        issued_on: date
        items: tuple[Item, ...]
        card: Card = Card()

        @staticmethod
        def upcast_v1_v2(data: dict[str, Any]) -> None:
            """Version 1 called its lines `lines`."""
            data["items"] = data.pop("lines")

        def apply(self, aggregate: "Ticket") -> None:
            aggregate.number = self.number

    def __init__(self) -> None:
        self.card = Card()
        self.items: tuple[Item, ...] = ()
        self.number = ""

    @classmethod
    def draft(cls, id: UUID, client_id: UUID, card: Card = NOBODY) -> "Ticket":
        return cls._begin(id, client_id=client_id, card=card)

    def revise(self, *items: Item) -> None:
        self.trigger_event(self.Revised, items=items)

    def issue(self, series: str, seq: int, number: str, issued_on: date, day: date, card: Card = NOBODY) -> None:
        if self.number:
            raise TicketNotDraft(self.number)
        self.trigger_event(
            self.Issued,
            day=day,
            kind="invoice",
            number=number,
            series=series,
            seq=seq,
            issued_on=issued_on,
            items=self.items,
            card=card,
        )


ITEMS = (
    Item("Conseil — « audit »", Decimal("1.5"), Decimal("95.00")),
    Item("Déplacement", Decimal(42), Decimal("0.60"), vat_bp=1000),
)


def open_book(entry: Entry, *, mode: str, time_zone: str, series: tuple[str, ...] = ("F2026",)) -> None:
    book = Book.open(entry.company_id, mode=mode, time_zone=time_zone)
    for name in series:
        book.open_series(name, f"{name}-####")
    entry.save(book)


def draft(entry: Entry, *, ticket_id: UUID, client_id: UUID, name: str = "") -> str:
    ticket = Ticket.draft(ticket_id, client_id, Card(sealed=entry.seal(client_id, Card(name=name))) if name else Card())
    ticket.revise(*ITEMS)
    entry.save(ticket)
    return str(ticket_id)


def issue(entry: Entry, *, ticket_id: UUID, issued_on: date | None = None, series: str = "F2026") -> str:
    """Issues a ticket; the name of its client, opened, is sealed afresh in it."""
    ticket = entry.get(Ticket, ticket_id)
    seq = entry.series()[series].last + 1 + sum(event.type == "invoice.issued" for event in entry.events)
    card = entry.opening(ticket.card.sealed)
    again = Card(sealed=entry.seal(ticket_id, Card(**card))) if card else Card()
    ticket.issue(series, seq, number(f"{series}-####", seq), issued_on or entry.day, entry.day, again)
    entry.save(ticket)
    return ticket.number


def new_ledger(
    job_pool: Pool, *, mode: str = "live", time_zone: str = "Europe/Paris", series: tuple[str, ...] = ("F2026",)
) -> UUID:
    """A ledger of its own for a test, opened as the job role does."""
    company = uuid4()
    books = Books(job_pool, ExampleMapper(), KEY)
    books.do(open_book, company, uuid4(), "system", mode=mode, time_zone=time_zone, series=series)
    return company


def issue_new(entry: Entry, *, ticket_id: UUID, client_id: UUID, series: str = "F2026") -> str:
    """Drafts and issues in one command: three entries."""
    draft(entry, ticket_id=ticket_id, client_id=client_id, name="Zoé Lefèvre")
    return issue(entry, ticket_id=ticket_id, series=series)
