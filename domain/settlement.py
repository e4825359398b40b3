"""What an issued invoice still has to bring, and the VAT that goes with it, after any history.

One rule for VAT on cash, cumulative: what is due of a part = round(its VAT × money so far / claim), and all of it
once the claim is met. The claim is the document less what was adjusted (discounts, credit notes, losses); the VAT is
the part's, less what those cancelled. Source: `events.md`; CGI art. 269, 2 c and 272, 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self
from uuid import UUID

from msgspec.structs import replace

from domain import accounts
from domain.errors import DomainError, Malformed
from domain.lines import Adjustment, AdjustmentKind, Allocation, Nature, VatGroup, VatShare
from domain.parties import Fact
from domain.shares import merged, part_of, scaled, shares_of, turned

WITHOUT_MONEY: Final = ("discount", "rounding", "exchange")  # what a person may settle without money


@dataclass(eq=False)
class SettlesTooMuch(DomainError):
    """More than the invoice still has to bring, or than was lost on it; or nothing at all."""

    invoice_id: UUID
    amount_cents: int
    outstanding_cents: int


@dataclass(eq=False)
class CreditsTooMuch(DomainError):
    """A credit note never takes more than what is left of a part of its invoice."""

    invoice_id: UUID
    rate_bp: int
    nature: Nature
    base_cents: int
    left_cents: int


@dataclass(eq=False)
class AlreadyDoubtful(DomainError):
    """The debt of this invoice was doubted before: it stays so until it is paid or lost."""

    invoice_id: UUID


class Receivable(Fact):
    """The state of one invoice: frozen, moved only by `after(allocation)` and `doubt()`.

    Every other method answers the allocation to record and changes nothing. `claim_cents` = what is to be met in
    money; `cash_cents` = money so far, less what became refundable (below 0 when a credited payment bounced).
    `total` = the VAT of the document, part by part; `due` and `cancelled` = how much of it is; the rest is `pending`.
    """

    invoice_id: UUID
    claim_cents: int
    cash_cents: int = 0
    total: tuple[VatShare, ...] = ()
    due: tuple[VatShare, ...] = ()
    cancelled: tuple[VatShare, ...] = ()
    retention_cents: int = 0
    doubtful: bool = False
    lost_cents: int = 0
    lost: tuple[VatShare, ...] = ()

    @classmethod
    def of(cls, invoice_id: UUID, vat: Sequence[VatGroup], retention_cents: int = 0) -> Self:
        """An invoice just issued: its VAT on delivery and on débits is due, that on cash is pending."""
        total = shares_of(vat)
        return cls(
            invoice_id=invoice_id,
            claim_cents=sum(share.base_cents + share.vat_cents for share in total),
            total=total,
            due=tuple(share for share in total if share.vat_due != "cash"),
            retention_cents=retention_cents,
        )

    @property
    def outstanding_cents(self) -> int:
        return self.claim_cents - self.cash_cents

    @property
    def left(self) -> tuple[VatShare, ...]:
        """What credit notes may still take, part by part."""
        return merged(self.total, turned(self.cancelled))

    @property
    def pending(self) -> tuple[VatShare, ...]:
        """VAT on cash that is not due yet."""
        return merged(self.left, turned(self.due))

    @property
    def due_by_rule(self) -> tuple[VatShare, ...]:
        """What the rule above makes due of the parts that are left; VAT on delivery and on débits always is."""
        on_cash = tuple(share for share in self.left if share.vat_due == "cash")
        on_invoice = tuple(share for share in self.left if share.vat_due != "cash")
        met = self.cash_cents >= self.claim_cents
        return merged(on_invoice, on_cash if met else scaled(on_cash, max(self.cash_cents, 0), self.claim_cents))

    @property
    def unpaid(self) -> tuple[VatShare, ...]:
        """The VAT inside what is outstanding, part by part: pending on cash, due already on delivery and débits."""
        on_invoice = tuple(share for share in self.left if share.vat_due != "cash" and share.vat_cents)
        return merged(self.pending, scaled(on_invoice, min(self.outstanding_cents, self.claim_cents), self.claim_cents))

    @property
    def balances(self) -> dict[str, int]:
        """Where the debt stands in the books: 411, the retention (paid last) 4117, all in 416 once doubtful."""
        if self.doubtful:
            return {accounts.DOUBTFUL: self.outstanding_cents}
        retained = min(self.retention_cents, self.outstanding_cents)
        return {accounts.CUSTOMERS: self.outstanding_cents - retained, accounts.RETENTIONS: retained}

    def settle(self, amount_cents: int, adjustments: Sequence[tuple[AdjustmentKind, int]] = ()) -> Allocation:
        """Takes `amount_cents` off the debt, by a payment, or by an over-payment or credit note from elsewhere.

        `adjustments`: (kind, cents), how much of it is no money: a discount, which cancels the VAT in it, or a
        difference, which may be below 0. Errors: `SettlesTooMuch`, `Malformed`.
        """
        self._check(amount_cents, self.outstanding_cents)
        self._check_adjustments(amount_cents, adjustments)
        return self._moved(amount_cents, [self._given_up(kind, cents) for kind, cents in adjustments])

    def unsettle(self, allocation: Allocation) -> Allocation:
        """Takes back an allocation recorded earlier (a bounce, a wrong click); the VAT is what is due without it."""
        return self._moved(-allocation.settled_cents, [_turned(adjustment) for adjustment in allocation.adjustments])

    def credit(self, vat: Sequence[VatGroup]) -> Allocation:
        """A credit note of this invoice (`vat` as issued, negative): the unpaid first, the rest refundable.

        `settled_cents` = what it takes off the debt; −`cash_cents` = what becomes refundable. Errors: `CreditsTooMuch`.
        """
        cancelled = turned(shares_of(vat))
        self._check_left(cancelled)
        amount_cents = sum(share.base_cents + share.vat_cents for share in cancelled)
        settled_cents = min(amount_cents, self.outstanding_cents)
        return self._moved(settled_cents, [_adjustment("credit", amount_cents, cancelled)])

    def write_off(self, amount_cents: int, *, recover_due: bool) -> Allocation:
        """A loss. Pending VAT is cancelled; VAT already due is given back if `recover_due` (marked duplicate sent).

        Errors: `SettlesTooMuch`.
        """
        self._check(amount_cents, self.outstanding_cents)
        unpaid = tuple(share for share in self.unpaid if recover_due or share.vat_due == "cash")
        lost = scaled(unpaid, amount_cents, self.outstanding_cents)
        return self._moved(amount_cents, [_adjustment("loss", amount_cents, lost)])

    def recover(self, amount_cents: int) -> Allocation:
        """Money received after all on a debt written off: its VAT falls due. Errors: `SettlesTooMuch`."""
        self._check(amount_cents, self.lost_cents)
        back = scaled(self.lost, amount_cents, self.lost_cents)
        return self._moved(0, [_adjustment("loss", -amount_cents, turned(back))])

    def check_doubt(self) -> None:
        """Errors: `SettlesTooMuch` when nothing is due; `AlreadyDoubtful`."""
        if self.doubtful:
            raise AlreadyDoubtful(self.invoice_id)
        self.check_owed()

    def check_owed(self) -> None:
        """Errors: `SettlesTooMuch` when nothing is due."""
        self._check(self.outstanding_cents, self.outstanding_cents)

    def doubt(self) -> Self:
        return replace(self, doubtful=True)

    def after(self, allocation: Allocation) -> Self:
        """The state once that allocation is recorded: additions only."""
        losses = [adjustment for adjustment in allocation.adjustments if adjustment.kind == "loss"]
        return replace(
            self,
            claim_cents=self.claim_cents - allocation.adjusted_cents,
            cash_cents=self.cash_cents + allocation.cash_cents,
            due=merged(self.due, allocation.vat),
            cancelled=merged(self.cancelled, allocation.cancelled),
            lost_cents=self.lost_cents + sum(loss.amount_cents for loss in losses),
            lost=merged(self.lost, *(loss.vat for loss in losses)),
        )

    def moved_accounts(self, allocation: Allocation) -> dict[str, int]:
        """Which accounts the allocation credits, in cents; they add up to what it settles."""
        after = self.after(allocation).balances
        return {account: before - after[account] for account, before in self.balances.items()}

    def _given_up(self, kind: AdjustmentKind, amount_cents: int) -> Adjustment:
        """A discount cancels the VAT in it; a difference has none."""
        if kind != "discount":
            return _adjustment(kind, amount_cents, ())
        return _adjustment(kind, amount_cents, scaled(self.left, min(amount_cents, self.claim_cents), self.claim_cents))

    def _moved(self, settled_cents: int, adjustments: Sequence[Adjustment]) -> Allocation:
        """The allocation with the VAT that it makes due (negative: gives back)."""
        bare = Allocation(invoice_id=self.invoice_id, settled_cents=settled_cents, adjustments=tuple(adjustments))
        return replace(bare, vat=merged(self.after(bare).due_by_rule, turned(self.due)))

    def _check(self, amount_cents: int, limit_cents: int) -> None:
        if not 0 < amount_cents <= limit_cents:
            raise SettlesTooMuch(self.invoice_id, amount_cents, limit_cents)

    def _check_adjustments(self, amount_cents: int, adjustments: Sequence[tuple[AdjustmentKind, int]]) -> None:
        for kind, cents in adjustments:
            if kind not in WITHOUT_MONEY or (kind == "discount" and cents < 0):
                raise Malformed("adjustments", f"{kind} {cents}")
        adjusted_cents = sum(cents for _, cents in adjustments)
        if adjusted_cents > amount_cents:
            raise SettlesTooMuch(self.invoice_id, adjusted_cents, amount_cents)

    def _check_left(self, cancelled: Sequence[VatShare]) -> None:
        left = {part_of(share): share for share in self.left}
        for share in cancelled:
            most = left.get(part_of(share), replace(share, base_cents=0, vat_cents=0))
            if not (_is_within(share.base_cents, most.base_cents) and _is_within(share.vat_cents, most.vat_cents)):
                raise CreditsTooMuch(self.invoice_id, share.rate_bp, share.nature, share.base_cents, most.base_cents)


def _adjustment(kind: AdjustmentKind, amount_cents: int, vat: tuple[VatShare, ...]) -> Adjustment:
    vat_cents = sum(share.vat_cents for share in vat)
    return Adjustment(kind=kind, amount_cents=amount_cents, vat_cents=vat_cents, vat=vat)


def _is_within(amount: int, most: int) -> bool:
    return 0 <= amount <= most or most <= amount <= 0


def _turned(adjustment: Adjustment) -> Adjustment:
    return _adjustment(adjustment.kind, -adjustment.amount_cents, turned(adjustment.vat))
