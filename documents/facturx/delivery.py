"""When and where it was delivered (BG-13, BT-72)."""

from documents.facturx import parties
from documents.facturx.source import Source
from documents.facturx.tree import Element, add_day, group
from domain.parties import Card


def delivery(transaction: Element, source: Source) -> None:
    """The header's delivery.

    An invoice keeps silent on an address that is the buyer's and on a day that is its own (CGI ann. II art. 242
    nonies A, I-7° bis and 10°). The XML says the address; the day only where it must: on a delivery within the Union
    that has no period (BR-IC-11).
    """
    issued = source.issued
    header = group(transaction, "ram:ApplicableHeaderTradeDelivery")
    card = issued.deliver_to if issued.deliver_to != Card() else issued.buyer.card
    parties.place(header, source.opened.card(card), issued.buyer.country)
    within_union = any(part.category == "K" for part in issued.vat)
    day = issued.delivered_on or (issued.issued_on if within_union and not issued.period else None)
    if day:
        add_day(group(header, "ram:ActualDeliverySupplyChainEvent"), "ram:OccurrenceDateTime", day)
