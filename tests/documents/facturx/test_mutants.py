"""Each way of being wrong is caught, and by the rule that is meant for it."""

from collections.abc import Sequence

import pytest

from documents.facturx import Failure, check
from tests.documents.facturx.cases import CASES


@pytest.fixture(scope="module")
def good() -> bytes:
    books, invoice = CASES["invoice of goods and services"]()
    xml = books.xml(invoice)
    assert check(xml) == ()
    return xml


def rules(failures: Sequence[Failure]) -> set[str]:
    return {failure.rule for failure in failures}


PMD = """\
    <ram:IncludedNote>
      <ram:Content>Pénalités de retard : taux de refinancement de la BCE majoré de 10 points.</ram:Content>
      <ram:SubjectCode>PMD</ram:SubjectCode>
    </ram:IncludedNote>
"""
SELLER_VAT = """\
        <ram:SpecifiedTaxRegistration>
          <ram:ID schemeID="VA">FR44732829320</ram:ID>
        </ram:SpecifiedTaxRegistration>
"""
MUTANTS = {
    "currency EUZ": (">EUR<", ">EUZ<", {"FX-SCH-A-000595"}),
    "unit ZZ9": ('unitCode="C62">1<', 'unitCode="ZZ9">1<', {"FX-SCH-A-000613"}),
    "country XX": (
        "<ram:CountryID>FR<",
        "<ram:CountryID>XX<",
        {"FX-SCH-A-000568", "FX-SCH-A-000580", "FX-SCH-A-000586"},
    ),
    "type 999": ("<ram:TypeCode>380<", "<ram:TypeCode>999<", {"FX-SCH-A-000555", "BR-FR-04_BT-3"}),
    "gross": ("<ram:GrandTotalAmount>", "<ram:GrandTotalAmount>1", {"BR-CO-15", "BR-CO-16"}),
    "VAT amount": ("<ram:CalculatedAmount>", "<ram:CalculatedAmount>1", {"BR-CO-14", "BR-CO-17"}),
    "no VAT number of the seller": (SELLER_VAT, "", {"BR-S-02"}),
    "net of a line": ("<ram:LineTotalAmount>", "<ram:LineTotalAmount>1", {"BR-CO-10", "BR-S-08"}),
    "three decimals": ("</ram:DuePayableAmount>", "0</ram:DuePayableAmount>", {"BR-DEC-18", "BR-FR-DEC-01_BT-115"}),
    "VAT rate 21": ("Percent>20<", "Percent>21<", {"BR-FR-16_BT-119", "BR-FR-16_BT-152"}),
    "date 20261399": (">20261124<", ">20261399<", {"BR-FR-03_BT-2"}),
    "no note on late payment": (PMD, "", {"BR-FR-05_BT-22_PMD"}),
    "process ZZ": (">M1<", ">ZZ<", {"BR-FR-08_BT-23"}),
    "key of a SIREN": ('schemeID="0002">732829320<', 'schemeID="0002">732829321<', {"SIREN-LUHN"}),
    # beyond those of archives_documents.md
    "key of a SIRET": ("55210055400013", "55210055400014", {"SIRET-LUHN"}),
    "buyer of another SIREN": ('schemeID="0225">552100554', 'schemeID="0225">732829320', {"BR-FR-21_BT-49"}),
    "two notes on discount": (">PMT<", ">AAB<", {"BR-FR-06_BT-21_AAB"}),
    "unknown element": ("<ram:ReasonCode>95</ram:ReasonCode>", "<ram:Code/>", {"SCHEMAV_ELEMENT_CONTENT"}),
    "not closed": ("</rsm:CrossIndustryInvoice>", "", {"well-formed"}),
    "a document type": (
        "<rsm:CrossIndustryInvoice ",
        "<!DOCTYPE x [<!ENTITY y 'z'>]><rsm:CrossIndustryInvoice ",
        {"doctype"},
    ),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_is_caught_by_its_rule(name, good):
    before, after, expected = MUTANTS[name]
    mutant = good.replace(before.encode(), after.encode())
    assert mutant != good
    found = rules(check(mutant))
    print(name, sorted(found))
    assert expected <= found


def test_a_failure_says_who_what_and_where(good):
    (failure,) = check(good.replace(b">M1<", b">ZZ<"))
    assert (failure.source, failure.location) == ("br-fr", "/CrossIndustryInvoice[1]/ExchangedDocumentContext[1]")
    assert failure.message.startswith("BR-FR-08/BT-23 : La valeur du mode de facturation")
