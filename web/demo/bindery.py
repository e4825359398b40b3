"""The first company: a bindery that publishes too. Books at 5.5 %, objects at 20 %, design as a service on cash.

About 430 000 € net a year in 28 documents a month, a dip in August, 3 % of credit notes, one bounced cheque, one debt
lost, two early-payment discounts, eight subscriptions.
"""

from datetime import date, timedelta
from functools import partial
from typing import Final
from uuid import UUID, uuid4

from msgspec.structs import replace

from domain.client import Profile
from domain.content import Content
from domain.invoice import Reason
from domain.lines import Allowance, DraftLine
from domain.money import portion
from domain.product import Article
from domain.receipts import Settlement
from domain.recurring import Plan
from domain.schedule import Schedule
from ledger.commands import debts, invoices, payments, quote_invoicing, quotes, recurring
from web.demo.bindery_catalogue import BOOKS, OBJECTS, REGULARS, SERVICES, SUBSCRIPTION
from web.demo.cast import FOREIGN, LOCAL, PEOPLE
from web.demo.story import Story, line
from web.demo.vat import on_one_invoice, vat_of

SEASON: Final = {1: 25, 2: 25, 3: 29, 4: 28, 5: 26, 6: 30, 7: 24, 8: 9, 9: 31, 10: 33, 11: 34, 12: 36}


