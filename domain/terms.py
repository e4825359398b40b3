"""Payment terms: when the money is due.

Source: Code de commerce, art. L441-10 I (caps: 60 days, or 45 days end of month; 30 days when nothing is agreed).
"""

from calendar import monthrange
from datetime import date, timedelta

from domain.parties import Fact


class PaymentTerms(Fact):
    """`days` after the issue date, then to the end of that month if `end_of_month`, then `then_days` more."""

    days: int = 30
    end_of_month: bool = False
    then_days: int = 0

    def due_on(self, issued_on: date) -> date:
        """The due date of a document issued on that date.

        >>> PaymentTerms(days=45, end_of_month=True).due_on(date(2026, 1, 10))
        datetime.date(2026, 2, 28)
        """
        due = issued_on + timedelta(days=self.days)
        if self.end_of_month:
            due = due.replace(day=monthrange(due.year, due.month)[1])
        return due + timedelta(days=self.then_days)
