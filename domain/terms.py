"""Payment terms: when the money is due; the same day in another year.

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

    @property
    def french(self) -> str:
        """In words, as a quote records them.

        >>> PaymentTerms(days=45, end_of_month=True).french, PaymentTerms(days=0).french
        ('45 jours fin de mois', 'à réception de la facture')
        """
        if self == PaymentTerms(days=0):
            return "à réception de la facture"
        days = f"{self.days} jours fin de mois" if self.end_of_month else f"{self.days} jours date de facture"
        return f"{days}, plus {self.then_days} jours" if self.then_days else days

    def due_on(self, issued_on: date) -> date:
        """The due date of a document issued on that date.

        >>> PaymentTerms(days=45, end_of_month=True).due_on(date(2026, 1, 10))
        datetime.date(2026, 2, 28)
        """
        due = issued_on + timedelta(days=self.days)
        if self.end_of_month:
            due = due.replace(day=monthrange(due.year, due.month)[1])
        return due + timedelta(days=self.then_days)


def years_later(day: date, years: int) -> date:
    """The same day that much later; 28 February for a 29th that is not there."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