class Bindery:
    """The story and what it has to remember: clients with their profiles."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.dice = story.dice
        self.clients: list[tuple[UUID, Profile]] = []
        self.today = date.max
        self.rare = ["loss", "bounce", "discount", "discount"]  # what happens, the last first

    def tell(self, today: date) -> None:
        self.today = today
        for article in (*BOOKS, *OBJECTS, *SERVICES, SUBSCRIPTION):
            self.story.new_product(article)
        regulars = (replace(profile, tags=("abonné",)) for profile in LOCAL[:REGULARS])
        cast = (*regulars, *LOCAL[REGULARS:], *PEOPLE, *FOREIGN)
        self.clients = [(self.story.new_client(profile), profile) for profile in cast]
        month = self.story.day.replace(day=1)
        while month <= today:
            self._plan(month)
            month = (month + timedelta(days=32)).replace(day=1)
        self.story.run(today)
        self._leave_work_on_the_desk()

    def _plan(self, month: date) -> None:
        for client, profile in self.clients[:REGULARS]:
            self.story.at(month, partial(self._subscribe, client, profile))
        for _ in range(SEASON[month.month] - REGULARS):
            day = month + timedelta(days=self.dice.randrange(28))
            self.story.at(day, self._quoted if self.dice.random() < 0.3 else self._sold)

    def _subscribe(self, client: UUID, profile: Profile) -> None:
        content = Content(client_id=client, subject="Entretien mensuel", lines=(line(SUBSCRIPTION),))
        self._bill(client, profile, content)

    def _sold(self) -> None:
        client, profile = self.dice.choice(self.clients)
        self._bill(client, profile, self._content(client, profile))

    def _quoted(self) -> None:
        """A quote; most are accepted after some days, the larger ones with a deposit."""
        client, profile = self.dice.choice(self.clients)
        content = self._content(client, profile, larger=True)
        quote = self.story.new_quote(content)
        luck = self.dice.random()
        if luck < 0.75:
            self.story.after(self.dice.randrange(3, 15), lambda: self._accepted(quote, client, profile))
        elif luck < 0.9:
            self.story.after(9, lambda: self.story.do(quotes.decline_quote, quote_id=quote, declined_on=self.story.day))

    def _accepted(self, quote: UUID, client: UUID, profile: Profile) -> None:
        self.story.do(
            quotes.accept_quote, quote_id=quote, accepted_on=self.story.day, order=f"BC-{self.dice.randrange(10**4)}"
        )
        if self.dice.random() < 0.4:
            deposit = uuid4()
            self.story.do(
                quote_invoicing.invoice_deposit, quote_id=quote, invoice_id=deposit, share_bp=3000,
                label="Acompte de 30 % à la commande",
            )  # fmt: skip
            self._issue(deposit, client, profile)
        self.story.after(self.dice.randrange(14, 40), lambda: self._delivered(quote, client, profile))

    def _delivered(self, quote: UUID, client: UUID, profile: Profile) -> None:
        invoice = uuid4()
        label = "Déduction de l’acompte {number}"
        self.story.do(quote_invoicing.invoice_quote, quote_id=quote, invoice_id=invoice, deduction_label=label)
        self._issue(invoice, client, profile)

    def _bill(self, client: UUID, profile: Profile, content: Content) -> None:
        self._issue(self.story.new_draft(content), client, profile)

    def _issue(self, invoice: UUID, client: UUID, profile: Profile) -> None:
        number = self.story.issue(invoice)
        gross_cents = self.story.gross_cents(invoice)
        if self.dice.random() < 0.03:
            self.story.after(self.dice.randrange(2, 9), lambda: self._credit(invoice))
            return
        if self.dice.random() < 0.06 and self.story.day > self.today - timedelta(days=150):
            return  # not paid yet, and late by now
        wait = 0 if profile.kind == "person" else self.dice.choice((5, 20, 28, 31, 33, 38, 45, 60, 75))
        self.story.after(wait, lambda: self._paid(invoice, client, number, gross_cents))

    def _paid(self, invoice: UUID, client: UUID, number: str, gross_cents: int) -> None:
        if gross_cents <= 0:
            return
        age_days = (self.story.day - self.story.first_day).days
        if self.rare and gross_cents > 50_000 and age_days > 100 * (5 - len(self.rare)):
            self._rare(self.rare.pop(), invoice, client, gross_cents)
        elif self.dice.random() < 0.1:
            first = gross_cents // 2
            self._settle(client, invoice, first, reference=f"Acompte sur {number}")
            self.story.after(21, lambda: self._settle(client, invoice, gross_cents - first, reference=number))
        else:
            self._settle(client, invoice, gross_cents, method=self._method(gross_cents), reference=number)

    def _rare(self, event: str, invoice: UUID, client: UUID, gross_cents: int) -> None:
        """A discount for early payment, a cheque that bounces, a debt that is lost."""
        if event == "discount":
            less = portion(gross_cents, 200)
            settlement = Settlement(invoice_id=invoice, settled_cents=gross_cents, adjustments=(("discount", less),))
            self.story.pay(client, gross_cents - less, settlement, reference="Escompte de 2 % déduit")
        elif event == "bounce":
            cheque = self._settle(client, invoice, gross_cents, method="cheque", reference="Chèque 0004417")
            self.story.after(6, lambda: self._bounced(cheque, invoice, client, gross_cents))
        else:
            self.story.after(60, lambda: self._lost(invoice))

    def _settle(self, client: UUID, invoice: UUID, cents: int, **facts: str) -> UUID:
        return self.story.pay(client, cents, Settlement(invoice_id=invoice, settled_cents=cents), **facts)

    def _bounced(self, cheque: UUID, invoice: UUID, client: UUID, gross_cents: int) -> None:
        self.story.do(payments.reverse_payment, payment_id=cheque, cause="bounced", reversed_on=self.story.day)
        self.story.after(20, lambda: self._settle(client, invoice, gross_cents, reference="Régularisation"))

    def _lost(self, invoice: UUID) -> None:
        self.story.do(
            debts.write_off_debt,
            invoice_id=invoice,
            on=self.story.day,
            ground="Liquidation judiciaire, certificat reçu",
        )

    def _credit(self, invoice: UUID) -> None:
        credit_note = uuid4()
        self.story.do(invoices.draft_credit_note, credit_note_id=credit_note, invoice_id=invoice)
        reason = Reason(code=self.dice.choice(("return", "error")), text="")
        self.story.do(
            invoices.issue_invoice, invoice_id=credit_note, issued_on=self.story.day, base_version=1, reason=reason
        )

    def _method(self, gross_cents: int) -> str:
        if gross_cents < 30_000 and self.dice.random() < 0.2:
            return self.dice.choice(("card", "cheque"))
        return "transfer"

    def _content(self, client: UUID, profile: Profile, *, larger: bool = False) -> Content:
        wanted = self.dice.sample(
            (*BOOKS, *OBJECTS, *SERVICES), self.dice.randrange(2, 5) if larger else self.dice.choice((1, 1, 2, 3))
        )
        lines = on_one_invoice([self._line(article, profile, larger) for article in wanted])
        allowances = (Allowance(label="Remise fidélité", bp=500),) if self.dice.random() < 0.08 else ()
        subject = self.dice.choice(
            ("Commande", "Fonds de la maison", "Catalogue d’exposition", "Série de coffrets", "Cadeaux de fin d’année")
        )
        return Content(
            client_id=client, lines=lines, subject=subject, allowances=allowances, delivered_on=self.story.day
        )

    def _line(self, article: Article, profile: Profile, larger: bool) -> DraftLine:
        most = 18 if article.nature == "goods" else 11
        quantity = self.dice.randrange(2, most * (2 if larger else 1))
        return line(article, quantity, **vat_of(article, profile, self.story.day))

    def _leave_work_on_the_desk(self) -> None:
        """What a person finds in the morning: three drafts, a quote to be sent, subscriptions that go on alone."""
        for client, profile in self.clients[2:5]:
            self.story.new_draft(self._content(client, profile))
        for client, _ in self.clients[:REGULARS]:
            self._repeat(client)
        client, profile = self.clients[0]
        self.story.do(quotes.draft_quote, quote_id=uuid4(), content=self._content(client, profile, larger=True))

    def _repeat(self, client: UUID) -> None:
        """The subscription, by itself from next month on."""
        content = Content(client_id=client, subject="Entretien mensuel", lines=(line(SUBSCRIPTION),))
        next_month = (self.today.replace(day=1) + timedelta(days=32)).replace(day=1)
        plan = Plan(
            content=content, schedule=Schedule(first_on=next_month), issue=True, period="ahead", indexation_bp=200
        )  # fmt: skip
        self.story.do(recurring.define_recurring, recurring_id=uuid4(), plan=plan)
