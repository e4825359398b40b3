"""What a late payment costs: interest, and the 40 € of recovery. Outside VAT, on a debit note of its own series.

Source: Code de commerce, art. L441-10, II and D441-5; BOI-TVA-BASE-10-10-30 (outside VAT).
"""

from decimal import Decimal
from typing import Final

from domain import accounts
from domain.lines import DraftLine
from domain.money import euros, rounded
from domain.vat import OUTSIDE

INDEMNITY_CENTS: Final = 4_000  # Code de commerce, art. D441-5


def interest_cents(principal_cents: int, rate_bp: int, days: int) -> int:
    """Simple interest on an overdue amount, on a year of 365 days; `rate_bp` a year, `days` after the due date.

    >>> interest_cents(100_000, 1200, 30)
    986
    """
    return rounded(principal_cents * rate_bp * days, 365 * 10_000)


def interest_line(cents: int, label: str) -> DraftLine:
    return _line("1", label, cents, accounts.LATE_INTEREST)


def indemnity_line(label: str) -> DraftLine:
    return _line("2", label, INDEMNITY_CENTS, accounts.RECOVERY_FEES)


def _line(id: str, label: str, cents: int, account: str) -> DraftLine:
    return DraftLine(
        id=id, label=label, nature="penalty", quantity=Decimal(1), unit_price=euros(cents), account=account,
        vat_bp=0, vat_category=OUTSIDE.category, vat_code=OUTSIDE.code, vat_text=OUTSIDE.text,
    )  # fmt: skip
