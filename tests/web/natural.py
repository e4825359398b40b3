"""A company that deals with natural persons only, one word of each in every text: what the ledger may not show."""

from uuid import UUID, uuid4

import psycopg
from msgspec.structs import replace
from psycopg.types.json import Jsonb

from domain.client import Profile
from domain.content import Content
from domain.parties import Address, Card, Contact, ContactCard
from domain.recurring import Plan
from domain.schedule import Schedule
from ledger.commands import (
    clients,
    companies,
    debts,
    invoices,
    payments,
    quote_invoicing,
    quotes,
    recurring,
    reminders,
)
from ledger.commands.sendings import Mail, mail_invoice, record_sent
from tests.web.canaries import Canaries
from tests.web.shop import MERCIER, Shop
from web.jobs.workshop import Workshop
from web.rendering import render_document


class Natural(Canaries):
    """`client`: a person with a contact, and documents of every kind; all that is written of them holds `word`."""

    def __init__(self, shop: Shop, word: str, workshop: Workshop) -> None:
        self.shop, self.word, self.workshop = shop, word, workshop
        self.ids: dict[str, list[UUID]] = {"clients": [], "devis": [], "factures": [], "reglements": []}
        self.said: list[str] = []
        self.contact = uuid4()
        self.client = self._person()
        self._quotes(self.client)
        self._sign(self.client)
        self._money(self.client)
        self._debts(self.client)
        self._correct(self.client)
        self._again(self.client)
        self._works(self.client)

    def _person(self) -> UUID:
        client_id = self.new("clients")
        card = Card(
            name=self.text("client"), address=self.address(), email=f"{self.word}client@exemple.fr",
            phone=self.text("tel"), siren="404833048",
        )  # fmt: skip
        person = ContactCard(name=self.text("contact"), role=self.text("fonction"), email=f"{self.word}@exemple.fr")
        profile = Profile(
            kind="business", natural_person=True, card=card, contacts=(Contact(id=self.contact, card=person),),
            delivery=Card(name=self.text("livraison"), address=self.address()),
        )  # fmt: skip
        self.shop.do(clients.create_client, client_id=client_id, profile=profile)
        changed = replace(profile, card=replace(card, name=self.text("epoux")))
        self.shop.do(clients.change_client, client_id=client_id, profile=changed, base_version=1)
        return client_id

    def _sign(self, client_id: UUID) -> None:
        quote_id = self.quote(client_id)
        self.render(quote_id)
        rendered = self.sha256(quote_id)
        self.shop.do(
            quotes.sign_quote, quote_id=quote_id, revision=1, sha256=rendered, signer=self.text("signataire"),
            address_hash="0" * 64, drawing=self.text("trait"), order=self.text("ordre"),
        )  # fmt: skip
        declined = self.quote(client_id)
        self.shop.do(quotes.turn_down_quote, quote_id=declined, revision=1, reason=self.text("refusclient"))
        self.shop.do(
            quote_invoicing.invoice_quote, quote_id=quote_id, invoice_id=self.new("factures"), deduction_label="Acompte"
        )

    def _debts(self, client_id: UUID) -> None:
        doubted, lost = self.invoice(client_id), self.invoice(client_id)
        today = self.shop.today
        self.shop.do(debts.doubt_debt, invoice_id=doubted, on=today, ground=self.text("doute"))
        self.shop.do(debts.write_off_debt, invoice_id=lost, on=today, ground=self.text("liquidation"))
        self.shop.do(
            debts.recover_debt, invoice_id=lost, on=today, ground=self.text("rentree"), amount_cents=500, account="512"
        )
        bounced = self.pay(client_id, 700, (doubted, 700))
        self.shop.do(payments.reverse_payment, payment_id=bounced, cause="bounced", reversed_on=today)

    def _correct(self, client_id: UUID) -> None:
        draft = self.invoice(client_id, issued=False)
        self.shop.do(invoices.revise_invoice, invoice_id=draft, content=self.content(client_id), base_version=1)

    def _again(self, client_id: UUID) -> None:
        recurring_id, late = uuid4(), self.invoice(client_id)
        plan = Plan(content=self.content(client_id), schedule=Schedule(first_on=self.shop.today))
        self.shop.do(recurring.define_recurring, recurring_id=recurring_id, plan=plan)
        self.shop.do(
            recurring.draft_due, recurring_id=recurring_id, due_on=self.shop.today, invoice_id=self.new("factures")
        )
        for note in ("pause", "dispute"):
            self.shop.do(reminders.suspend, invoice_id=late, cause="dispute", note=self.text(note))

    def content(self, client_id: UUID) -> Content:
        """Of two rates: what is charged on the whole is shared, and its label stands in each share."""
        content = super().content(client_id)
        more = replace(content.lines[0], id="2", label=self.text("autre"), vat_bp=1000)
        return replace(content, lines=(*content.lines, more))

    def _works(self, client_id: UUID) -> None:
        quote_id = self.new("devis")
        self.shop.do(quotes.draft_quote, quote_id=quote_id, content=replace(self.content(client_id), charges=()))
        self.shop.do(quotes.send_quote, quote_id=quote_id, sent_on=self.shop.today, base_version=1)
        self.shop.do(quotes.accept_quote, quote_id=quote_id, accepted_on=self.shop.today, order=self.text("marche"))
        situation = self.new("factures")
        self.shop.do(
            quote_invoicing.invoice_progress, quote_id=quote_id, invoice_id=situation, done_bp=(("1", 5000),),
            retention_bp=0, deduction_label="Acompte",
        )  # fmt: skip
        self.shop.issue(situation, self.shop.today)

    def beside(self, what: str) -> str:
        """A word that stands beside the ledger, never in its vault."""
        return f"{self.word}{what}"

    def render(self, document_id: UUID) -> None:
        render_document(self.workshop, company_id=str(self.shop.id), document_id=str(document_id))

    def sha256(self, document_id: UUID) -> str:
        with self.workshop.read(self.shop.id) as tx:
            found = tx.value("SELECT sha256 FROM read.files WHERE company_id = %(company)s AND document_id = %(id)s",
                             id=document_id)  # fmt: skip
        return str(found)

    def sent(self) -> UUID:
        """An invoice whose file was made, mailed to the contact: taken by a server."""
        invoice_id, sending_id = self.invoice(self.client), uuid4()
        self.render(invoice_id)
        self.mail(invoice_id, sending_id)
        self.workshop.do(
            record_sent, self.shop.id, uuid4(), sending_id=sending_id, document_id=invoice_id, revision=1,
            message_id=f"<{sending_id}@probant.example>", subjects=(self.contact,),
            addresses=(f"{self.word}@exemple.fr",), refusals=((self.beside("refuse"), self.beside("serveur")),),
        )  # fmt: skip
        return invoice_id

    def mail(self, invoice_id: UUID, sending_id: UUID) -> None:
        mail = Mail(to=(self.contact,), subject=self.beside("message"), body=self.beside("corps"), attached=False)
        self.shop.do(mail_invoice, sending_id=sending_id, invoice_id=invoice_id, mail=mail)

    def type_in(self, conn: psycopg.Connection, user_id: UUID) -> None:
        """Keystrokes that were not saved: of a document of the person, and of a new one that names her."""
        for document_id, content in (
            (self.ids["factures"][0], {"note": self.beside("frappe")}),
            (uuid4(), {"client_id": str(self.client), "note": self.beside("neuf")}),
        ):
            conn.execute(
                "INSERT INTO scratch.drafts (company_id, document_id, user_id, content, base_version)"
                " VALUES (%s, %s, %s, %s, 0)",
                (self.shop.id, document_id, user_id, Jsonb(content)),
            )
        self._file(conn, user_id)

    def _file(self, conn: psycopg.Connection, user_id: UUID) -> None:
        """A file of clients: a line that told of her, one that was found to be her."""
        file_id = uuid4()
        conn.execute(
            "INSERT INTO scratch.import (company_id, id, user_id, kind, file_name, columns, fields, lines)"
            " VALUES (%s, %s, %s, 'clients', 'clients.csv', '{Nom}', '{name}', 2)", (self.shop.id, file_id, user_id),
        )  # fmt: skip
        for line, cell, told in ((2, f"{self.word}epoux", ""), (3, "Autre", f"Existe déjà : {self.word}epoux.")):
            conn.execute(
                "INSERT INTO scratch.import_line (company_id, import_id, line, cells, told)"
                " VALUES (%s, %s, %s, %s, %s)",
                (self.shop.id, file_id, line, [cell], told),
            )


def as_sole_trader(shop: Shop, word: str) -> None:
    """The company itself becomes a natural person, its every text a canary."""
    identity = replace(
        MERCIER, name=f"{word}vendeur", legal_form="EI", capital_cents=0, rcs_city="",
        address=Address(street=f"{word}rue", postcode="35000", city=f"{word}ville", country="FR"),
        email=f"{word}vendeur@exemple.fr", phone=f"{word}tel",
    )  # fmt: skip
    shop.do(companies.change_identity, identity=identity, natural_person=True)
