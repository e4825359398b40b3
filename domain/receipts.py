"""The decision to record money: what it settles, the VAT that falls due, the entry it posts.

Every function answers the facts of one event; `settled` pairs each receivable with the movement it decided.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from msgspec.structs import replace

from domain import accounts, postings
from domain.account import check_once, issued
from domain.errors import DomainError, Malformed
from domain.invoice import Invoice
from domain.lines import AdjustmentKind, Fees, Other
from domain.parties import Fact, Text
from domain.payment import Cause, Method, Payment, Source
from domain.postings import Piece, Settled

ACCOUNTS: Final[dict[Method, str]] = {
    "transfer": accounts.BANK, "direct_debit": accounts.BANK, "other": accounts.BANK, "cash": accounts.CASH,
    "cheque": accounts.CHEQUES, "card": accounts.CARDS, "bill": "5113",
}  # fmt: skip
PAID_FROM: Final = ACCOUNTS | {"cheque": accounts.BANK, "bill": accounts.BANK}  # one's own cheque is not to be cashed


@dataclass(eq=False)
class AllocatedTooMuch(DomainError):
    """A payment cannot settle more than it brings."""

    amount_cents: int
    allocated_cents: int


@dataclass(eq=False)
class DateInFuture(DomainError):
    """What has not happened yet is not recorded."""

    on: date
    today: date


@dataclass(eq=False)
class OfAnotherClient(DomainError):
    """A payment or a credit note settles documents of its own client."""

    number: str


@dataclass(eq=False)
class PaymentUsed(DomainError):
    """The over-payment was refunded or put on another invoice: undo that first."""

    id: UUID


class Settlement(Fact):
    """What a person asks for one invoice: `settled_cents` of its debt; `adjustments` = how much of it is no money."""

    invoice_id: UUID
    settled_cents: int
    adjustments: tuple[tuple[AdjustmentKind, int], ...] = ()


class Receipt(Fact):
    """A payment as a person enters it."""

    client_id: UUID
    method: Method
    received_on: date
    amount_cents: int
    settlements: tuple[Settlement, ...] = ()
    credited_on: date | None = None
    fees: Fees | None = None
    others: tuple[Other, ...] = ()
    reference: Text = ""
    account: str = ""


def recorded(receipt: Receipt, piece: Piece, day: date, settled: Sequence[Settled]) -> dict[str, Any]:
    """Facts of `payment.recorded`. Errors: `DateInFuture`, `AllocatedTooMuch`, `Malformed`."""
    check_not_future(max(receipt.received_on, receipt.credited_on or receipt.received_on), day)
    _check_money(receipt)
    allocations = tuple(allocation for _, allocation in settled)
    used_cents = sum(a.cash_cents for a in allocations) + sum(other.amount_cents for other in receipt.others)
    if receipt.amount_cents <= 0 or used_cents > receipt.amount_cents:
        raise AllocatedTooMuch(receipt.amount_cents, used_cents)
    money: dict[str, Any] = {
        "account": receipt.account or ACCOUNTS[receipt.method],
        "received_on": receipt.received_on,
        "vat_on": vat_on(receipt),
        "amount_cents": receipt.amount_cents,
        "unallocated_cents": receipt.amount_cents - used_cents,
        "fees": receipt.fees,
        "others": receipt.others,
    }
    return money | {
        "day": day,
        "client_id": receipt.client_id,
        "method": receipt.method,
        "credited_on": receipt.credited_on,
        "reference": receipt.reference,
        "allocations": allocations,
        "tax_due": postings.tax_due(allocations, vat_on(receipt)),
        "postings": postings.payment(piece, settled, **money),
    }


def reversed_(
    payment: Payment, piece: Piece, day: date, settled: Sequence[Settled], *, cause: Cause, reversed_on: date
) -> dict[str, Any]:
    """Facts of `payment.reversed`: every amount with its sign turned, the VAT given back on the day of the reversal.

    The bank keeps its fees when a payment bounces; a payment that never was had none.
    """
    check_not_future(reversed_on, day)
    paid, allocations = payment.recorded, tuple(allocation for _, allocation in settled)
    return {
        "day": day,
        "cause": cause,
        "reversed_on": reversed_on,
        "vat_on": reversed_on,
        "allocations": allocations,
        "tax_due": postings.tax_due(allocations, reversed_on),
        "postings": postings.payment(
            piece,
            settled,
            account=paid.account,
            received_on=reversed_on,
            vat_on=reversed_on,
            amount_cents=-paid.amount_cents,
            unallocated_cents=-paid.unallocated_cents,
            others=tuple(replace(other, amount_cents=-other.amount_cents) for other in paid.others),
            fees=_fees_back(paid.fees) if cause == "error" else None,
        ),
    }


def refunded(
    piece: Piece,
    day: date,
    *,
    client_id: UUID,
    method: Method,
    paid_on: date,
    sources: tuple[Source, ...],
    reference: Text,
) -> dict[str, Any]:
    """Facts of `refund.recorded`. The VAT was given back when the credit note was issued."""
    check_not_future(paid_on, day)
    check_once([source.id for source in sources])
    amount_cents = sum(source.amount_cents for source in sources)
    return {
        "day": day,
        "client_id": client_id,
        "method": method,
        "paid_on": paid_on,
        "amount_cents": amount_cents,
        "account": PAID_FROM[method],
        "sources": sources,
        "reference": reference,
        "tax_due": (),
        "postings": postings.refund(piece, account=PAID_FROM[method], paid_on=paid_on, amount_cents=amount_cents),
    }


def allocated(
    piece: Piece, day: date, settled: Sequence[Settled], *, client_id: UUID, source: Source, allocated_on: date
) -> dict[str, Any]:
    """Facts of `allocation.recorded`: the VAT on cash falls due on that day. Discounts come with money: `Malformed`."""
    check_not_future(allocated_on, day)
    allocations = tuple(allocation for _, allocation in settled)
    if any(allocation.adjustments for allocation in allocations):
        raise Malformed("adjustments", f"{sum(allocation.adjusted_cents for allocation in allocations)}")
    return {
        "day": day,
        "client_id": client_id,
        "source": source,
        "allocated_on": allocated_on,
        "allocations": allocations,
        "tax_due": postings.tax_due(allocations, allocated_on),
        "postings": postings.allocation(piece, settled, allocated_on=allocated_on),
    }


def unallocated(piece: Piece, day: date, settled: Sequence[Settled], *, reason: Text) -> dict[str, Any]:
    """Facts of `allocation.reversed`."""
    allocations = tuple(allocation for _, allocation in settled)
    return {
        "day": day,
        "reason": reason,
        "allocations": allocations,
        "tax_due": postings.tax_due(allocations, day),
        "postings": postings.allocation(piece, settled, allocated_on=day),
    }


def vat_on(receipt: Receipt) -> date:
    """The day the VAT on cash falls due: of the credit for money moved by a bank, else of the receipt.

    Source: BOI-TVA-BASE-20-20 (cheques: when received; transfers: when credited).
    """
    banked: tuple[Method, ...] = ("transfer", "direct_debit", "bill")
    return receipt.credited_on if receipt.method in banked and receipt.credited_on else receipt.received_on


def check_client(client_id: UUID, invoice: Invoice) -> None:
    document = issued(invoice)
    if document.client_id != client_id:
        raise OfAnotherClient(document.number)


def check_not_future(on: date, today: date) -> None:
    if on > today:
        raise DateInFuture(on, today)


def _check_money(receipt: Receipt) -> None:
    fees = receipt.fees or Fees(amount_cents=0)
    if not 0 <= fees.vat_cents <= fees.amount_cents <= receipt.amount_cents:
        raise Malformed("fees", f"{fees.amount_cents}")
    for other in receipt.others:
        if other.amount_cents <= 0:
            raise Malformed("amount_cents", f"{other.amount_cents}")


def _fees_back(fees: Fees | None) -> Fees | None:
    return fees and replace(fees, amount_cents=-fees.amount_cents, vat_cents=-fees.vat_cents)
