"""Totals (BG-22): those of the event, never added up again but for the lines, discounts and charges it lists."""

from documents.facturx.source import Source
from documents.facturx.tree import Element, add, group


def totals(header: Element, source: Source, currency: str) -> None:
    """An amount that is nothing is left out where the norm allows."""
    issued = source.issued
    charges = sum(one.amount_cents for one in issued.charges)
    allowances = sum(one.amount_cents for one in issued.allowances)
    total = group(header, "ram:SpecifiedTradeSettlementHeaderMonetarySummation")
    add(total, "ram:LineTotalAmount", source.amount(sum(line.net_cents for line in issued.lines)))
    add(total, "ram:ChargeTotalAmount", source.amount(charges) if issued.charges else "")
    add(total, "ram:AllowanceTotalAmount", source.amount(allowances) if issued.allowances else "")
    add(total, "ram:TaxBasisTotalAmount", source.amount(issued.net_cents))
    add(total, "ram:TaxTotalAmount", source.amount(issued.vat_cents), currencyID=currency)
    add(total, "ram:RoundingAmount", source.amount(issued.rounding_cents) if issued.rounding_cents else "")
    add(total, "ram:GrandTotalAmount", source.amount(issued.gross_cents))
    add(total, "ram:TotalPrepaidAmount", source.amount(issued.prepaid_cents) if issued.prepaid_cents else "")
    add(total, "ram:DuePayableAmount", source.amount(issued.payable_cents))
