"""An XML read back by the terms of EN 16931."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from lxml import etree

from documents.facturx.tree import NAMESPACES

_DEAL = "rsm:SupplyChainTradeTransaction/"
_AGREED, _DELIVERED, _SETTLED = (
    f"{_DEAL}ram:ApplicableHeaderTrade{part}/" for part in ("Agreement", "Delivery", "Settlement")
)
_SUMS = f"{_SETTLED}ram:SpecifiedTradeSettlementHeaderMonetarySummation/"
_LINE = f"{_DEAL}ram:IncludedSupplyChainTradeLineItem/"
TERMS = {
    "BT-1": "rsm:ExchangedDocument/ram:ID",
    "BT-2": "rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString",
    "BT-5": f"{_SETTLED}ram:InvoiceCurrencyCode",
    "BT-13": f"{_AGREED}ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID",
    "BT-27": f"{_AGREED}ram:SellerTradeParty/ram:Name",
    "BT-29 0231": f"{_AGREED}ram:SellerTradeParty/ram:GlobalID[@schemeID='0231']",
    "BT-30": f"{_AGREED}ram:SellerTradeParty/ram:SpecifiedLegalOrganization/ram:ID",
    "BT-35": f"{_AGREED}ram:SellerTradeParty/ram:PostalTradeAddress/ram:LineOne",
    "BT-37": f"{_AGREED}ram:SellerTradeParty/ram:PostalTradeAddress/ram:CityName",
    "BT-38": f"{_AGREED}ram:SellerTradeParty/ram:PostalTradeAddress/ram:PostcodeCode",
    "BT-50": f"{_AGREED}ram:BuyerTradeParty/ram:PostalTradeAddress/ram:LineOne",
    "BT-52": f"{_AGREED}ram:BuyerTradeParty/ram:PostalTradeAddress/ram:CityName",
    "BT-77": f"{_DELIVERED}ram:ShipToTradeParty/ram:PostalTradeAddress/ram:CityName",
    "BT-152": f"{_LINE}ram:SpecifiedLineTradeSettlement/ram:ApplicableTradeTax/ram:RateApplicablePercent",
    "BT-3": "rsm:ExchangedDocument/ram:TypeCode",
    "BT-8": f"{_SETTLED}ram:ApplicableTradeTax/ram:DueDateTypeCode",
    "BT-9": f"{_SETTLED}ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime/udt:DateTimeString",
    "BT-20": f"{_SETTLED}ram:SpecifiedTradePaymentTerms/ram:Description",
    "BT-21": "rsm:ExchangedDocument/ram:IncludedNote/ram:SubjectCode",
    "BT-22": "rsm:ExchangedDocument/ram:IncludedNote/ram:Content",
    "BT-23": "rsm:ExchangedDocumentContext/ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID",
    "BT-25": f"{_SETTLED}ram:InvoiceReferencedDocument/ram:IssuerAssignedID",
    "BT-26": f"{_SETTLED}ram:InvoiceReferencedDocument/ram:FormattedIssueDateTime/qdt:DateTimeString",
    "BT-31": f"{_AGREED}ram:SellerTradeParty/ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']",
    "BT-32": f"{_AGREED}ram:SellerTradeParty/ram:SpecifiedTaxRegistration/ram:ID[@schemeID='FC']",
    "BT-33": f"{_AGREED}ram:SellerTradeParty/ram:Description",
    "BT-44": f"{_AGREED}ram:BuyerTradeParty/ram:Name",
    "BT-47": f"{_AGREED}ram:BuyerTradeParty/ram:SpecifiedLegalOrganization/ram:ID",
    "BT-48": f"{_AGREED}ram:BuyerTradeParty/ram:SpecifiedTaxRegistration/ram:ID",
    "BT-49": f"{_AGREED}ram:BuyerTradeParty/ram:URIUniversalCommunication/ram:URIID",
    "BT-62": f"{_AGREED}ram:SellerTaxRepresentativeTradeParty/ram:Name",
    "BT-63": f"{_AGREED}ram:SellerTaxRepresentativeTradeParty/ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']",
    "BT-64": f"{_AGREED}ram:SellerTaxRepresentativeTradeParty/ram:PostalTradeAddress/ram:LineOne",
    "BT-67": f"{_AGREED}ram:SellerTaxRepresentativeTradeParty/ram:PostalTradeAddress/ram:PostcodeCode",
    "BT-70": f"{_DELIVERED}ram:ShipToTradeParty/ram:Name",
    "BT-72": f"{_DELIVERED}ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime/udt:DateTimeString",
    "BT-84": f"{_SETTLED}ram:SpecifiedTradeSettlementPaymentMeans/ram:PayeePartyCreditorFinancialAccount/ram:IBANID",
    "BT-92": f"{_SETTLED}ram:SpecifiedTradeAllowanceCharge[ram:ChargeIndicator/udt:Indicator='false']/ram:ActualAmount",
    "BT-99": f"{_SETTLED}ram:SpecifiedTradeAllowanceCharge[ram:ChargeIndicator/udt:Indicator='true']/ram:ActualAmount",
    "BT-106": f"{_SUMS}ram:LineTotalAmount",
    "BT-107": f"{_SUMS}ram:AllowanceTotalAmount",
    "BT-108": f"{_SUMS}ram:ChargeTotalAmount",
    "BT-109": f"{_SUMS}ram:TaxBasisTotalAmount",
    "BT-110": f"{_SUMS}ram:TaxTotalAmount",
    "BT-112": f"{_SUMS}ram:GrandTotalAmount",
    "BT-113": f"{_SUMS}ram:TotalPrepaidAmount",
    "BT-115": f"{_SUMS}ram:DuePayableAmount",
    "BT-116": f"{_SETTLED}ram:ApplicableTradeTax/ram:BasisAmount",
    "BT-117": f"{_SETTLED}ram:ApplicableTradeTax/ram:CalculatedAmount",
    "BT-118": f"{_SETTLED}ram:ApplicableTradeTax/ram:CategoryCode",
    "BT-119": f"{_SETTLED}ram:ApplicableTradeTax/ram:RateApplicablePercent",
    "BT-120": f"{_SETTLED}ram:ApplicableTradeTax/ram:ExemptionReason",
    "BT-121": f"{_SETTLED}ram:ApplicableTradeTax/ram:ExemptionReasonCode",
    "BT-127": f"{_LINE}ram:AssociatedDocumentLineDocument/ram:IncludedNote/ram:Content",
    "BT-129": f"{_LINE}ram:SpecifiedLineTradeDelivery/ram:BilledQuantity",
    "BT-131": f"{_LINE}ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeSettlementLineMonetarySummation"
    "/ram:LineTotalAmount",
    "BT-136": f"{_LINE}ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeAllowanceCharge/ram:ActualAmount",
    "BT-146": f"{_LINE}ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:ChargeAmount",
    "BT-149": f"{_LINE}ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:BasisQuantity",
    "BT-153": f"{_LINE}ram:SpecifiedTradeProduct/ram:Name",
    "BT-154": f"{_LINE}ram:SpecifiedTradeProduct/ram:Description",
}


class Read:
    """The elements of an XML by term."""

    def __init__(self, xml: bytes) -> None:
        self.root = etree.fromstring(xml)

    def elements(self, term: str) -> Sequence[etree._Element]:
        return self.root.xpath(TERMS[term], namespaces=NAMESPACES)

    def all(self, term: str) -> list[str]:
        return [element.text for element in self.elements(term)]

    def one(self, term: str) -> str:
        (text,) = self.all(term)
        return text

    def cents(self, term: str) -> int:
        """The sum of an amount in cents."""
        return int(sum(map(Decimal, self.all(term)), Decimal()).scaleb(2))

    def notes(self) -> dict[str, str]:
        return dict(zip(self.all("BT-21"), self.all("BT-22"), strict=True))


class Item(NamedTuple):
    """A line; `rest` = its net amount less quantity × price / base quantity, plus its discounts."""

    net: Decimal
    quantity: Decimal
    price: Decimal
    per: Decimal
    discounts: Decimal

    @property
    def rest(self) -> Decimal:
        return self.net - (self.quantity * self.price / self.per - self.discounts)


def items(xml: Read) -> list[Item]:
    """The lines, read alone so that nothing of the document can help them."""
    found = []
    for line in xml.root.iterfind(_LINE.removesuffix("/"), NAMESPACES):
        of = {
            term: [Decimal(e.text) for e in line.xpath(TERMS[term].removeprefix(_LINE), namespaces=NAMESPACES)]
            for term in ("BT-131", "BT-129", "BT-146", "BT-149", "BT-136")
        }
        (net,), (quantity,), (price,), (per,) = of["BT-131"], of["BT-129"], of["BT-146"], of["BT-149"] or [Decimal(1)]
        found.append(Item(net, quantity, price, per, sum(of["BT-136"], Decimal())))
    return found
