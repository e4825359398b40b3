"""The lines of one accounting entry while it is made: signed amounts in, a balanced posting out."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from domain import accounts
from domain.lines import Allocation, Category, Fees, PostingLine, PostingVat, VatShare
from domain.shares import merged, turned

VatMovement = tuple[str, VatShare]  # an account and the VAT credited to it (debited below 0)


class Unbalanced(AssertionError):
    """Debits and credits differ: an error of the program, nothing is recorded."""


class Lines:
    """Lines in the order in which they were added; an amount of 0 makes none."""

    def __init__(self, aux: str) -> None:
        self.aux = aux
        self.lines: list[PostingLine] = []

    def add(self, account: str, cents: int, *, due_on: date | None = None, vat: PostingVat | None = None) -> None:
        """A debit when `cents` is above 0, a credit below."""
        if cents:
            aux = self.aux if accounts.has_aux(account) else ""
            debit, credit = max(cents, 0), max(-cents, 0)
            self.lines.append(
                PostingLine(account=account, aux=aux, debit_cents=debit, credit_cents=credit, due_on=due_on, vat=vat)
            )

    def add_vat(self, movements: Iterable[VatMovement]) -> None:
        """VAT credited to an account (debited below 0): one line for each account, rate and category."""
        bases: dict[tuple[str, int, Category], int] = defaultdict(int)
        vats: dict[tuple[str, int, Category], int] = defaultdict(int)
        for account, share in movements:
            line = account, share.rate_bp, share.category
            bases[line] += share.base_cents
            vats[line] += share.vat_cents
        for (account, rate_bp, category), vat_cents in vats.items():
            about = PostingVat(rate_bp=rate_bp, category=category, base_cents=bases[account, rate_bp, category])
            self.add(account, -vat_cents, vat=about)

    def add_fees(self, fees: Fees) -> None:
        """What the bank kept, and its VAT, which is deductible."""
        net_cents = fees.amount_cents - fees.vat_cents
        self.add(fees.account or accounts.BANK_FEES, net_cents)
        about = PostingVat(rate_bp=fees.vat_bp, category="S", side="input", base_cents=net_cents)
        self.add(accounts.VAT_INPUT, fees.vat_cents, vat=about)

    def balanced(self) -> tuple[PostingLine, ...]:
        """Errors: `Unbalanced`."""
        difference = sum(line.debit_cents - line.credit_cents for line in self.lines)
        if difference:
            raise Unbalanced(f"debits − credits = {difference} cents in {self.lines}")
        return tuple(self.lines)


def issued(shares: Iterable[VatShare]) -> list[VatMovement]:
    """The VAT of a document: 44574 on cash, else 44571."""
    return [(accounts.VAT_PENDING if share.vat_due == "cash" else accounts.VAT_DUE, share) for share in shares]


def movements_of(allocations: Sequence[Allocation]) -> list[VatMovement]:
    """All that these allocations do to the VAT accounts."""
    return cancelled(allocations) + transfers_of(allocations)


def cancelled(allocations: Sequence[Allocation]) -> list[VatMovement]:
    """The VAT that discounts, credit notes and losses take back from where it stood at issue."""
    return issued(turned(merged(*(moved.cancelled for moved in allocations))))


def transfers_of(allocations: Sequence[Allocation]) -> list[VatMovement]:
    """VAT on cash that goes from 44574 to 44571 as it falls due."""
    due = [share for share in merged(*(moved.vat for moved in allocations)) if share.vat_due == "cash"]
    return [(accounts.VAT_PENDING, share) for share in turned(due)] + [(accounts.VAT_DUE, share) for share in due]
