"""What made an accounting entry, in a word, and the page where it is shown."""

from flask import url_for

from projections.journals import Line
from web.sentences import KINDS
from web.vat_due import MADE

OF_DOCUMENTS = ("invoice.", "debt.")  # what is posted about a document; all the rest is about money


def nature(line: Line) -> str:
    """`Facture`, `Avoir`, `Règlement annulé`…"""
    return KINDS[line.kind] if line.type == "invoice.issued" else MADE.get(line.type, line.type)


def made_by(line: Line) -> str:
    """The address of the document, or of the payment."""
    if line.type.startswith(OF_DOCUMENTS):
        return url_for("invoices.show", invoice_id=line.about)
    return url_for("payments.show", payment_id=line.about)
