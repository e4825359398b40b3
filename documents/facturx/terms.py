"""When to pay (BT-9, BT-20, BT-89)."""

from documents.facturx.source import Source
from documents.facturx.tree import Element, add, add_day, group
from documents.facturx.words import day, euros


def terms(header: Element, source: Source) -> None:
    """EN 16931 has one due date: the first; several instalments, a guarantee among them, are told in words.

    Where all is paid already, the date is that of the payment (BR-FR-CO-09).
    """
    issued = source.issued
    payment = group(header, "ram:SpecifiedTradePaymentTerms")
    parts = issued.instalments
    if len(parts) > 1:
        add(payment, "ram:Description", " ; ".join(_told(source, position) for position in range(len(parts))))
    paid_on = max((paid.received_on for paid in issued.paid), default=None)
    due_on = min((part.due_on for part in parts), default=None)
    due_on = paid_on if issued.payable_cents == 0 and paid_on else due_on
    if due_on:
        add_day(payment, "ram:DueDateDateTime", due_on)
    for means in issued.payment_means:
        add(payment, "ram:DirectDebitMandateID", means.mandate)


def _told(source: Source, position: int) -> str:
    part = source.issued.instalments[position]
    kept = " (retenue de garantie)" if part.kind == "retention" else ""
    return f"{euros(source.sign * part.amount_cents)} au {day(part.due_on)}{kept}"
