"""A company whose every text is a canary: one word of its own that nobody of another company may ever read."""

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from msgspec.structs import replace

from domain.client import Profile
from domain.company import Configuration
from domain.content import Content, Refs
from domain.invoice import Reason
from domain.lines import Allowance, DraftLine
from domain.parties import Address, Card, Contact, ContactCard
from domain.payment import Source
from domain.product import Article
from domain.receipts import Receipt, Settlement
from domain.terms import PaymentTerms
from ledger.commands import clients, companies, debts, invoices, payments, products, quote_invoicing, quotes
from tests.web.shop import MERCIER, Shop


class Canaries:
    """Fills a shop; `ids` by the family of addresses, `word` in every text, `said` counts what was written."""

    def __init__(self, shop: Shop, word: str) -> None:
        self.shop, self.word = shop, word
        self.ids: dict[str, list[UUID]] = {
            "clients": [],
            "catalogue": [],
            "devis": [],
            "factures": [],
            "reglements": [],
        }
        self.said: list[str] = []
        self._settings()
        business, natural = self._client("business"), self._client("person")
        self._product()
        self._quotes(business)
        for client in (business, natural):
            self._money(client)

    def text(self, what: str) -> str:
        self.said.append(f"{self.word}{what}")
        return self.said[-1]

    def new(self, family: str) -> UUID:
        self.ids[family].append(uuid4())
        return self.ids[family][-1]

    def address(self) -> Address:
        return Address(
            street=self.text("rue"),
            extra=self.text("batiment"),
            postcode="35000",
            city=self.text("ville"),
            country="FR",
        )

    def _settings(self) -> None:
        identity = replace(
            MERCIER, name=self.text("societe"), legal_form=self.text("forme"), rcs_city=self.text("rcs"),
            address=self.address(), email=f"{self.word.lower()}societe@mercier.example", phone=self.text("telephone"),
        )  # fmt: skip
        self.shop.do(companies.change_identity, identity=identity, natural_person=False)
        self.shop.do(companies.configure, configuration=Configuration(discount_text=self.text("escompte")))

    def _client(self, kind: str) -> UUID:
        client_id, natural = self.new("clients"), kind == "person"
        card = Card(
            name=self.text("client"), address=self.address(), email=f"{self.word}client@exemple.fr",
            phone=self.text("tel"), siren="" if natural else "552100554",
        )  # fmt: skip
        person = ContactCard(name=self.text("contact"), role=self.text("fonction"), email=f"{self.word}@exemple.fr")
        profile_facts: dict[str, Any] = {
            "kind": kind, "natural_person": natural, "card": card, "tags": (self.text("etiquette"),),
            "delivery": Card(name=self.text("livraison"), address=self.address()),
            "contacts": (Contact(id=uuid4(), card=person),),
        }  # fmt: skip
        self.shop.do(clients.create_client, client_id=client_id, profile=Profile(**profile_facts))
        return client_id

    def _product(self) -> None:
        article = Article(label=self.text("article"), reference=self.text("reference"), unit_price=Decimal(48))
        self.shop.do(products.create_product, product_id=self.new("catalogue"), article=article)

    def content(self, client_id: UUID) -> Content:
        line = DraftLine(
            id="1", label=self.text("ligne"), nature="services", unit_price=Decimal(100), vat_bp=2000, vat_category="S",
            allowances=(Allowance(label=self.text("remise"), bp=100),),
        )  # fmt: skip
        refs = Refs(order=self.text("commande"), contract=self.text("contrat"), project=self.text("chantier"))
        return Content(
            client_id=client_id, subject=self.text("objet"), note=self.text("note"), refs=refs, lines=(line,),
            terms=PaymentTerms(days=0), charges=(Allowance(label=self.text("port"), amount_cents=500),),
            deliver_to=Card(name=self.text("depot"), address=self.address()),
        )  # fmt: skip

    def quote(self, client_id: UUID, *, sent: bool = True) -> UUID:
        quote_id = self.new("devis")
        self.shop.do(quotes.draft_quote, quote_id=quote_id, content=self.content(client_id))
        if sent:
            self.shop.do(quotes.send_quote, quote_id=quote_id, sent_on=self.shop.today, base_version=1)
        return quote_id

    def _quotes(self, client_id: UUID) -> None:
        today = self.shop.today
        self.quote(client_id, sent=False)
        accepted, declined = self.quote(client_id), self.quote(client_id)
        self.shop.do(quotes.accept_quote, quote_id=accepted, accepted_on=today, order=self.text("bon"))
        self.shop.do(quotes.decline_quote, quote_id=declined, declined_on=today, reason=self.text("refus"))
        self.shop.do(
            quote_invoicing.invoice_deposit, quote_id=accepted, invoice_id=self.new("factures"), share_bp=3000,
            label=self.text("acompte"),
        )  # fmt: skip

    def invoice(self, client_id: UUID, *, issued: bool = True) -> UUID:
        invoice_id = self.new("factures")
        self.shop.do(invoices.draft_invoice, invoice_id=invoice_id, kind="invoice", content=self.content(client_id))
        if issued:
            self.shop.issue(invoice_id, self.shop.today)
        return invoice_id

    def pay(self, client_id: UUID, cents: int, *settled: tuple[UUID, int]) -> UUID:
        payment_id = self.new("reglements")
        settlements = tuple(Settlement(invoice_id=invoice, settled_cents=amount) for invoice, amount in settled)
        receipt = Receipt(
            client_id=client_id, method="transfer", received_on=self.shop.today, amount_cents=cents,
            settlements=settlements, reference=self.text("virement"),
        )  # fmt: skip
        self.shop.do(payments.record_payment, payment_id=payment_id, receipt=receipt)
        return payment_id

    def _money(self, client_id: UUID) -> None:
        today, do = self.shop.today, self.shop.do
        self.invoice(client_id, issued=False)
        late, credited, lost = (self.invoice(client_id) for _ in range(3))
        self.pay(client_id, 1_000, (late, 1_000))
        left = self.pay(client_id, 9_000)
        given_back = self.new("reglements")
        do(
            payments.record_refund, refund_id=given_back, client_id=client_id, method="transfer", paid_on=today,
            sources=(Source(kind="payment", id=left, amount_cents=1_000),), reference=self.text("remboursement"),
        )  # fmt: skip
        moved = self.new("reglements")
        do(
            payments.allocate, allocation_id=moved, source=Source(kind="payment", id=left), client_id=client_id,
            allocated_on=today, settlements=(Settlement(invoice_id=late, settled_cents=500),),
        )  # fmt: skip
        do(payments.reverse_allocation, allocation_id=moved, reason=self.text("annulation"))
        do(debts.write_off_debt, invoice_id=lost, on=today, ground=self.text("perte"))
        note = self.new("factures")
        do(invoices.draft_credit_note, credit_note_id=note, invoice_id=credited)
        reason = Reason(code="error", text=self.text("motif"))
        self.shop.issue(note, today, reason=reason)

    def everything(self) -> list[UUID]:
        return [one for ids in self.ids.values() for one in ids]

    def some(self) -> list[UUID]:
        """The first and the last of each family."""
        return [one for ids in self.ids.values() for one in {ids[0], ids[-1]}]
