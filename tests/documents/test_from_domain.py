from datetime import date
from decimal import Decimal
from uuid import UUID

import msgspec

from documents.from_domain import invoice_paper, quote_paper
from documents.page import screen
from domain.account import receivable
from domain.client import Profile
from domain.company import Configuration
from domain.content import Content, Refs
from domain.corrections import correcting_content
from domain.invoice import Reason
from domain.issuing import Original, priced_at
from domain.lines import Allowance, Deducts, Period
from domain.parties import Sealed
from domain.quote import Offer, Quote
from domain.snapshot import buyer_of, seller_of
from domain.terms import PaymentTerms
from tests.documents.books import ABROAD, CARD, DAY, IDENTITY, Books, content, line


def test_an_issued_invoice_becomes_the_paper_of_its_event(books):
    given = content(
        line(allowances=(Allowance(bp=1000),), period=Period(start_on=date(2026, 10, 1), end_on=date(2026, 10, 31))),
        line("2", "40", nature="goods", vat_bp=550, quantity=Decimal("2.5"), unit="MTR"),
        allowances=(Allowance(label="Fidélité", amount_cents=1_000),),
        subject="Registres", note="Merci.", delivered_on=date(2026, 11, 20), retention_bp=500,
        refs=Refs(order="BC-7781", buyer_reference="Mme Le Gall"),
    )  # fmt: skip
    paper = books.paper(books.issue("invoice", given, "F2026-0001"))
    assert (paper.kind, paper.number, paper.issued_on, paper.delivered_on) == (
        "invoice",
        "F2026-0001",
        DAY,
        given.delivered_on,
    )
    assert paper.seller.legal == (
        "Atelier Mercier, SARL au capital de 8\u00a0000\u00a0€", "12 rue des Filigranes, 35000 Rennes",
        "732\u00a0829\u00a0320\u00a0RCS\u00a0Rennes", "TVA\u00a0FR44732829320",
    )  # fmt: skip
    assert paper.buyer.details == ("SIREN\u00a0552\u00a0100\u00a0554", "TVA\u00a0FR40552100554")
    assert [(r.label, r.value) for r in paper.references] == [("Commande", "BC-7781"), ("Référence", "Mme Le Gall")]
    assert paper.lines[0].details == (
        "Du 1er\u00a0octobre\u00a02026 au 31\u00a0octobre\u00a02026", "Remise 10\u00a0% : −10,00\u00a0€",
    )  # fmt: skip
    assert [(a.label, a.amount_cents) for a in paper.adjustments] == [("Fidélité", -1_000)]
    assert sum(a.amount_cents for a in (*paper.lines, *paper.adjustments)) == paper.net_cents == 18_000
    assert sum(g.base_cents for g in paper.vat) == paper.net_cents
    assert [i.label for i in paper.instalments] == ["", "retenue de garantie"]
    assert sum(i.amount_cents for i in paper.instalments) == paper.payable_cents == paper.gross_cents
    assert paper.bank[0].iban == IDENTITY.iban
    assert paper.mentions[0] == "Opération mixte : livraison de biens et prestation de services."
    assert paper.fingerprint == "f" * 64


def test_in_prices_with_vat_lines_and_discounts_add_up_to_the_gross(books):
    given = content(
        line(price="9.99", quantity=Decimal(3)), line("2", "99.99"), price_mode="gross",
        allowances=(Allowance(label="Remise", amount_cents=500),),
    )  # fmt: skip
    paper = books.paper(books.issue("invoice", given, "F2026-0001"))
    assert sum(a.amount_cents for a in (*paper.lines, *paper.adjustments)) == paper.gross_cents == 12_496


def test_a_credit_note_names_its_invoice_and_asks_for_nothing(books):
    invoice = books.issue("invoice", content(), "F2026-0001")
    original = Original(invoice.issued, receivable(invoice, ()))
    note = books.issue(
        "credit_note", correcting_content(invoice), "A2026-0009", original, reason=Reason(text="Erreur de prix")
    )
    paper = books.paper(note)
    assert [(r.label, r.value) for r in paper.references] == [
        ("Corrige", "Facture F2026-0001 du 24\u00a0novembre\u00a02026"), ("Motif", "Erreur de prix"),
    ]  # fmt: skip
    assert (paper.payable_cents, paper.instalments, paper.bank) == (-12_000, (), ())


def test_a_deducted_deposit_is_named_with_its_date(books):
    deducts = Deducts(invoice_id=UUID(int=9), number="F2026-0003", issued_on=date(2026, 9, 3))
    paper = books.paper(
        books.issue("final", content(line(), line("2", "30", quantity=Decimal(-1), deducts=deducts)), "F2026-0009")
    )
    assert paper.lines[1].details == ("Facture d’acompte F2026-0003 du 3\u00a0septembre\u00a02026",)
    assert paper.net_cents == 7_000


