"""VAT by category and rate (BG-23), and the category of a line, a discount, a charge."""

from collections import defaultdict
from typing import Final, NamedTuple

from documents.facturx.source import Source
from documents.facturx.tree import Element, add, group, percent
from domain.lines import Category, VatGroup

_ON_INVOICE_DATE: Final = "5"  # UNTDID 2475: the VAT falls due with the invoice (option for débits)


class Rate(NamedTuple):
    """What EN 16931 tells VAT apart by: less than the ledger does, which knows the place and the reason too."""

    category: Category
    rate_bp: int


def breakdown(header: Element, source: Source) -> None:
    """One entry for each category and rate.

    The ledger's groups of one rate are one here (BR-E-01, BR-S-08): their reasons are all written, under a code only
    where it is the same for all.
    """
    together: dict[Rate, list[VatGroup]] = defaultdict(list)
    for part in source.issued.vat:
        together[Rate(part.category, part.rate_bp)].append(part)
    on_debits = any(part.vat_due == "debit" for each in source.issued.vat for part in each.parts)
    for rate, parts in together.items():
        codes = {part.code for part in parts}
        tax = group(header, "ram:ApplicableTradeTax")
        add(tax, "ram:CalculatedAmount", source.amount(sum(part.vat_cents for part in parts)))
        add(tax, "ram:TypeCode", "VAT")
        add(tax, "ram:ExemptionReason", " ; ".join(_reasons(source, rate)))
        add(tax, "ram:BasisAmount", source.amount(sum(part.base_cents for part in parts)))
        add(tax, "ram:CategoryCode", rate.category)
        add(tax, "ram:ExemptionReasonCode", codes.pop() if len(codes) == 1 else "")
        if on_debits and rate.category == "S":
            add(tax, "ram:DueDateTypeCode", _ON_INVOICE_DATE)
        _percent(tax, rate)


def category(parent: Element, tag: str, rate: Rate) -> None:
    """The VAT of one line, discount or charge."""
    tax = group(parent, tag)
    add(tax, "ram:TypeCode", "VAT")
    add(tax, "ram:CategoryCode", rate.category)
    _percent(tax, rate)


def _percent(tax: Element, rate: Rate) -> None:
    if rate.category != "O":  # BR-O-05: outside VAT there is no rate, not even 0
        add(tax, "ram:RateApplicablePercent", percent(rate.rate_bp))


def _reasons(source: Source, rate: Rate) -> list[str]:
    """The words of the lines, each once, in their order."""
    texts = (line.vat_text for line in source.issued.lines if (line.vat_category, line.vat_bp) == rate)
    return list(dict.fromkeys(filter(None, texts)))
