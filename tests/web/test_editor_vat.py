"""The choices of VAT in the editor: what fits the client first, what cannot be issued told with its reason."""

from datetime import date
from uuid import uuid4

import pytest

from domain import vat
from domain.client import Profile
from domain.company import Configuration
from domain.content import Content
from domain.exempting import Deal
from domain.lines import DraftLine
from domain.parties import Address, Card
from ledger.commands import invoices
from tests.web.shop import LINE
from web import editor_vat, forms
from web.numbers_typed import vat_number

DAY = date(2026, 11, 24)


def deal(country, number="", kind="business", taxable=True, regime="cash"):
    card = Card(name="Client", address=Address(city="Ulm", country=country), vat_number=number)
    profile = Profile(kind=kind, card=card, country=country, taxable=taxable)
    return Deal.of(Configuration(vat_regime=regime), profile, card, Card())


@pytest.mark.parametrize(
    ("buyer", "words"),
    [
        (deal("DE", "DE136695976"), {"283-2", "262 ter"}),
        (deal("CH"), {"259-1", "262, I", "275"}),
        (deal("US", kind="person", taxable=False), {"259 B", "262, I"}),
        (deal("FR"), {"283, 2 nonies", "275"}),
    ],
)
def test_the_reasons_that_a_client_calls_for_are_proposed_first_and_none_is_hidden(buyer, words):
    reasons = [key for key in editor_vat.offered("FR", "cash", DAY, buyer) if "|S|" not in key]
    first = [key.split("|", 4)[4] for key in reasons[: len(words)]]
    assert all(any(word in text for text in first) for word in words)
    assert set(reasons) == {key for key in editor_vat.offered("FR", "cash", DAY) if "|S|" not in key}


def test_the_rates_and_the_franchise_keep_their_place():
    assert next(iter(editor_vat.offered("FR", "cash", DAY, deal("CH")))) == "FR|S|2000||"
    franchise = next(iter(editor_vat.offered("FR", "franchise", DAY, deal("DE", "DE136695976", regime="franchise"))))
    assert vat.FRANCHISE.text in franchise


def test_a_company_that_left_the_franchise_is_told_at_the_line_what_to_do(new_shop, keeper):
    client, draft = new_shop.client("Hôtel", card={"siren": "552100554"}), uuid4()
    old = {"vat_bp": 0, "vat_category": "E", "vat_code": vat.FRANCHISE.code, "vat_text": vat.FRANCHISE.text}
    line = DraftLine(**{name: getattr(LINE, name) for name in LINE.__struct_fields__} | old)
    new_shop.do(
        invoices.draft_invoice, invoice_id=draft, kind="invoice", content=Content(client_id=client, lines=(line,))
    )
    page = keeper(new_shop).get(f"/factures/{draft}/modifier").text
    assert "Taux de TVA à choisir (votre société n’est plus en franchise), ligne 1" in page
    assert 'href="#lines.1.vat"' in page
    refused = keeper(new_shop).submit(f"/factures/{draft}/emettre", action=f"/factures/{draft}/emettre")
    assert (refused.status_code, "n’est plus en franchise" in refused.text) == (409, True)


@pytest.mark.parametrize("raw", ["FR|Z|0||", "FR|E|0|VATEX-FR-CGI261-4|Exonéré"])
def test_a_posted_zero_or_words_of_ones_own_are_not_issued(new_shop, keeper, raw):
    client, draft = new_shop.client("Hôtel", card={"siren": "552100554"}), uuid4()
    told = editor_vat.read(raw)
    line = DraftLine(**{name: getattr(LINE, name) for name in LINE.__struct_fields__} | told)
    new_shop.do(
        invoices.draft_invoice, invoice_id=draft, kind="invoice", content=Content(client_id=client, lines=(line,))
    )
    page = keeper(new_shop).get(f"/factures/{draft}/emettre").text
    assert "Motif de l’absence de TVA à choisir dans la liste, ligne 1" in page


def test_a_number_of_no_country_is_refused_where_it_is_typed(new_shop, keeper):
    told = {"name": "Acme", "country": "US", "vat_number": "12-3456789", "street": "1 Main Street", "city": "Boston"}
    answer = keeper(new_shop).submit("/clients/nouveau", action="/clients/nouveau", **told)
    assert answer.status_code == 422
    assert "commence par les deux lettres de son pays" in answer.text
    assert vat_number("CH")("CHE-123.456.788 TVA") == "CHE123456788TVA"
    with pytest.raises(forms.Unreadable):
        vat_number("US")("123456789")
