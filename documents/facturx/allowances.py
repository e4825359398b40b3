"""Discounts and charges (BG-20, BG-21 of the document; BG-27 of a line)."""

from typing import Final

from documents.facturx.source import Source
from documents.facturx.tree import Element, add, add_flag, group, percent
from documents.facturx.vat import Rate, category
from documents.facturx.words import rate
from domain.lines import Allowance

_DISCOUNT: Final = "95"  # UNTDID 5189


def of_document(header: Element, source: Source) -> None:
    """Discounts, then charges, each with the VAT of its group.

    A percentage stands in words: it is of all lines, and of no amount that the group shows.
    """
    for some, is_charge in ((source.issued.allowances, False), (source.issued.charges, True)):
        for one in some:
            change = group(header, "ram:SpecifiedTradeAllowanceCharge")
            add_flag(change, "ram:ChargeIndicator", value=is_charge)
            _amount(change, one, source, one.amount_cents, is_charge=is_charge)
            category(change, "ram:CategoryTradeTax", Rate(one.category or "S", one.rate_bp))


def of_line(settlement: Element, one: Allowance, source: Source, *, net_cents: int, before_cents: int) -> None:
    """A discount of a line: its net amount, of the line's net amount before discounts."""
    change = group(settlement, "ram:SpecifiedTradeAllowanceCharge")
    add_flag(change, "ram:ChargeIndicator", value=False)
    if one.bp:
        add(change, "ram:CalculationPercent", percent(one.bp))
        add(change, "ram:BasisAmount", source.amount(before_cents))
    _amount(change, one, source, net_cents)


def _amount(change: Element, one: Allowance, source: Source, net_cents: int, *, is_charge: bool = False) -> None:
    add(change, "ram:ActualAmount", source.amount(net_cents))
    add(change, "ram:ReasonCode", "" if is_charge else _DISCOUNT)
    label = source.opened.text(one.label) or ("Frais" if is_charge else "Remise")
    add(change, "ram:Reason", f"{label} {rate(one.bp)}" if one.bp else label)
