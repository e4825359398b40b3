"""A company that trades through the product's own commands, on a day that a test may move."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from domain.client import Profile
from domain.company import Configuration, Identity
from domain.content import Content
from domain.lines import DraftLine
from domain.parties import Address, Card, Contact, ContactCard, Text
from domain.payment import Source
from domain.product import Article
from domain.receipts import Receipt, Settlement
from domain.registry import AGGREGATES
from domain.terms import PaymentTerms
from ledger.books import Books
from ledger.codec import EventMapper
from ledger.commands import clients, companies, debts, invoices, payments, products, quote_invoicing, quotes
from ledger.postgres import Pool

USER = "user:8f0c2d4e-1111-4222-8333-944455556666"
ADDRESS = Address(street="2 rue des Lices", postcode="35000", city="Rennes")


class Shop:
    def __init__(self, web_pool: Pool, job_pool: Pool, name: str = "Reliures Mercier", **configuration: Any) -> None:
        self.company, self.day, self.actor = uuid4(), date(2026, 3, 2), USER
        self.books = Books(web_pool, EventMapper(*AGGREGATES), b"k" * 32)
        job = Books(job_pool, EventMapper(*AGGREGATES), b"k" * 32, self.day)
        job.do(
            companies.open_ledger, self.company, uuid4(), "system",
            origin=f"probant.example/{self.company}", signer="probant.example+00000000+AA==", software="Probant 0.1.0",
            identity=Identity(
                name=name, legal_form="Association", siren="732829320", vat_number="FR44732829320", address=ADDRESS
            ),
            natural_person=False, mode="training", configuration=Configuration(**configuration),
            fiscal_year=(date(2026, 1, 1), date(2026, 12, 31)),
        )  # fmt: skip

    def do(self, use_case: Any, **request: Any) -> Any:
        return self.books.on(self.day).do(use_case, self.company, uuid4(), self.actor, **request)

    def later(self, days: int) -> None:
        self.day += timedelta(days=days)

    def client(self, name: str = "Hôtel du Parc", contacts: tuple[Contact, ...] = (), **facts: Any) -> UUID:
        new, person = uuid4(), facts.get("kind") == "person"
        card = Card(name=name, address=ADDRESS, email="compta@example.org", siren="" if person else "732829320")
        profile = Profile(**{"kind": "business", "card": card, "natural_person": person, "contacts": contacts} | facts)
        self.do(clients.create_client, client_id=new, profile=profile)
        return new

    def line(self, id: str, price: Decimal) -> DraftLine:
        """One piece of work; a negative price is one given back."""
        quantity = Decimal(1).copy_sign(price)
        return DraftLine(
            id=id,
            label="Reliure",
            nature="services",
            quantity=quantity,
            unit_price=abs(price),
            vat_bp=2000,
            vat_category="S",
        )

    def content(self, client_id: UUID, *prices: str, subject: Text = "Registres", **facts: Any) -> Content:
        lines = tuple(self.line(f"{rank}", Decimal(price)) for rank, price in enumerate(prices, 1))
        return Content(client_id=client_id, subject=subject, lines=lines, **facts)

    def draft(self, client_id: UUID, *prices: str, kind: str = "invoice", **facts: Any) -> UUID:
        new = uuid4()
        self.do(invoices.draft_invoice, invoice_id=new, kind=kind, content=self.content(client_id, *prices, **facts))
        return new

    def issue(self, invoice_id: UUID, base_version: int = 1) -> str:
        number: str = self.do(
            invoices.issue_invoice, invoice_id=invoice_id, issued_on=self.day, base_version=base_version
        )
        return number

    def invoice(self, client_id: UUID, *prices: str, days: int = 30, **facts: Any) -> UUID:
        """An invoice issued today, due in `days`."""
        new = self.draft(client_id, *prices, terms=PaymentTerms(days=days), **facts)
        self.issue(new)
        return new

    def credit_note(self, invoice_id: UUID, client_id: UUID, price: str = "") -> UUID:
        """A credit note of the whole invoice, or of one line of `price`."""
        new, version = uuid4(), 1
        self.do(invoices.draft_credit_note, credit_note_id=new, invoice_id=invoice_id)
        if price:
            self.do(
                invoices.revise_invoice, invoice_id=new, content=self.content(client_id, f"-{price}"), base_version=1
            )
            version = 2
        self.issue(new, version)
        return new

    def pay(
        self, client_id: UUID, amount_cents: int, *settlements: tuple[UUID, int], reference: str = "VIR 1",
        on: date | None = None,
    ) -> UUID:  # fmt: skip
        """Received today, or recorded today and received on that day."""
        new = uuid4()
        receipt = Receipt(
            client_id=client_id,
            method="transfer",
            received_on=on or self.day,
            amount_cents=amount_cents,
            reference=reference,
            settlements=tuple(Settlement(invoice_id=invoice, settled_cents=cents) for invoice, cents in settlements),
        )
        self.do(payments.record_payment, payment_id=new, receipt=receipt)
        return new

    def bounce(self, payment_id: UUID) -> None:
        self.do(payments.reverse_payment, payment_id=payment_id, cause="bounced", reversed_on=self.day)

    def refund(self, client_id: UUID, kind: str, source_id: UUID, cents: int) -> UUID:
        new, sources = uuid4(), (Source(kind=kind, id=source_id, amount_cents=cents),)
        self.do(
            payments.record_refund,
            refund_id=new,
            client_id=client_id,
            method="transfer",
            paid_on=self.day,
            sources=sources,
        )
        return new

    def allocate(self, client_id: UUID, kind: str, source_id: UUID, invoice_id: UUID, cents: int) -> UUID:
        new = uuid4()
        self.do(
            payments.allocate, allocation_id=new, source=Source(kind=kind, id=source_id), client_id=client_id,
            allocated_on=self.day, settlements=(Settlement(invoice_id=invoice_id, settled_cents=cents),),
        )  # fmt: skip
        return new

    def write_off(self, invoice_id: UUID) -> None:
        self.do(debts.write_off_debt, invoice_id=invoice_id, on=self.day, ground="Liquidation judiciaire")

    def product(self, label: str = "Registre toilé") -> UUID:
        new = uuid4()
        self.do(products.create_product, product_id=new, article=Article(label=label, unit_price=Decimal("48.5")))
        return new

    def quote(self, client_id: UUID, *prices: str) -> UUID:
        new = uuid4()
        self.do(quotes.draft_quote, quote_id=new, content=self.content(client_id, *prices))
        return new

    def send(self, quote_id: UUID) -> None:
        self.do(quotes.send_quote, quote_id=quote_id, sent_on=self.day, base_version=1)

    def accept(self, quote_id: UUID) -> None:
        self.do(quotes.accept_quote, quote_id=quote_id, accepted_on=self.day)

    def invoice_of(self, quote_id: UUID) -> UUID:
        new = uuid4()
        self.do(quote_invoicing.invoice_quote, quote_id=quote_id, invoice_id=new, deduction_label="Acompte {number}")
        return new


def contact(name: str = "Anne Lebrun") -> Contact:
    return Contact(id=uuid4(), card=ContactCard(name=name, email="anne@example.org", role="Direction"))
