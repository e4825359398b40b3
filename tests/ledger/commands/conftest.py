"""A company with three clients, kept on days of 2026, through the same commands as a person."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.client import Profile
from domain.company import Configuration, Identity
from domain.content import Content
from domain.lines import DraftLine
from domain.parties import Address, Card
from domain.receipts import Receipt, Settlement
from domain.registry import AGGREGATES
from ledger.books import Books
from ledger.codec import EventMapper
from ledger.commands import clients, companies, invoices, payments

BESANCON = Address(street="12, rue des Filigranes", postcode="25000", city="Besançon", country="FR")
IDENTITY = Identity(
    name="Ateliers Probant SAS",
    legal_form="SAS",
    capital_cents=1_000_000,
    rcs_city="Besançon",
    siren="732829320",
    siret="73282932000074",
    vat_number="FR44732829320",
    address=BESANCON,
    iban="FR7630006000011234567890189",
)


def line(
    price: str = "100", vat_bp: int = 2000, nature: str = "services", quantity: str = "1", **more: Any
) -> DraftLine:
    facts = {"id": "1", "label": "Conseil", "vat_category": "S"} | more
    return DraftLine(nature=nature, quantity=Decimal(quantity), unit_price=Decimal(price), vat_bp=vat_bp, **facts)


@dataclass
class Shop:
    """`do` runs a use case as a person, on `day`; the helpers below give back ids."""

    books: Books
    events: Callable[[UUID], list[Any]]
    id: UUID = field(default_factory=uuid4)
    user: str = field(default_factory=lambda: f"user:{uuid4()}")
    day: date = date(2026, 3, 2)

    def do(self, use_case: Callable[..., Any], **request: Any) -> Any:
        return self.books.on(self.day).do(use_case, self.id, uuid4(), self.user, **request)

    def client(self, kind: str = "business", **facts: Any) -> UUID:
        client_id = uuid4()
        card = {"name": "Hôtel du Parc", "address": BESANCON, "siren": "552100554"} | facts.pop("card", {})
        self.do(clients.create_client, client_id=client_id, profile=Profile(kind=kind, card=Card(**card), **facts))
        return client_id

    def invoice(self, client_id: UUID, *lines: DraftLine, kind: str = "invoice", **content: Any) -> UUID:
        invoice_id = uuid4()
        whole = Content(client_id=client_id, lines=lines or (line(),), **content)
        self.do(invoices.draft_invoice, invoice_id=invoice_id, kind=kind, content=whole)
        return invoice_id

    def issue(self, invoice_id: UUID, **request: Any) -> str:
        request = {"issued_on": self.day, "base_version": 1} | request
        return self.do(invoices.issue_invoice, invoice_id=invoice_id, **request)

    def issued(self, client_id: UUID, *lines: DraftLine, **content: Any) -> UUID:
        invoice_id = self.invoice(client_id, *lines, **content)
        self.issue(invoice_id)
        return invoice_id

    def pay(self, client_id: UUID, amount_cents: int, *settled: tuple[UUID, int], **facts: Any) -> UUID:
        payment_id = uuid4()
        settlements = tuple(Settlement(invoice_id=invoice_id, settled_cents=cents) for invoice_id, cents in settled)
        facts = {"method": "transfer", "received_on": self.day, "settlements": settlements} | facts
        receipt = Receipt(client_id=client_id, amount_cents=amount_cents, **facts)
        self.do(payments.record_payment, payment_id=payment_id, receipt=receipt)
        return payment_id


@pytest.fixture
def shop(settings, web_pool, job_pool, connect) -> Shop:
    mapper, key = EventMapper(*AGGREGATES), settings.secret("commands")

    def events(company_id: UUID) -> list[Any]:
        rows = connect("probant_audit", company_id).execute("SELECT line FROM ledger.entry ORDER BY pos")
        return [mapper.decode(raw) for (raw,) in rows]

    shop = Shop(Books(web_pool, mapper, key), events)
    Books(job_pool, mapper, key).do(
        companies.open_ledger, shop.id, uuid4(), "system", origin=f"tests/{shop.id}", signer="key", software="tests",
        identity=IDENTITY, natural_person=False, mode="training", configuration=Configuration(),
        fiscal_year=(date(2026, 1, 1), date(2026, 12, 31)),
    )  # fmt: skip
    return shop
