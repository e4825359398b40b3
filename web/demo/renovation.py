"""The second company: renovation works at 20, 10 and 5.5 %, progress invoices with a retention, subcontracting."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Final
from uuid import UUID

from domain.client import Profile
from domain.company import Configuration, Identity
from domain.content import Content
from domain.lines import DraftLine, Progress
from domain.parties import Address, french_vat_number
from domain.receipts import Settlement
from domain.terms import PaymentTerms
from domain.vat import exemptions_on
from web.demo.articles import service
from web.demo.cast import LOCAL, PEOPLE
from web.demo.parties import siren, siret
from web.demo.story import Story, line

IDENTITY: Final = Identity(
    name="Faivre Rénovation", legal_form="SARL", capital_cents=800_000, siren=siren(2), siret=siret(2),
    vat_number=french_vat_number(siren(2)), rcs_city="Besançon", email="chantier@faivre-renovation.exemple.fr",
    iban="FR7630006000011234567890189", bic="AGRIFRPPXXX",
    address=Address(street="5, rue des Cras", postcode="25000", city="Besançon", country="FR"),
)  # fmt: skip
CONFIGURATION: Final = Configuration(
    vat_regime="cash", terms=PaymentTerms(days=30), sector="building",
    insurer="Décennale n° 25-1184, Mutuelle du Doubs (exemple), 25000 Besançon",
    insurance_cover="France métropolitaine", mediator="Médiation Exemple, 75000 Paris",
)  # fmt: skip
WORKS: Final = (
    service("MEN-20", "Menuiserie extérieure, locaux professionnels", "310", "MTK"),
    service("PLA-10", "Plâtrerie et peinture, logement de plus de deux ans", "46", "MTK", vat_bp=1000),
    service("ISO-55", "Isolation des combles, rénovation énergétique", "38", "MTK", vat_bp=550),
)
SITUATIONS: Final = (3000, 7000, 10000)  # of the works done, cumulative, in basis points


class Renovation:
    """One site a month in three situations, small works beside, subcontracting for a larger firm."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.dice = story.dice
        self.clients: list[tuple[UUID, Profile]] = []

    def tell(self, today: date) -> None:
        for article in WORKS:
            self.story.new_product(article)
        self.clients = [(self.story.new_client(profile), profile) for profile in (*LOCAL[2:10], *PEOPLE[:4])]
        month = self.story.day.replace(day=1)
        while month <= today:
            self.story.at(month + timedelta(days=4), self._site)
            for _ in range(3):
                self.story.at(month + timedelta(days=self.dice.randrange(27)), self._small_works)
            self.story.at(month + timedelta(days=24), self._subcontracted)
            month = (month + timedelta(days=32)).replace(day=1)
        self.story.run(today)

    def _site(self) -> None:
        """Works of some ten thousand euros, billed as they advance, 5 % of each bill kept for a year."""
        client, _ = self.dice.choice(self.clients[:6])
        contract_cents = self.dice.randrange(8_000, 30_000) * 100
        before = 0
        for delay, done_bp in zip((20, 55, 90), SITUATIONS, strict=True):
            self.story.after(delay, partial(self._situation, client, contract_cents, done_bp, before))
            before = contract_cents * done_bp // 10_000

    def _situation(self, client: UUID, contract_cents: int, done_bp: int, before_cents: int) -> None:
        progress = Progress(contract_net_cents=contract_cents, done_bp=done_bp, before_cents=before_cents)
        works = DraftLine(
            id="1", label=f"Lot menuiseries, avancement {done_bp // 100} %", nature="services", vat_bp=2000,
            vat_category="S", progress=progress, unit_price=Decimal(contract_cents) / 100,
        )  # fmt: skip
        content = Content(client_id=client, lines=(works,), subject="Réhabilitation des menuiseries", retention_bp=500)
        invoice = self.story.new_draft(content, "progress")
        self.story.issue(invoice)
        due_cents = self.story.gross_cents(invoice) * 95 // 100
        self.story.after(35, lambda: self._settle(client, invoice, due_cents))

    def _small_works(self) -> None:
        client, _ = self.dice.choice(self.clients)
        lines = tuple(
            line(article, self.dice.randrange(6, 60))
            for article in self.dice.sample(WORKS[1:], self.dice.choice((1, 2)))
        )
        self._bill(client, Content(client_id=client, lines=lines, subject="Travaux d’amélioration", dwelling=True))

    def _subcontracted(self) -> None:
        """For a firm that owes the VAT itself: CGI 283, 2 nonies."""
        client, _ = self.clients[7]
        reason = next(known for known in exemptions_on(self.story.day, "AE") if known.code == "VATEX-FR-AE")
        changes = {"vat_bp": 0, "vat_category": "AE", "vat_code": reason.code, "vat_text": reason.text}
        lines = (line(WORKS[0], self.dice.randrange(8, 30), **changes),)
        self._bill(client, Content(client_id=client, lines=lines, subject="Sous-traitance, lot menuiseries"))

    def _bill(self, client: UUID, content: Content) -> None:
        invoice = self.story.new_draft(content)
        self.story.issue(invoice)
        cents = self.story.gross_cents(invoice)
        self.story.after(self.dice.choice((10, 30, 40, 70)), lambda: self._settle(client, invoice, cents))

    def _settle(self, client: UUID, invoice: UUID, cents: int) -> None:
        self.story.pay(client, cents, Settlement(invoice_id=invoice, settled_cents=cents))
