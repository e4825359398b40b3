"""The Cross Industry Invoice of an issued event: profile EN 16931 of Factur-X, the same bytes every time.

Source: EN 16931-1 (semantic model), CEN/TS 16931-3-3 (its CII binding), Factur-X 1.09, AFNOR XP Z12-012 (BR-FR).
"""

from typing import Final

from lxml import etree

from documents.facturx.agreement import agreement
from documents.facturx.delivery import delivery
from documents.facturx.lines import lines
from documents.facturx.notes import notes
from documents.facturx.settlement import settlement
from documents.facturx.source import Source
from documents.facturx.tree import Element, add, add_day, group, root
from documents.opened import Opened, Opening
from domain.invoice import Invoice

GUIDELINE: Final = "urn:cen.eu:en16931:2017"


def xml(issued: Invoice.Issued, opening: Opening, *, training: bool = False) -> bytes:
    """The XML of an issued invoice or credit note. `opening(digest)` = the clear value of a sealed one.

    `training`: it is of a training ledger, and marked FACTICE.

    Errors: `ValueError` for a control character in a text, which XML cannot hold.
    """
    source = Source(issued, Opened(opening), training)
    tree = root("rsm:CrossIndustryInvoice")
    _context(tree, source)
    _document(tree, source)
    transaction = group(tree, "rsm:SupplyChainTradeTransaction")
    for part in (lines, agreement, delivery, settlement):
        part(transaction, source)
    written: bytes = etree.tostring(tree, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return written


def _context(tree: Element, source: Source) -> None:
    context = group(tree, "rsm:ExchangedDocumentContext")
    process = group(context, "ram:BusinessProcessSpecifiedDocumentContextParameter")
    add(process, "ram:ID", source.issued.process)
    add(group(context, "ram:GuidelineSpecifiedDocumentContextParameter"), "ram:ID", GUIDELINE)


def _document(tree: Element, source: Source) -> None:
    document = group(tree, "rsm:ExchangedDocument")
    add(document, "ram:ID", source.issued.number)
    add(document, "ram:TypeCode", str(source.issued.type_code))
    add_day(document, "ram:IssueDateTime", source.issued.issued_on)
    for code, text in notes(source):
        note = group(document, "ram:IncludedNote")
        add(note, "ram:Content", text)
        add(note, "ram:SubjectCode", code)
