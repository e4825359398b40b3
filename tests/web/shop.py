"""« Atelier Mercier », a small live company with some of everything, kept through the same commands as a person."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from domain.client import Profile
from domain.company import Configuration, Identity
from domain.content import Content
from domain.lines import DraftLine
from domain.parties import Address, Card, Contact, ContactCard
from domain.product import Article
from domain.receipts import Receipt, Settlement
from domain.terms import PaymentTerms
from ledger.books import Books
from ledger.commands import clients, companies, invoices, payments, products, quote_invoicing, quotes
from ledger.postgres import Pool
from tests.today import today
from web.app import MAPPER

RENNES = Address(street="14, rue Saint-Malo", postcode="35000", city="Rennes", country="FR")
MERCIER = Identity(
    name="Atelier Mercier", legal_form="SARL", capital_cents=1_000_000, siren="732829320", siret="73282932000074",
    vat_number="FR44732829320", rcs_city="Rennes", address=RENNES, email="atelier@mercier.example",
    iban="FR7630006000011234567890189", bic="AGRIFRPP",
)  # fmt: skip
LINE = DraftLine(
    id="1", label="Bibliothèque en chêne, pose comprise", nature="services", quantity=Decimal("18.5"), unit="MTK",
    unit_price=Decimal(96), vat_bp=2000, vat_category="S",
)  # fmt: skip


@dataclass
class Shop:
    """`do` runs a use case as its owner; the helpers make one thing and give its id."""

    books: Books
    id: UUID = field(default_factory=uuid4)
    actor: str = field(default_factory=lambda: f"user:{uuid4()}")
    today: date = field(default_factory=today)
    ids: dict[str, UUID] = field(default_factory=dict)

    def __getitem__(self, name: str) -> UUID:
        """What `fill` made: `shop["hotel"]`, `shop["late"]`…"""
        return self.ids[name]

    def do(self, use_case: Callable[..., Any], **facts: Any) -> Any:
        return self.books.do(use_case, self.id, uuid4(), self.actor, **facts)

    def days_ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def client(self, name: str, kind: str = "business", **facts: Any) -> UUID:
        client_id = uuid4()
        card = Card(name=name, address=RENNES, **facts.pop("card", {}))
        self.do(clients.create_client, client_id=client_id, profile=Profile(kind=kind, card=card, **facts))
        return client_id

    def product(self, label: str, price: str, **facts: Any) -> UUID:
        product_id = uuid4()
        article = Article(label=label, unit_price=Decimal(price), **facts)
        self.do(products.create_product, product_id=product_id, article=article)
        return product_id

    def quote(self, client_id: UUID, subject: str = "", *lines: DraftLine, sent_on: date | None = None) -> UUID:
        """A draft, or sent that day."""
        quote_id = uuid4()
        content = Content(client_id=client_id, subject=subject, lines=lines or (LINE,))
        self.do(quotes.draft_quote, quote_id=quote_id, content=content)
        if sent_on:
            self.do(quotes.send_quote, quote_id=quote_id, sent_on=sent_on, base_version=1)
        return quote_id

    def invoice(self, client_id: UUID, subject: str = "", *lines: DraftLine, issued_on: date | None = None) -> UUID:
        """A draft, or issued that day and due at once."""
        invoice_id = uuid4()
        content = Content(
            client_id=client_id, subject=subject, lines=lines or (LINE,), terms=PaymentTerms(days=0), note="Merci."
        )
        self.do(invoices.draft_invoice, invoice_id=invoice_id, kind="invoice", content=content)
        if issued_on:
            self.issue(invoice_id, issued_on)
        return invoice_id

    def issue(self, invoice_id: UUID, issued_on: date, **facts: Any) -> str:
        return self.do(invoices.issue_invoice, invoice_id=invoice_id, issued_on=issued_on, base_version=1, **facts)

    def pay(self, client_id: UUID, amount_cents: int, *settled: tuple[UUID, int]) -> UUID:
        payment_id = uuid4()
        receipt = Receipt(
            client_id=client_id, method="transfer", received_on=self.today, amount_cents=amount_cents,
            settlements=tuple(Settlement(invoice_id=settles, settled_cents=cents) for settles, cents in settled),
        )  # fmt: skip
        self.do(payments.record_payment, payment_id=payment_id, receipt=receipt)
        return payment_id

    def fill(self) -> "Shop":
        """Seven clients of all kinds, four products, quotes and invoices in every state, of 2 131,20 € TTC each."""
        self._clients()
        self._products()
        self._quotes()
        self._invoices()
        return self

    def _clients(self) -> None:
        jeanne = ContactCard(name="Jeanne Roux", role="Comptabilité", email="compta@parc.example", phone="0299000001")
        paul = ContactCard(name="Paul Legrand", role="Direction", email="direction@parc.example")
        self.ids |= {
            "hotel": self.client(
                "Hôtel du Parc", card={"siren": "552100554", "email": "contact@parc.example"},
                contacts=(Contact(id=uuid4(), card=jeanne), Contact(id=uuid4(), card=paul)), tags=("hôtellerie",),
            ),
            "bakery": self.client("Boulangerie Lefèvre", natural_person=True, card={"siren": "404833048"}),
            "person": self.client("Claire Dumas", "person", natural_person=True, taxable=False),
            "town": self.client("Mairie de Fougères", "public", taxable=False, card={"siren": "213501158"}),
            "german": self.client("Tischler GmbH", country="DE", card={"vat_number": "DE136695976"}),
            "prospect": self.client("Garage Thévenin", prospect=True),
            "archived": self.client("Transports Le Goff"),
        }  # fmt: skip
        self.do(clients.archive_client, client_id=self["archived"])

    def _products(self) -> None:
        self.ids |= {
            "fitting": self.product("Pose et réglages", "48", reference="POSE", unit="HUR"),
            "oak": self.product(
                "Habillage mural, tasseaux de frêne", "96", reference="TAS-F", nature="goods", unit="MTK"
            ),
            "door": self.product("Porte coupe-feu EI 30", "742.50", reference="PCF-30", nature="goods", vat_bp=1000),
            "old": self.product("Ancien vernis", "12"),
        }
        self.do(products.archive_product, product_id=self["old"])

    def _quotes(self) -> None:
        self.ids |= {
            "quote_expired": self.quote(self["hotel"], "Terrasse", sent_on=self.days_ago(45)),
            "quote_draft": self.quote(self["hotel"], "Salon d’accueil"),
            "quote_sent": self.quote(self["person"], "Bibliothèque sur mesure", sent_on=self.days_ago(5)),
            "quote_accepted": self.quote(self["hotel"], "Chambres du 2e étage", sent_on=self.days_ago(4)),
            "quote_declined": self.quote(self["town"], "Salle des mariages", sent_on=self.days_ago(3)),
        }
        self.do(quotes.accept_quote, quote_id=self["quote_accepted"], accepted_on=self.days_ago(2), order="BC-7781")
        self.do(quotes.decline_quote, quote_id=self["quote_declined"], declined_on=self.days_ago(1), reason="Trop cher")
        self.ids["deposit"] = uuid4()
        self.do(
            quote_invoicing.invoice_deposit, quote_id=self["quote_accepted"], invoice_id=self["deposit"],
            share_bp=3000, label="Acompte de 30 %",
        )  # fmt: skip

    def _invoices(self) -> None:
        self.ids |= {
            "late": self.invoice(self["hotel"], "Réfection des vestiaires", issued_on=self.days_ago(9)),
            "paid": self.invoice(self["bakery"], "Fenêtres bois", issued_on=self.days_ago(8)),
            "partly_paid": self.invoice(self["german"], "Parquet", issued_on=self.days_ago(7)),
            "credited": self.invoice(self["person"], "Dépannage serrure", issued_on=self.days_ago(6)),
            "draft": self.invoice(self["hotel"], "Pose de deux portes"),
        }
        self.ids["payment"] = self.pay(self["bakery"], 213_120, (self["paid"], 213_120))
        self.pay(self["german"], 100_000, (self["partly_paid"], 100_000))
        self.ids["credit_note"] = uuid4()
        self.do(invoices.draft_credit_note, credit_note_id=self["credit_note"], invoice_id=self["credited"])
        self.issue(self["credit_note"], self.days_ago(5))


def open_shop(
    web_pool: Pool, job_pool: Pool, key: bytes, mode: str = "live", signer: Callable[[str], Any] = str, **facts: Any
) -> Shop:
    """A new company, still empty, whose fiscal year is the day's year; `signer` gives the key for its origin."""
    shop = Shop(Books(web_pool, MAPPER, key))
    origin = f"probant.example/{shop.id}"
    facts = {"fiscal_year": (date(shop.today.year, 1, 1), date(shop.today.year, 12, 31))} | facts
    Books(job_pool, MAPPER, key).do(
        companies.open_ledger, shop.id, uuid4(), "system", origin=origin, signer=str(signer(origin)),
        software="tests", identity=MERCIER, natural_person=False, mode=mode, configuration=Configuration(),
        **facts,
    )  # fmt: skip
    return shop
