"""What a quote says beside its price, what previews show, what a business and a debtor read."""

from copy import copy
from datetime import date
from decimal import Decimal
from uuid import UUID

import msgspec
import pytest

from documents.blocks import facts as facts_of
from documents.from_domain import invoice_paper, quote_paper
from documents.page import screen
from documents.pdf import render
from domain import late
from domain.client import Profile
from domain.company import Configuration
from domain.corrections import correcting_content
from domain.issuing import priced_at
from domain.lines import Period
from domain.parties import Address, Card
from domain.quote import Offer, Quote
from domain.snapshot import buyer_of, seller_of
from domain.terms import PaymentTerms
from tests.documents.books import CARD, DAY, IDENTITY, Books, content, line
from tests.documents.reading import text

BUILDER = Configuration(
    sector="building", insurer="MAAF, 79000 Niort", insurance_cover="France", travel="45 € par jour de chantier",
    price_mode="gross",
)  # fmt: skip
SITE = Card(name="Chantier", address=Address(street="Quai 3", postcode="35400", city="Saint-Malo"))


@pytest.mark.parametrize("configuration", [Configuration(), BUILDER], ids=["workshop", "builder"])
@pytest.mark.parametrize("delivery", [Card(), SITE], ids=["nowhere", "site"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_quote_leaves_as_its_preview_showed_it(configuration, delivery, language):
    books = Books(Profile(kind="business", card=CARD, delivery=delivery, language=language), configuration)
    given = content(terms=PaymentTerms(days=45, end_of_month=True), price_mode=configuration.price_mode)
    draft, sent = books.draft("quote", given), books.sent(given)
    assert msgspec.structs.replace(sent, number="") == draft
    assert draft.payment == ("45 jours fin de mois" if language == "fr" else "45 days, end of month")


def test_a_quote_says_when_it_is_to_be_paid_before_it_asks_for_a_signature(books):
    paper = books.sent(content())
    printed = text(render(paper))
    assert "Règlement 30 jours date de facture" in printed
    assert printed.index("30 jours date de facture") < printed.index("Bon pour accord")
    assert "30 jours date de facture" in screen(paper)


def test_what_the_law_prints_stands_before_the_signature():
    printed = text(render(Books(Profile(kind="business", card=CARD), BUILDER).sent(content())))
    for told in ("Devis gratuit", "Frais de déplacement : 45 € par jour de chantier", "Assurance professionnelle"):
        assert printed.index(told) < printed.index("Bon pour accord")


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        (PaymentTerms(days=0), "À réception de la facture"),
        (PaymentTerms(days=30), "30 jours date de facture"),
        (PaymentTerms(days=30, end_of_month=True, then_days=10), "30 jours fin de mois, plus 10 jours"),
    ],
    ids=["at once", "days", "then"],
)
def test_terms_are_told_as_the_ledger_recorded_them(books, terms, said):
    assert books.sent(content(terms=terms)).payment == said
    assert terms.french.lower() == said.lower()


def test_a_quote_that_was_sent_before_quotes_told_their_terms_is_shown_as_it_was(books):
    quote = Quote.draft(UUID(int=5), content())
    buyer, seller = buyer_of(books.client, CARD), seller_of(books.company, IDENTITY)
    offer = Offer(
        printed=content(), priced=priced_at("invoice", content(), books.company, DAY), buyer=buyer, seller=seller,
        terms=PaymentTerms(),
    )  # fmt: skip
    quote.send(offer, series="D2026", seq=7, number="D2026-0007", sent_on=DAY, valid_until=DAY)
    paper = quote_paper(quote.sent, training=False, fingerprint="", opening=books.vault.get)
    assert (paper.payment, paper.deliver_to) == ("", None)


def test_works_are_done_at_the_site_else_at_the_clients():
    profile = Profile(kind="business", card=CARD)
    assert Books(profile).sent(content()).deliver_to is None
    builder = Books(profile, BUILDER).sent(content())
    assert builder.deliver_to.address == ("3 place de l’Hôtel-de-Ville", "45000 Orléans")
    at_site = Books(msgspec.structs.replace(profile, delivery=SITE), BUILDER).sent(content())
    assert [fact.value for fact in facts_of(at_site) if fact.label == "Lieu d’exécution"] == [
        "Chantier\nQuai 3\n35400 Saint-Malo"
    ]


def test_a_business_reads_each_price_without_vat_though_it_was_typed_with_it(books):
    given = content(line(price="12"), line("2", "9.99", quantity=Decimal(7)), price_mode="gross")
    draft, issued = books.draft("invoice", given), books.paper(books.issue("invoice", given, "F2026-0001"))
    assert issued.lines == draft.lines
    assert [line.details[-1].replace("\u00a0", " ") for line in issued.lines] == [
        "Prix unitaire HT : 10,00 €, total HT : 10,00 €", "Prix unitaire HT : 8,325 €, total HT : 58,28 €",
    ]  # fmt: skip


def test_a_person_reads_prices_with_vat_alone_and_so_does_who_is_billed_net(books):
    person = Books(Profile(kind="person", card=CARD, natural_person=True, taxable=False))
    given = content(line(price="12"), price_mode="gross")
    assert person.paper(person.issue("invoice", given, "F2026-0001")).lines[0].details == ()
    assert books.paper(books.issue("invoice", content(), "F2026-0001")).lines[0].details == ()


def test_a_paper_of_older_rules_is_shown_as_it_was(books):
    given = content(line(price="12"), price_mode="gross")
    issued = books.issue("invoice", given, "F2026-0001").issued
    old = copy(issued)
    vars(old)["rules"] = msgspec.structs.replace(issued.rules, mentions="2026-11.2")
    paper = invoice_paper(old, training=False, fingerprint="", opening=books.vault.get)
    assert paper.lines[0].details == ()


def test_penalties_are_no_operation_and_speak_of_no_penalties_on_themselves(books):
    given = content(late.indemnity_line("1", "Indemnité forfaitaire pour frais de recouvrement"))
    draft, note = books.draft("debit_note", given), books.issue("debit_note", given, "P2026-0001")
    for paper in (draft, books.paper(note)):
        assert not any("énalit" in said or "Opération" in said or "Escompte" in said for said in paper.mentions)
    assert {"PMT", "PMD", "AAB"} <= {mention.code for mention in note.issued.mentions}  # BR-FR-05 asks for them


def test_the_preview_of_a_credit_note_names_its_invoice(books):
    invoice = books.issue("invoice", content(), "F2026-0001")
    draft = books.draft("credit_note", correcting_content(invoice), original=invoice.issued)
    assert [(r.label, r.value) for r in draft.references] == [
        ("Corrige", "Facture F2026-0001 du 24\u00a0novembre\u00a02026")
    ]


@pytest.mark.parametrize(
    ("facts", "due_on"),
    [
        ({"delivered_on": date(2026, 10, 3)}, date(2027, 10, 3)),
        ({"period": Period(start_on=date(2026, 10, 1), end_on=date(2026, 10, 31))}, date(2027, 10, 31)),
        ({}, date(2027, 11, 24)),
        ({"delivered_on": date(2026, 10, 3), "terms": PaymentTerms(days=400)}, date(2027, 12, 29)),
    ],
    ids=["delivered", "period", "issued", "long terms"],
)
def test_a_guarantee_is_due_one_year_after_the_works_and_never_before_the_rest(books, facts, due_on):
    paper = books.paper(books.issue("invoice", content(retention_bp=500, **facts), "F2026-0001"))
    assert paper.instalments[-1].due_on == due_on
    assert "libérée un an après la réception" in paper.mentions[-1]
