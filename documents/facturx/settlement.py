"""What is asked for: payment, VAT, discounts, due date, totals, earlier invoices."""

from typing import Final

from documents.facturx import allowances, vat
from documents.facturx.lines import period
from documents.facturx.source import Source
from documents.facturx.terms import terms
from documents.facturx.totals import totals
from documents.facturx.tree import Element, add, add_day, group

CURRENCY: Final = "EUR"


def settlement(transaction: Element, source: Source) -> None:
    """The header's settlement, in the order that the schema wants."""
    header = group(transaction, "ram:ApplicableHeaderTradeSettlement")
    add(header, "ram:PaymentReference", source.issued.number)
    add(header, "ram:InvoiceCurrencyCode", CURRENCY)
    _payment_means(header, source)
    vat.breakdown(header, source)
    period(header, source.issued.period)
    allowances.of_document(header, source)
    terms(header, source)
    totals(header, source, CURRENCY)
    _earlier(header, source)


def _payment_means(header: Element, source: Source) -> None:
    """BG-16; a credit note asks for no money."""
    if source.is_credit:
        return
    for means in source.issued.payment_means:
        payment = group(header, "ram:SpecifiedTradeSettlementPaymentMeans")
        add(payment, "ram:TypeCode", means.code)
        iban = source.opened.text(means.iban)
        if iban:
            add(group(payment, "ram:PayeePartyCreditorFinancialAccount"), "ram:IBANID", iban)
        if means.bic:
            add(group(payment, "ram:PayeeSpecifiedCreditorFinancialInstitution"), "ram:BICID", means.bic)


def _earlier(header: Element, source: Source) -> None:
    """BG-3: the invoice that a credit note corrects, the deposits that a final invoice deducts, each once."""
    earlier = {one.number: one.issued_on for one in source.issued.refers_to}
    earlier |= {line.deducts.number: line.deducts.issued_on for line in source.issued.lines if line.deducts}
    for number, issued_on in earlier.items():
        reference = group(header, "ram:InvoiceReferencedDocument")
        add(reference, "ram:IssuerAssignedID", number)
        add_day(reference, "ram:FormattedIssueDateTime", issued_on, "qdt:DateTimeString")
