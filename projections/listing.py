"""What the lists of documents share: the filter, the totals, the order."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from projections import words
from projections.tx import Row


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What a list is asked for; nothing given = everything but what was discarded.

    `q`: words in any order, or an amount. Days and cents are included at both ends; `first_on`, `last_on` are about the
    date of the document, `from_cents`, `to_cents` about its total with VAT, without its sign. `days_late`: at least and
    at most, of what an invoice waits for; below 1 it is not due yet.
    """

    q: str = ""
    statuses: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    client_id: UUID | None = None
    first_on: date | None = None
    last_on: date | None = None
    from_cents: int | None = None
    to_cents: int | None = None
    days_late: tuple[int, int] | None = None

    def params(self) -> dict[str, Any]:
        """As parameters of SQL."""
        return {
            "words": words.patterns(self.q),
            "amount": words.amount(self.q),
            "statuses": list(self.statuses),
            "kinds": list(self.kinds),
            "client_id": self.client_id,
            "first_on": self.first_on,
            "last_on": self.last_on,
            "from_cents": self.from_cents,
            "to_cents": self.to_cents,
            "late_from": self.days_late and self.days_late[0],
            "late_to": self.days_late and self.days_late[1],
        }


class Total(Row, frozen=True):
    """The documents of one status that a filter finds. `apart_cents` of `gross_cents`: penalties and disbursements."""

    status: str
    count: int
    net_cents: int
    gross_cents: int
    outstanding_cents: int
    apart_cents: int = 0


LIMIT = " LIMIT %(limit)s OFFSET %(offset)s"


def sum_of(totals: Iterable[Total], statuses: tuple[str, ...] = ()) -> Total:
    """The sum over some statuses; over all but `discarded` when none is named, as the list shows them."""
    chosen = [t for t in totals if (t.status in statuses if statuses else t.status != "discarded")]
    return Total(
        "",
        sum(t.count for t in chosen),
        sum(t.net_cents for t in chosen),
        sum(t.gross_cents for t in chosen),
        sum(t.outstanding_cents for t in chosen),
        sum(t.apart_cents for t in chosen),
    )
