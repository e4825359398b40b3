"""What a client paid before an invoice, or has to its credit: offered when the invoice is issued."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal, NamedTuple, cast
from uuid import UUID

from domain.payment import Source
from projections import invoice_lists, payment_lists
from projections.listing import Filter
from projections.tx import Tx
from web import forms
from web.documents import Sheet

FIELD = "credit."
MOST = 20  # that are offered


class Credit(NamedTuple):
    """What is left to a client of a payment or credit note; `chosen`: that of the invoice which this one replaces."""

    kind: Literal["payment", "credit_note"]
    id: UUID
    label: str
    on: date | None
    left_cents: int
    chosen: bool

    @property
    def field(self) -> str:
        return f"{FIELD}{self.kind}.{self.id}"


def offered(tx: Tx, sheet: Sheet) -> list[Credit]:
    """The client's own, the oldest first; none for a credit note, which takes no money."""
    if sheet.invoice.kind == "credit_note":
        return []
    paid = Filter(client_id=sheet.client.id, kinds=("payment",), statuses=("unallocated",))
    credited = Filter(client_id=sheet.client.id, statuses=("credit_open",))
    payments = payment_lists.page(tx, paid, sort="on", limit=MOST)
    notes = invoice_lists.page(tx, credited, sheet.day, sort="issued_on", limit=MOST)
    replaced = invoice_lists.one(tx, sheet.invoice.id, sheet.day)
    origin = replaced.copied_from if replaced and replaced.replaces else None
    return [
        *(Credit("payment", row.id, "Règlement", row.on, row.left_cents, False) for row in payments),
        *(
            Credit("credit_note", row.id, f"Avoir {row.number}", row.issued_on, row.left_cents, row.credits == origin)
            for row in notes
        ),
    ]


def read(form: Mapping[str, str]) -> Iterator[Source]:
    """Those that were ticked, in the order of the form. Errors: `forms.Unreadable`."""
    for name in form:
        if name.startswith(FIELD):
            kind, _, which = name.removeprefix(FIELD).partition(".")
            checked = forms.one_of(("payment", "credit_note"))(kind)
            yield Source(kind=cast(Literal["payment", "credit_note"], checked), id=forms.uuid(which))
