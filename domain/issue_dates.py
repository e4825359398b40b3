"""The dates that an invoice may bear."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from domain.company import Company, PeriodClosed
from domain.errors import DomainError
from domain.invoice import Paid

OLDEST_DAYS = 10


@dataclass(eq=False)
class IssueDateRefused(DomainError):
    """The issue date must lie between `earliest` and `latest`, both included."""

    issued_on: date
    earliest: date
    latest: date


@dataclass(eq=False)
class PaidAfterIssue(DomainError):
    """Only what was received on the issue date or before stands on the invoice as paid already."""

    received_on: date
    issued_on: date


def check_dates(issued_on: date, day: date, last_issued_on: date, company: Company) -> None:
    """Never before the last of the series, never in the future, not older than 10 days, not in closed books."""
    earliest = max(last_issued_on, day - timedelta(days=OLDEST_DAYS))
    if not earliest <= issued_on <= day:
        raise IssueDateRefused(issued_on, earliest, day)
    if issued_on <= company.closed_through:
        raise PeriodClosed(issued_on, company.closed_through)


def check_paid(payments: Iterable[Paid], issued_on: date) -> None:
    """Errors: `PaidAfterIssue`."""
    for paid in payments:
        if paid.received_on > issued_on:
            raise PaidAfterIssue(paid.received_on, issued_on)
