"""A company and a client, and the papers of what it issues to it."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import msgspec

from documents.from_domain import draft_paper, invoice_paper, quote_paper
from domain.client import Client, Profile
from domain.company import Company, Configuration, Identity
from domain.content import Content, delivered_to
from domain.invoice import Invoice
from domain.issuing import Issue, Original, Ticket, facts, priced_at, terms_of
from domain.lines import DraftLine
from domain.mentions import Sale, mentions
from domain.offer import place_of
from domain.parties import Address, Card
from domain.quote import Offer, Quote
from domain.snapshot import buyer_of, seller_of

DAY = date(2026, 11, 24)
IDENTITY = Identity(
    name="Atelier Mercier",
    legal_form="SARL",
    capital_cents=800_000,
    siren="732829320",
    siret="73282932000074",
    vat_number="FR44732829320",
    rcs_city="Rennes",
    address=Address(street="12 rue des Filigranes", postcode="35000", city="Rennes"),
    email="bonjour@atelier-mercier.example",
    iban="FR7630006000011234567890189",
    bic="AGRIFRPP",
)
CARD = Card(
    name="Hôtel du Parc",
    siren="552100554",
    vat_number="FR40552100554",
    address=Address(street="3 place de l’Hôtel-de-Ville", postcode="45000", city="Orléans"),
)
ABROAD = Card(
    name="Księgarnia",
    vat_number="PL5261040828",
    address=Address(street="ul. Żwirki 8", postcode="90-450", city="Łódź", country="PL"),
)


class Books:
    """A company and a client, and what was sealed in their documents."""

    def __init__(self, profile: Profile, configuration: Configuration | None = None) -> None:
        self.company = Company.open(
            UUID(int=1), origin="o", signer="s", software="probant", company=IDENTITY, mode="live"
        )
        self.company.configure(configuration or Configuration(), DAY)
        self.client = Client.create(UUID(int=2), "C000001", profile)
        self.vault: dict[str, object] = {}

    def seal(self, value: object) -> str:
        digest = f"{len(self.vault):064x}"
        self.vault[digest] = msgspec.to_builtins(value)
        return digest

    def issue(self, kind, content: Content, number: str, original: Original | None = None, **more) -> Invoice:
        card = self.client.profile.card
        if self.client.profile.natural_person:
            card = Card(sealed=self.seal(card))
        corrected = original and original.document.originator_id
        invoice = Invoice.draft(UUID(int=len(number) + ord(number[-1])), kind, content, credits=corrected)
        invoice.issue(
            facts(
                Issue(
                    kind=kind, printed=content, company=self.company, client=self.client,
                    ticket=Ticket("F2026", 1, number, date.min), issued_on=DAY, day=DAY,
                    seller=seller_of(self.company, IDENTITY), buyer=buyer_of(self.client, card), software="probant",
                    iban=IDENTITY.iban, bic=IDENTITY.bic, original=original, **more,
                )
            )
        )  # fmt: skip
        return invoice

    def paper(self, invoice: Invoice):
        return invoice_paper(invoice.issued, training=False, fingerprint="f" * 64, opening=self.vault.get)

    def draft(self, kind, content: Content, **more):
        return draft_paper(
            kind, content, self.company, self.client, issued_on=DAY, training=False, opening=self.vault.get, **more
        )

    def sent(self, content: Content):
        """The paper of a quote as `send_quote` records it."""
        card, delivery = self.client.profile.card, self.client.profile.delivery
        priced = priced_at("invoice", content, self.company, DAY)
        quote = Quote.draft(UUID(int=5), content)
        offer = Offer(
            printed=content, priced=priced, buyer=buyer_of(self.client, card),
            seller=seller_of(self.company, IDENTITY), terms=terms_of(content, self.client, self.company),
            mentions=mentions(Sale.of("quote", DAY, content, priced, self.company, self.client)),
            deliver_to=delivered_to(content, place_of(self.company, card, delivery)),
        )  # fmt: skip
        valid_until = DAY + timedelta(days=self.company.configuration.quote_days)
        quote.send(offer, series="D2026", seq=7, number="D2026-0007", sent_on=DAY, valid_until=valid_until)
        return quote_paper(quote.sent, training=False, fingerprint="", opening=self.vault.get)


def line(id: str = "1", price: str = "100", **more) -> DraftLine:
    facts = {
        "label": "Reliure",
        "nature": "services",
        "unit_price": Decimal(price),
        "vat_bp": 2000,
        "vat_category": "S",
    }
    return DraftLine(id=id, **(facts | more))


def content(*lines: DraftLine, **more) -> Content:
    return Content(client_id=UUID(int=2), lines=lines or (line(),), **more)
