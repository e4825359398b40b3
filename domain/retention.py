"""The guarantee that a building client keeps back of each payment, 5 % at most.

Source: loi n° 71-584 du 16 juillet 1971, art. 1 and 2. The first says « of the amount of the payments », with VAT
unless the contract says otherwise: what it is a share of is a setting.
"""

from datetime import date

from domain.company import Company
from domain.lines import Instalment
from domain.money import portion
from domain.pricing import Priced
from domain.terms import years_later


def kept_cents(company: Company, priced: Priced, rate_bp: int) -> int:
    """What is kept back of a document, in cents."""
    with_vat = company.configuration.retention_base == "gross"
    return portion(priced.gross_cents if with_vat else priced.net_cents, rate_bp)


def guarantee(cents: int, due_on: date, received_on: date) -> Instalment:
    """Due a year after the works were received, and never before the rest.

    >>> guarantee(600, date(2026, 12, 24), date(2027, 2, 28)).due_on
    datetime.date(2028, 2, 28)
    """
    return Instalment(due_on=max(due_on, years_later(received_on, 1)), amount_cents=cents, kind="retention")
