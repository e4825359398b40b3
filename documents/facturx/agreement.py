"""Who sells to whom, under which order, contract and project (BT-10 to BT-13, BG-4, BG-7, BG-11)."""

from documents.facturx import parties
from documents.facturx.source import Source
from documents.facturx.tree import Element, add, group


def agreement(transaction: Element, source: Source) -> None:
    """The header's agreement; a project is named by its reference, as CII wants both."""
    refs, opened = source.issued.refs, source.opened
    header = group(transaction, "ram:ApplicableHeaderTradeAgreement")
    add(header, "ram:BuyerReference", opened.text(refs.buyer_reference))
    parties.seller(header, source)
    parties.buyer(header, source)
    parties.representative(header, source)
    _reference(header, "ram:BuyerOrderReferencedDocument", opened.text(refs.order))
    _reference(header, "ram:ContractReferencedDocument", opened.text(refs.contract))
    project = opened.text(refs.project)
    if project:
        procuring = group(header, "ram:SpecifiedProcuringProject")
        add(procuring, "ram:ID", project)
        add(procuring, "ram:Name", project)


def _reference(header: Element, tag: str, number: str) -> None:
    if number:
        add(group(header, tag), "ram:IssuerAssignedID", number)
