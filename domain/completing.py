"""A line as entered, completed with what the nature, the company's regime and the chart say."""

from decimal import Decimal
from typing import Literal

from msgspec.structs import replace

from domain import accounts, money, vat
from domain.errors import Malformed
from domain.lines import DraftLine, Nature, PriceMode, Progress

Regime = Literal["cash", "debit", "franchise"]


def completed(
    line: DraftLine, price_mode: PriceMode, regime: Regime, shipped_as: Nature, *, deposit: bool
) -> DraftLine:
    """The line with its `vat_due`, its account, the amounts of its discounts, and its price when it is progress."""
    if line.unit_price < 0:
        raise Malformed("unit_price", str(line.unit_price))
    if regime == "franchise" and not line.vat_due and not line.deducts:  # a deposit keeps the VAT it was billed with
        line = _without_vat(line)
    if line.progress:
        line = _progressed(line, line.progress, price_mode)
    nature = shipped_as if line.nature == "shipping" else line.nature
    vat_due = vat.vat_due(nature, line.vat_key, on_debits=regime == "debit", deposit=deposit)
    account = line.account or accounts.sales_account(line.nature, line.vat_category, line.vat_bp)
    before = money.product_cents(line.quantity, line.unit_price)
    return replace(
        line,
        vat_due=line.vat_due or vat_due,
        account=accounts.DEPOSITS if deposit or line.deducts else account,
        allowances=tuple(replace(a, amount_cents=money.portion(before, a.bp)) if a.bp else a for a in line.allowances),
    )


def _without_vat(line: DraftLine) -> DraftLine:
    if line.vat_category != "S":
        return line
    reason = vat.FRANCHISE
    return replace(line, vat_bp=0, vat_category=reason.category, vat_code=reason.code, vat_text=reason.text)


def _progressed(line: DraftLine, progress: Progress, price_mode: PriceMode) -> DraftLine:
    if price_mode == "gross":
        raise Malformed("price_mode", price_mode)
    done = money.portion(progress.contract_net_cents, progress.done_bp) - progress.before_cents
    return replace(line, quantity=Decimal(-1 if done < 0 else 1), unit_price=money.euros(abs(done)))