def test_without_vat_the_reason_is_printed_once():
    books = Books(Profile(kind="business", card=ABROAD, country="PL"))
    reason = "Autoliquidation, art. 283-2 du CGI"
    given = content(line(vat_bp=0, vat_category="AE", vat_code="VATEX-EU-AE", vat_text=reason))
    paper = books.paper(books.issue("invoice", given, "F2026-0001"))
    assert [group.text for group in paper.vat] == [reason]
    assert screen(paper).count(reason) == 1
    assert paper.buyer.address[-1] == "Pologne"


def test_a_franchise_has_no_rate_on_its_lines_and_one_sentence_under_them():
    books = Books(Profile(kind="business", card=CARD), Configuration(vat_regime="franchise"))
    paper = books.paper(books.issue("invoice", content(), "F2026-0001"))
    assert screen(paper).count("TVA non applicable, art. 293 B du CGI") == 1
    assert [line.vat_category for line in paper.lines] == [""]
    assert paper.gross_cents == paper.net_cents == 10_000


def test_a_person_is_printed_from_the_vault_and_is_nobody_after_erasure():
    books = Books(Profile(kind="person", card=CARD, natural_person=True, taxable=False))
    subject = Sealed(sealed=books.seal("Portrait de famille"))
    invoice = books.issue("invoice", content(subject=subject), "F2026-0001")
    assert (books.paper(invoice).buyer.name, books.paper(invoice).subject) == ("Hôtel du Parc", "Portrait de famille")
    books.vault.clear()
    assert (books.paper(invoice).buyer.name, books.paper(invoice).subject) == ("Tiers effacé", "(texte effacé)")


def test_a_draft_prints_what_would_be_issued_that_day_without_number(books):
    given = content(
        line(), line("2", "40", vat_bp=550), allowances=(Allowance(label="Remise", bp=500),), retention_bp=500
    )
    draft, issued = books.draft("invoice", given), books.paper(books.issue("invoice", given, "F2026-0001"))
    assert draft.number == ""
    same = ("lines", "adjustments", "vat", "gross_cents", "payable_cents", "instalments", "seller", "buyer", "bank")
    assert [getattr(draft, name) for name in same] == [getattr(issued, name) for name in same]
    assert draft.mentions == issued.mentions


def test_a_draft_without_lines_can_be_looked_at(books):
    assert "brouillon" in screen(books.draft("invoice", Content(client_id=UUID(int=2))))


def test_a_sent_quote_has_its_validity_and_no_bank(books):
    quote = Quote.draft(UUID(int=5), content())
    buyer, seller = buyer_of(books.client, CARD), seller_of(books.company, IDENTITY)
    priced = priced_at("invoice", content(), books.company, DAY)
    quote.send(
        Offer(printed=content(), priced=priced, buyer=buyer, seller=seller, terms=PaymentTerms()),
        series="D2026", seq=7, number="D2026-0007", sent_on=DAY, valid_until=date(2026, 12, 24),
    )  # fmt: skip
    paper = quote_paper(quote.sent, training=False, fingerprint="", opening=books.vault.get)
    assert (paper.kind, paper.number, paper.valid_until_on, paper.bank) == (
        "quote",
        "D2026-0007",
        date(2026, 12, 24),
        (),
    )
    draft = books.draft("quote", content())
    assert (draft.valid_until_on, draft.lines, draft.instalments) == (date(2026, 12, 24), paper.lines, ())


def test_the_language_is_the_clients_as_the_document_recorded_it_and_the_law_stays_french():
    books = Books(Profile(kind="business", card=ABROAD, country="PL", language="en"))
    given = content(
        line(vat_bp=0, vat_category="AE", vat_code="VATEX-EU-AE", vat_text="Autoliquidation, art. 283-2 du CGI"),
        refs=Refs(order="PO-1"),
    )
    issued = books.issue("invoice", given, "F2026-0001")
    assert issued.issued.buyer.language == "en"
    paper = books.paper(issued)
    assert (paper.language, paper.buyer.address[-1], paper.buyer.details) == (
        "en",
        "Poland",
        ("VAT\u00a0PL5261040828",),
    )
    assert [(r.label, r.value) for r in paper.references] == [("Your order", "PO-1")]
    assert paper.vat[0].text == "Autoliquidation, art. 283-2 du CGI"
    assert paper.seller.legal[-1] == "TVA\u00a0FR44732829320"


def test_a_pro_forma_is_a_draft_by_another_name(books):
    draft, proforma = books.draft("invoice", content()), books.draft("proforma", content())
    assert msgspec.structs.replace(proforma, kind="invoice") == draft
    assert (proforma.kind, proforma.number) == ("proforma", "")


def test_the_logo_and_the_address_of_the_proof_are_given_beside_the_event(books):
    issued = books.issue("invoice", content(), "F2026-0001").issued
    paper = invoice_paper(
        issued, training=False, fingerprint="f" * 64, opening=books.vault.get, logo=b"png", proof_url="https://p/e"
    )
    assert (paper.seller.logo, paper.proof_url) == (b"png", "https://p/e")
