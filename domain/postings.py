"""The accounting entries of fiscal events: each builder answers balanced postings.

Amounts are signed on the way in (debit above 0, credit below) and stand on one side when written. A posting shows a
client only by its code, and a document only by its number. Source: `events.md`; accounts in `accounts.py`.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from domain import accounts
from domain.entry_lines import Lines, cancelled, issued, movements_of, transfers_of
from domain.lines import (
    Allocation,
    Fees,
    Instalment,
    Journal,
    Other,
    Posting,
    TaxDue,
    VatGroup,
    VatKey,
    VatPart,
    VatShare,
)
from domain.parties import Fact
from domain.pricing import Priced
from domain.settlement import Receivable
from domain.shares import merged, shares_of


class Piece(Fact):
    """What every posting of an event says: the document's number and date, the client's code, the first open day."""

    number: str
    on: date
    aux: str
    open_from: date = date.min


Settled = tuple[Receivable, Allocation]  # an invoice before, and what moves it
OUTSIDE_VAT: Final = ("disbursement", "penalty")  # natures that no VAT return counts
LOSS_AND_GAIN: Final = {  # where an adjustment is a loss, and where it is a gain
    "discount": (accounts.DISCOUNTS_GRANTED, accounts.DISCOUNTS_GRANTED),
    "exchange": (accounts.EXCHANGE_LOSS, accounts.EXCHANGE_GAIN),
    "loss": (accounts.BAD_DEBTS, accounts.BAD_DEBTS),
    "rounding": (accounts.SUNDRY_LOSS, accounts.SUNDRY_GAIN),
}


def invoice(
    piece: Piece,
    priced: Priced,
    *,
    instalments: Sequence[Instalment],
    prepaid_cents: int = 0,
) -> tuple[Posting, ...]:
    """An invoice, deposit, progress or final invoice, debit note: D 411 (4117) / C 70x, C 44571 or 44574.

    Σ `instalments` = gross − prepaid: what was received before issue is allocated by entries of its own. Errors:
    `Unbalanced`.
    """
    lines = Lines(piece.aux)
    for instalment in instalments:
        account = accounts.RETENTIONS if instalment.kind == "retention" else accounts.CUSTOMERS
        lines.add(account, instalment.amount_cents, due_on=instalment.due_on)
    lines.add(accounts.CUSTOMERS, prepaid_cents)
    _add_sales(lines, priced)
    lines.add_vat(issued(shares_of(priced.vat)))
    return _posted(piece, lines, "VE", piece.on)


def credit_note(piece: Piece, priced: Priced, settled: Sequence[Settled]) -> tuple[Posting, ...]:
    """A credit note (`priced` negative): D 70x, D 44574 (pending) and 44571 (due) / C 411.

    Errors: `Unbalanced`, as when the allocations do not cancel its VAT.
    """
    lines = Lines(piece.aux)
    _add_sales(lines, priced)
    lines.add_vat(movements_of([moved for _, moved in settled]))
    _add_debts(lines, settled)
    lines.add(accounts.CUSTOMERS, priced.gross_cents + sum(moved.settled_cents for _, moved in settled))
    return _posted(piece, lines, "VE", piece.on)


def payment(
    piece: Piece,
    settled: Sequence[Settled],
    *,
    account: str,
    received_on: date,
    vat_on: date,
    amount_cents: int,
    fees: Fees | None = None,
    others: Sequence[Other] = (),
    unallocated_cents: int = 0,
) -> tuple[Posting, ...]:
    """Money in: D 512, D 627 (fees), D 665 (discount) / C 411; D 44574 / C 44571, apart when on another day.

    A reversal is the same with every amount negative and the allocations of `Receivable.unsettle`. Errors:
    `Unbalanced`.
    """
    lines = Lines(piece.aux)
    lines.add(account, amount_cents - (fees.amount_cents if fees else 0))
    if fees:
        lines.add_fees(fees)
    _add_debts(lines, settled)
    _add_adjustments(lines, settled)
    for other in others:
        lines.add(other.account or accounts.OTHERS[other.kind], -other.amount_cents)
    lines.add(accounts.CUSTOMERS, -unallocated_cents)
    moved = [moved for _, moved in settled]
    if vat_on == received_on:
        lines.add_vat(movements_of(moved))
        return _posted(piece, lines, _journal(account), received_on)
    lines.add_vat(cancelled(moved))
    later = Lines(piece.aux)
    later.add_vat(transfers_of(moved))
    return (*_posted(piece, lines, _journal(account), received_on), *_posted(piece, later, "OD", vat_on))


def refund(piece: Piece, *, account: str, paid_on: date, amount_cents: int) -> tuple[Posting, ...]:
    """Money back to the client, of a credit note or an over-payment: D 411 / C 512."""
    lines = Lines(piece.aux)
    lines.add(accounts.CUSTOMERS, amount_cents)
    lines.add(account, -amount_cents)
    return _posted(piece, lines, _journal(account), paid_on)


def allocation(piece: Piece, settled: Sequence[Settled], *, allocated_on: date) -> tuple[Posting, ...]:
    """A credit note or an over-payment used on other invoices (or taken back): D 44574 / C 44571.

    Both stand in 411 already: D 411 / C 4117 or 416 only where the debt is there. Nothing to move: no posting.
    """
    lines = Lines(piece.aux)
    for receivable, moved in settled:
        elsewhere = {a: cents for a, cents in receivable.moved_accounts(moved).items() if a != accounts.CUSTOMERS}
        for account, cents in elsewhere.items():
            lines.add(account, -cents)
        lines.add(accounts.CUSTOMERS, sum(elsewhere.values()))
    lines.add_vat(transfers_of([moved for _, moved in settled]))
    return _posted(piece, lines, "OD", allocated_on)


def doubted(piece: Piece, receivable: Receivable, *, on: date) -> tuple[Posting, ...]:
    """The debt is doubtful: D 416 / C 411 and 4117."""
    lines = Lines(piece.aux)
    lines.add(accounts.DOUBTFUL, receivable.outstanding_cents)
    for account, cents in receivable.balances.items():
        lines.add(account, -cents)
    return _posted(piece, lines, "OD", on)


def written_off(piece: Piece, settled: Settled, *, on: date) -> tuple[Posting, ...]:
    """The debt is lost: D 654, D 44574 (pending) or 44571 (due) / C 416 (or 411 when it never was doubtful)."""
    _, moved = settled
    lines = Lines(piece.aux)
    _add_debts(lines, [settled])
    _add_adjustments(lines, [settled])
    lines.add_vat(movements_of([moved]))
    return _posted(piece, lines, "OD", on)


def recovered(piece: Piece, settled: Settled, *, account: str, on: date) -> tuple[Posting, ...]:
    """A debt written off brings money after all: D 512 / C 7583, C 44571."""
    _, moved = settled
    vat_cents = sum(share.vat_cents for share in moved.cancelled)
    lines = Lines(piece.aux)
    lines.add(account, moved.cash_cents)
    lines.add(accounts.DEBTS_RECOVERED, -moved.cash_cents - vat_cents)
    lines.add_vat(movements_of([moved]))
    return _posted(piece, lines, _journal(account), on)


def tax_due_at_issue(vat: Sequence[VatGroup], issued_on: date) -> tuple[TaxDue, ...]:
    """What an invoice makes due: all but VAT on cash."""
    return tuple(
        _tax_due(part.due_on or issued_on, group, part)
        for group in vat
        for part in group.parts
        if part.vat_due != "cash" and part.nature not in OUTSIDE_VAT
    )


def tax_due(allocations: Sequence[Allocation], on: date) -> tuple[TaxDue, ...]:
    """What these movements make due on that day (negative: give back): payments, reversals, credit notes, losses."""
    shares = merged(*(moved.vat for moved in allocations))
    return tuple(_tax_due(on, share, share) for share in shares if share.nature not in OUTSIDE_VAT)


def _tax_due(on: date, key: VatKey, amount: VatPart | VatShare) -> TaxDue:
    return TaxDue(
        on=on,
        country=key.country,
        territory=key.territory,
        rate_bp=key.rate_bp,
        category=key.category,
        nature=amount.nature,
        base_cents=amount.base_cents,
        vat_cents=amount.vat_cents,
    )


def _add_sales(lines: Lines, priced: Priced) -> None:
    for sales in priced.sales:
        lines.add(sales.account, -sales.net_cents)


def _add_debts(lines: Lines, settled: Iterable[Settled]) -> None:
    for receivable, moved in settled:
        for account, cents in receivable.moved_accounts(moved).items():
            lines.add(account, -cents)


def _add_adjustments(lines: Lines, settled: Iterable[Settled]) -> None:
    """What a debt loses without money, net of the VAT that goes with it; a reversal turns the same account."""
    for moved, adjustment in ((allocation, one) for _, allocation in settled for one in allocation.adjustments):
        net_cents = adjustment.amount_cents - adjustment.vat_cents
        loss, gain = LOSS_AND_GAIN[adjustment.kind]
        lines.add(loss if (net_cents > 0) == (moved.settled_cents > 0) else gain, net_cents)


def _journal(account: str) -> Journal:
    return "CA" if account.startswith(accounts.CASH) else "BQ"


def _posted(piece: Piece, lines: Lines, journal: Journal, on: date) -> tuple[Posting, ...]:
    """The posting of that day, or of the first open day when its period is closed; none without lines."""
    posted_on = max(on, piece.open_from)
    posting = Posting(
        journal=journal,
        date=posted_on,
        operation_on=on if on < posted_on else None,
        piece=piece.number,
        piece_on=piece.on,
        label=piece.number,
        lines=lines.balanced(),
    )
    return (posting,) if posting.lines else ()
