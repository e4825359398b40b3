"""Random histories of a company, through the product's own commands."""

import random
from uuid import UUID, uuid4

from domain.client import Profile
from domain.errors import DomainError
from domain.parties import Card
from ledger.commands import clients, invoices, payments, products
from ledger.commands.corrections import correct_invoice
from tests.projections.history import ADDRESS, Shop, contact


class Trade:
    """A random history. What the rules refuse is simply not done."""

    def __init__(self, shop: Shop, seed: int) -> None:
        self.shop, self.chance = shop, random.Random(seed)
        self.clients = [
            shop.client(),
            shop.client("Jeanne Ménard", kind="person", contacts=(contact(),)),
            shop.client("Cœur de Bœuf", contacts=(contact("Paul"), contact("Zoé"))),
        ]
        self.drafts: list[UUID] = []
        self.invoices: list[tuple[UUID, UUID]] = []
        self.credits: list[tuple[UUID, str, UUID]] = []
        self.payments: list[UUID] = []
        self.quotes: list[UUID] = []
        self.replacing: list[tuple[UUID, UUID]] = []
        self.allocations: list[UUID] = []

    def go_on(self, steps: int) -> None:
        for _ in range(steps):
            step = self.chance.choice(STEPS)
            try:
                step(self)
            except (DomainError, IndexError):
                self.shop.later(self.chance.randrange(3))

    def draft(self) -> None:
        self.drafts.append(self.shop.draft(self.a_client(), *self.prices()))

    def revise(self) -> None:
        client = self.a_client()
        draft = self.shop.draft(client, *self.prices())
        content = self.shop.content(client, *self.prices())
        self.shop.do(invoices.revise_invoice, invoice_id=draft, content=content, base_version=1)
        if self.chance.random() < 0.5:
            self.shop.issue(draft, 2)
            self.invoices.append((draft, client))
        else:
            self.drafts.append(draft)

    def discard(self) -> None:
        self.shop.do(invoices.discard_invoice, invoice_id=self.chance.choice(self.drafts))

    def issue(self) -> None:
        client = self.a_client()
        self.invoices.append((self.shop.invoice(client, *self.prices(), days=self.chance.choice([0, 30, 60])), client))

    def pay(self) -> None:
        invoice, client = self.chance.choice(self.invoices)
        cents = self.chance.choice([1_200, 5_000, 12_000])
        self.payments.append(self.shop.pay(client, cents + self.chance.choice([0, 0, 5000]), (invoice, cents)))
        self.credits.append((client, "payment", self.payments[-1]))

    def bounce(self) -> None:
        self.shop.bounce(self.chance.choice(self.payments))

    def credit(self) -> None:
        invoice, client = self.chance.choice(self.invoices)
        price = self.chance.choice(["", "10", "99.99"])
        self.credits.append((client, "credit_note", self.shop.credit_note(invoice, client, price)))

    def replace(self) -> None:
        """An invoice corrected; its replacement is issued at a later step: read at once with it, or apart."""
        invoice, client = self.chance.choice(self.invoices)
        credit, new = uuid4(), uuid4()
        self.shop.do(correct_invoice, invoice_id=invoice, credit_note_id=credit, replacing_id=new)
        self.replacing.append((new, client))

    def issue_replacing(self) -> None:
        new, client = self.replacing.pop()
        self.shop.issue(new)
        self.invoices.append((new, client))

    def refund(self) -> None:
        self.shop.refund(*self.chance.choice(self.credits), self.chance.randrange(1, 3000))

    def allocate(self) -> None:
        invoice, owner = self.chance.choice(self.invoices)
        client, kind, source = self.chance.choice([credit for credit in self.credits if credit[0] == owner])
        self.allocations.append(self.shop.allocate(client, kind, source, invoice, self.chance.randrange(1, 3000)))

    def take_back(self) -> None:
        new = self.chance.choice(self.allocations)
        self.shop.do(payments.reverse_allocation, allocation_id=new, reason="Erreur")

    def write_off(self) -> None:
        self.shop.write_off(self.chance.choice(self.invoices)[0])

    def quote(self) -> None:
        self.quotes.append(self.shop.quote(self.a_client(), *self.prices()))

    def answer(self) -> None:
        quote = self.chance.choice(self.quotes)
        self.chance.choice([self.shop.send, self.shop.accept, self.shop.invoice_of])(quote)

    def change_client(self) -> None:
        profile = Profile(
            kind="business", card=Card(name="Le Parc", siren="732829320", address=ADDRESS), contacts=(contact("Luc"),)
        )
        self.shop.do(clients.change_client, client_id=self.clients[0], profile=profile, base_version=1)

    def catalogue(self) -> None:
        new = self.shop.product()
        self.shop.do(products.archive_product, product_id=new)

    def wait(self) -> None:
        self.shop.later(self.chance.randrange(20))

    def a_client(self) -> UUID:
        return self.chance.choice(self.clients)

    def prices(self) -> list[str]:
        return [f"{self.chance.randrange(1, 40_000) / 100:.2f}" for _ in range(self.chance.randrange(1, 4))]


STEPS = (
    Trade.draft, Trade.revise, Trade.discard, Trade.issue, Trade.issue, Trade.pay, Trade.pay, Trade.pay,
    Trade.bounce, Trade.credit, Trade.replace, Trade.issue_replacing, Trade.refund, Trade.allocate, Trade.allocate,
    Trade.take_back, Trade.write_off, Trade.quote, Trade.quote, Trade.answer, Trade.answer, Trade.answer,
    Trade.change_client, Trade.catalogue, Trade.wait,
)  # fmt: skip
