"""The number that a document would take now: shown before it is issued, given for good only by the ledger."""

from datetime import date
from typing import Any

from domain.company import Company
from domain.numbering import number, series_name
from ledger.series import from_head
from projections.tx import Tx


def upcoming(tx: Tx, company: Company, kind: str, issued_on: date) -> str:
    """What a document of `kind` (an invoice's, or `quote`) issued on that date would be called."""
    pattern = company.configuration.numbering.pattern(kind, issued_on)
    found: dict[str, Any] | None = tx.value("SELECT series FROM ledger.head WHERE company_id = %(company)s")
    known = from_head(found).get(series_name(pattern))
    return number(known.pattern, known.last + 1) if known else number(pattern, 1)


def last_issued_on(tx: Tx, company: Company, kind: str, issued_on: date) -> date | None:
    """The date of the last document in the series that a document of `kind` issued on that date would enter."""
    pattern = company.configuration.numbering.pattern(kind, issued_on)
    found: dict[str, Any] | None = tx.value("SELECT series FROM ledger.head WHERE company_id = %(company)s")
    known = from_head(found).get(series_name(pattern))
    return known.last_issued_on if known else None
