"""What a late payment costs: interest, and the 40 € of recovery. Outside VAT, on a debit note of its own series.

The rate of the law is that of the European Central Bank's main refinancing operations on 1 January or 1 July, plus 10
points for each half-year; towards a public buyer that of the half-year in which the interest began, plus 8.
Source: Code de commerce, art. L441-10, II and D441-5; Code de la commande publique, art. L2192-13 and R2192-31;
BOI-TVA-BASE-10-10-30 (outside VAT).
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from domain import accounts
from domain.lines import DraftLine
from domain.money import euros, rounded
from domain.vat import OUTSIDE

INDEMNITY_CENTS: Final = 4_000  # Code de commerce, art. D441-5
MARGIN_BP: Final = 1_000
PUBLIC_MARGIN_BP: Final = 800
ECB_BP: Final[tuple[tuple[date, int], ...]] = (  # of each half-year; the last known one counts for those after it
    (date(2022, 1, 1), 0),
    (date(2023, 1, 1), 250),
    (date(2023, 7, 1), 400),
    (date(2024, 1, 1), 450),
    (date(2024, 7, 1), 425),
    (date(2025, 1, 1), 315),
    (date(2025, 7, 1), 215),
    (date(2026, 1, 1), 215),
)


def legal_rate_bp(on: date, *, public: bool = False) -> int:
    """The rate of the law for that day, a year.

    >>> legal_rate_bp(date(2025, 3, 1)), legal_rate_bp(date(2025, 3, 1), public=True)
    (1315, 1115)
    """
    ecb_bp = [rate_bp for first_on, rate_bp in ECB_BP if first_on <= on] or [ECB_BP[0][1]]
    return ecb_bp[-1] + (PUBLIC_MARGIN_BP if public else MARGIN_BP)


def accrued_cents(principal_cents: int, due_on: date, on: date, *, agreed_bp: int = 0, public: bool = False) -> int:
    """Interest from the day after the due date to `on`, rounded once; `agreed_bp`: the rate agreed, 0 = the law's.

    >>> accrued_cents(100_000, date(2025, 6, 15), date(2025, 7, 15))  # 15 days at 13,15 %, 15 at 12,15 %
    1040
    """
    first = due_on + timedelta(days=1)
    if agreed_bp or public:
        rate_bp = legal_rate_bp(first, public=True) if public else agreed_bp
        return interest_cents(principal_cents, rate_bp, max((on - due_on).days, 0))
    starts = [first, *(start for start, _ in ECB_BP if first < start <= on)]
    ends = [*starts[1:], on + timedelta(days=1)]
    parts = (legal_rate_bp(start) * max((end - start).days, 0) for start, end in zip(starts, ends, strict=True))
    return rounded(principal_cents * sum(parts), 365 * 10_000)


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
