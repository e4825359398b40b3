"""What may not be paid in cash: no part of a debt above the limit.

Source: Code monétaire et financier, art. L112-6 and D112-3 (since 2015-09-01).
"""

from dataclasses import dataclass
from typing import Final

from domain.client import Client
from domain.errors import DomainError
from domain.payment import Method

LIMIT_CENTS: Final = 100_000
VISITOR_LIMIT_CENTS: Final = 1_500_000  # of a consumer who is not a tax resident of France


@dataclass(eq=False)
class CashRefused(DomainError):
    """A debt above the limit cannot be paid in cash, not even in part."""

    number: str
    debt_cents: int
    limit_cents: int


def check(method: Method, client: Client, debt_cents: int, number: str = "") -> None:
    """The debt counts, not the part of it that is paid; no `number`: money that no invoice is told for.

    Errors: `CashRefused`.
    """
    visitor = client.profile.kind == "person" and client.profile.country != "FR"
    limit_cents = VISITOR_LIMIT_CENTS if visitor else LIMIT_CENTS
    if method == "cash" and debt_cents > limit_cents:
        raise CashRefused(number, debt_cents, limit_cents)
