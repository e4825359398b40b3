"""What a credit note or a copy starts from: the content of a document that exists."""

from domain.account import issued
from domain.content import Content
from domain.invoice import Invoice
from domain.pricing import negated


def correcting_content(invoice: Invoice) -> Content:
    """The content of a credit note of the whole invoice: its lines and discounts with their signs turned."""
    document = issued(invoice)
    lines, allowances, charges = negated(document.lines, document.allowances, document.charges)
    return Content(
        client_id=document.client_id,
        price_mode=document.price_mode,
        subject=document.subject,
        lines=lines,
        allowances=allowances,
        charges=charges,
        refs=document.refs,
        delivered_on=document.delivered_on,
        period=document.period,
    )
