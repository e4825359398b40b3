"""An invoice that every validator must refuse, each for a reason of its own: who believes it did not look."""

from typing import Final

from documents.facturx.failure import Source

_UNECE = "urn:un:unece:uncefact:data:standard"
KNOWN_BAD: Final = f"""\
<rsm:CrossIndustryInvoice xmlns:rsm="{_UNECE}:CrossIndustryInvoice:100"
    xmlns:ram="{_UNECE}:ReusableAggregateBusinessInformationEntity:100">
  <rsm:ExchangedDocumentContext/>
  <rsm:ExchangedDocument><ram:ID>BAD</ram:ID></rsm:ExchangedDocument>
  <rsm:SupplyChainTradeTransaction>
    <ram:ApplicableHeaderTradeAgreement>
      <ram:SellerTradeParty>
        <ram:SpecifiedLegalOrganization><ram:ID schemeID="0002">732829321</ram:ID></ram:SpecifiedLegalOrganization>
      </ram:SellerTradeParty>
    </ram:ApplicableHeaderTradeAgreement>
    <ram:ApplicableHeaderTradeSettlement>
      <ram:InvoiceCurrencyCode>EUZ</ram:InvoiceCurrencyCode>
    </ram:ApplicableHeaderTradeSettlement>
  </rsm:SupplyChainTradeTransaction>
</rsm:CrossIndustryInvoice>
""".encode()
BROKEN: Final[frozenset[tuple[Source, str]]] = frozenset(
    {
        ("xsd", "SCHEMAV_ELEMENT_CONTENT"),
        ("en16931", "BR-06"),  # no seller's name
        ("en16931", "FX-SCH-A-000595"),  # no such currency: the code lists, a file of their own, were read
        ("br-fr", "BR-FR-05_BT-22_PMD"),  # no note on late payment
        ("siren", "SIREN-LUHN"),
    }
)
