"""The number that a document would take now: shown before it is issued, given for good only by the ledger."""

from datetime import date
from typing import Any

from domain.company import Company
from domain.numbering import number
from ledger.series import Series, from_head
from projections.tx import Tx


def upcoming(tx: Tx, company: Company, kind: str, issued_on: date) -> str:
    """What a document of `kind` (an invoice's, or `quote`) issued on that date would be called."""
    known = series(tx, company, kind, issued_on)
    pattern = company.configuration.numbering.pattern(kind, issued_on)
    return number(known.pattern, known.last + 1) if known else number(pattern, 1)


def last_issued_on(tx: Tx, company: Company, kind: str, issued_on: date) -> date | None:
    """The date of the last document in the series that a document of `kind` issued on that date would enter."""
    known = series(tx, company, kind, issued_on)
    return known.last_issued_on if known else None


def series(tx: Tx, company: Company, kind: str, issued_on: date) -> Series | None:
    """The series that a document of `kind` issued on that date would enter, when it is open."""
    found: dict[str, Any] | None = tx.value("SELECT series FROM ledger.head WHERE company_id = %(company)s")
    return from_head(found).get(company.series_of(kind, company.configuration.numbering.pattern(kind, issued_on)))
