"""Invoices of every kind, issued by the real domain."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from documents.facturx import xml
from domain import vat
from domain.account import receivable
from domain.client import Client, Profile
from domain.company import Company, Configuration, Identity
from domain.content import Content, Kind, Refs
from domain.corrections import correcting_content
from domain.deducting import deductions
from domain.invoice import Invoice, Paid, Reason
from domain.issuing import Issue, Original, Ticket, facts
from domain.lines import Allowance, Deducts, DraftLine, Period, Progress, VatShare
from domain.parties import Address, Card
from domain.snapshot import buyer_of, seller_of

DAY = date(2026, 11, 24)
OCTOBER = Period(start_on=date(2026, 10, 1), end_on=date(2026, 10, 31))
IDENTITY = Identity(
    name="Atelier Mercier",
    legal_form="SARL",
    capital_cents=800_000,
    siren="732829320",
    siret="73282932000074",
    vat_number="FR44732829320",
    rcs_city="Rennes",
    address=Address(street="12 rue des Filigranes", postcode="35000", city="Rennes", country="FR"),
    email="bonjour@atelier-mercier.example",
    phone="02 99 00 00 00",
    iban="FR7630006000011234567890189",
    bic="AGRIFRPP",
)
GROUP = Card(
    name="Groupe Mercier",
    vat_number="FR86901234526",
    address=Address(street="1 place de la Gare", postcode="35200", city="Rennes", country="FR"),
)
MEMBER = msgspec.structs.replace(IDENTITY, member_of=GROUP)
HOTEL = Card(
    name="Hôtel du Parc",
    siren="552100554",
    siret="55210055400013",
    vat_number="FR40552100554",
    address=Address(street="3 place de l’Hôtel-de-Ville\nBâtiment B", postcode="45000", city="Orléans", country="FR"),
)
KSIEGARNIA = Card(
    name="Księgarnia",
    vat_number="PL5261040828",
    address=Address(street="ul. Żwirki 8", postcode="90-450", city="Łódź", country="PL"),
)
BOOKSHOP = Card(
    name="Rue & Co <Books>",
    email="books@rue.example",
    address=Address(street="1 Main Street", postcode="10001", city="New York", country="US"),
)
LEGALL = Card(
    name="Anne Le Gall",
    email="anne@legall.example",
    address=Address(street="2 rue du Port", postcode="29200", city="Brest", country="FR"),
)

BUSINESS = Profile(kind="business", card=HOTEL)
TOWN = Profile(kind="public", taxable=False, card=HOTEL)
UNION = Profile(kind="business", card=KSIEGARNIA, country="PL")
OVERSEAS = Profile(kind="business", card=BOOKSHOP, country="US")
PERSON = Profile(kind="person", taxable=False, natural_person=True, card=LEGALL)
NO_MAIL = msgspec.structs.replace(PERSON, card=msgspec.structs.replace(LEGALL, email=""))
TRADER = Profile(kind="business", natural_person=True, card=msgspec.structs.replace(LEGALL, siren="552100554"))
CLUB = Profile(kind="association", taxable=False, card=msgspec.structs.replace(LEGALL, name="Les Amis du livre"))
FOREIGNER = Profile(
    kind="person", taxable=False, natural_person=True, country="US", card=msgspec.structs.replace(BOOKSHOP, name="Kim")
)


class Books:
    """A company and a client, and what was sealed in their documents."""

    def __init__(
        self,
        profile: Profile = BUSINESS,
        identity: Identity = IDENTITY,
        *,
        natural_person: bool = False,
        **settings: Any,
    ) -> None:
        self.identity = identity
        self.company = Company.open(
            UUID(int=1), origin="o", signer="s", software="probant", company=identity, mode="live",
            natural_person=natural_person,
        )  # fmt: skip
        self.company.configure(Configuration(**settings), DAY)
        self.client = Client.create(UUID(int=2), "C000001", profile)
        self.vault: dict[str, object] = {}

    def seal(self, value: object) -> str:
        digest = f"{len(self.vault):064x}"
        self.vault[digest] = msgspec.to_builtins(value)
        return digest

    def issue(
        self, kind: Kind, content: Content, number: str = "F2026-0001", original: Original | None = None, **changed: Any
    ) -> Invoice:
        """`changed` = facts that the domain does not decide yet, put over its own."""
        more = {name: changed.pop(name) for name in ("reason", "deliver_to", "paid") if name in changed}
        identity, card = self.identity, self.client.profile.card
        if self.company.natural_person:
            identity = Identity(sealed=self.seal(identity))
        if self.client.profile.natural_person:
            card = Card(sealed=self.seal(card))
        corrected = original.document.originator_id if original else None
        invoice = Invoice.draft(UUID(int=sum(number.encode())), kind, content, credits=corrected)
        decided = facts(
            Issue(
                kind=kind, printed=content, company=self.company, client=self.client,
                ticket=Ticket("F2026", 1, number, date.min), issued_on=DAY, day=DAY,
                seller=seller_of(self.company, identity), buyer=buyer_of(self.client, card), software="probant",
                iban=self.identity.iban, bic=self.identity.bic, original=original, **more,
            )
        )  # fmt: skip
        invoice.issue(decided | changed)
        return invoice

    def correct(self, invoice: Invoice, content: Content | None = None, **more: Any) -> Invoice:
        """A credit note: of the whole invoice, or of `content`."""
        original = Original(invoice.issued, receivable(invoice, ()))
        return self.issue("credit_note", content or correcting_content(invoice), "A2026-0001", original, **more)

    def xml(self, invoice: Invoice, **facts: Any) -> bytes:
        return xml(invoice.issued, self.vault.get, **facts)


def line(id: str = "1", price: str = "100", **more: Any) -> DraftLine:
    given = {"label": "Reliure", "nature": "services", "vat_bp": 2000, "vat_category": "S"}
    return DraftLine(id=id, unit_price=Decimal(price), **(given | more))


def untaxed(category: str, code: str = "", id: str = "1", **more: Any) -> DraftLine:
    """A line of a category without VAT, with its reason."""
    reason = next(known for known in vat.EXEMPTIONS if known.category == category and code in ("", known.code))
    return line(id, vat_bp=0, vat_category=category, vat_code=reason.code, vat_text=reason.text, **more)


def content(*lines: DraftLine, **more: Any) -> Content:
    return Content(client_id=UUID(int=2), lines=lines or (line(),), **more)


MIXED = content(
    line("a", allowances=(Allowance(bp=1000), Allowance(label="Geste", amount_cents=250)), period=OCTOBER),
    line("b", "40.125", nature="goods", vat_bp=550, quantity=Decimal("2.5"), unit="MTR", label="Toile\nLin, 140 cm"),
    line("c", "12", nature="shipping", vat_bp=2000, label="Port"),
    allowances=(Allowance(label="Fidélité", amount_cents=1_000), Allowance(bp=500)),
    charges=(Allowance(label="Emballage", amount_cents=300), Allowance(amount_cents=99)),
    subject="Registres", note="Merci.\nÀ bientôt.", delivered_on=date(2026, 11, 20), period=OCTOBER,
    refs=Refs(order="BC-7781", buyer_reference="Mme Le Gall", contract="C-1", project="P-2"),
)  # fmt: skip


def shares(invoice: Invoice) -> tuple[VatShare, ...]:
    """The parts of an issued invoice's VAT, as a final invoice deducts them."""
    return tuple(
        VatShare(
            country=group.country, territory=group.territory, rate_bp=group.rate_bp, category=group.category,
            code=group.code, nature=part.nature, vat_due=part.vat_due, base_cents=part.base_cents,
            vat_cents=part.vat_cents,
        )
        for group in invoice.issued.vat
        for part in group.parts
    )  # fmt: skip


def final(books: Books, *lines: DraftLine, mode: str = "net", **more: Any) -> Invoice:
    """A final invoice that takes a deposit off."""
    deposit = books.issue("deposit", content(line(price="30"), price_mode=mode), "D2026-0001")
    deducts = Deducts(invoice_id=deposit.id, number=deposit.number, issued_on=DAY)
    less = deductions(deducts, shares(deposit), label="Acompte", price_mode=mode)
    return books.issue("final", content(*lines, *less, price_mode=mode), **more)


def paid(content: Content, books: Books, *, rest_cents: int = 0) -> Invoice:
    """An invoice paid before its issue, in whole or but for a rest."""
    gross = books.issue("invoice", content).issued.gross_cents
    payment = Paid(payment_id=UUID(int=9), received_on=date(2026, 11, 20), amount_cents=gross - rest_cents)
    return books.issue("invoice", content, paid=(payment,))


def _credit(books: Books, kind: Kind = "invoice", given: Content = MIXED, **more: Any) -> Invoice:
    return books.correct(books.issue(kind, given), **more)


def _progress(books: Books) -> Invoice:
    done = Progress(contract_net_cents=1_000_000, done_bp=4500, before_cents=200_000)
    return books.issue("progress", content(line(progress=done, label="Lot 2"), retention_bp=500))


CASES: dict[str, Callable[[], tuple[Books, Invoice]]] = {}


def _case(name: str, issue: Callable[[Books], Invoice], *given: Any, **settings: Any) -> None:
    def made() -> tuple[Books, Invoice]:
        books = Books(*given, **settings)
        return books, issue(books)

    CASES[name] = made


def _invoice(given: Content, **more: Any) -> Callable[[Books], Invoice]:
    return lambda books: books.issue("invoice", given, **more)


_case("invoice", _invoice(content()))
_case("invoice of goods and services", _invoice(MIXED))
_case("invoice in prices with VAT", _invoice(msgspec.structs.replace(MIXED, price_mode="gross")))
_case("deposit", lambda books: books.issue("deposit", content()))
_case("deposit on goods", lambda books: books.issue("deposit", content(line(nature="goods"))))
_case("final invoice less its deposit", lambda books: final(books, line()))
_case("final invoice in prices with VAT", lambda books: final(books, line(price="99.99"), mode="gross"))
_case("final invoice of nothing more", lambda books: final(books, line(price="30")))
_case("already paid", lambda books: paid(content(), books))
_case("partly paid", lambda books: paid(content(), books, rest_cents=1_00))
_case("credit note", _credit)
_case("credit note with its reason", lambda books: _credit(books, reason=Reason(code="error", text="Prix faux")))
_case("credit note of a part", lambda books: _credit(books, given=content(line(), line("2"))))
_case("credit note in prices with VAT", lambda b: _credit(b, given=msgspec.structs.replace(MIXED, price_mode="gross")))
_case("credit note of a deposit", lambda books: _credit(books, "deposit", content()))
_case("credit note of a final invoice", lambda books: books.correct(final(books, line())))
_case("progress with a guarantee", _progress)
_case("debit note", lambda books: books.issue("debit_note", content(untaxed("O", nature="penalty"))))
_case("credit note of a debit note", lambda b: _credit(b, "debit_note", content(untaxed("O", nature="penalty"))))
_case("disbursements", _invoice(content(line(), untaxed("E", "VATEX-EU-79-C", "2", nature="disbursement"))))
_case("two reasons of exemption", _invoice(content(
    untaxed("E", "VATEX-FR-CGI261-4"), untaxed("E", "VATEX-EU-79-C", "2", nature="disbursement"),
    untaxed("E", "VATEX-FR-CGI261-4", "3"))))  # fmt: skip
_case("franchise", _invoice(content()), vat_regime="franchise")
_case(
    "franchise without VAT number, sole trader", _invoice(content()), BUSINESS,
    msgspec.structs.replace(IDENTITY, vat_number="", rcs_city="", register="RNE", legal_form="EI", capital_cents=0),
    natural_person=True, vat_regime="franchise",
)  # fmt: skip
_case("option for débits", _invoice(content(line(), line("2", nature="goods"))), vat_regime="debit")
_case(
    "two territories", _invoice(content(line(), line("2", territory="FR-20R"), line("3", territory="MQ", vat_bp=850)))
)
_case("several discounts in one rate", _invoice(content(line(), allowances=(Allowance(bp=5000), Allowance(bp=1000)))))
_case("free of charge", _invoice(content(line(price="0"))))
_case("free in prices with VAT", _invoice(msgspec.structs.replace(content(line(price="0")), price_mode="gross")))
_case(
    "negative line", _invoice(content(line(), line("2", "20", quantity=Decimal(-2), allowances=(Allowance(bp=1000),))))
)
_case("reverse charge of works", _invoice(content(untaxed("AE", "VATEX-FR-AE"))))
_case("service in the Union", _invoice(content(untaxed("AE", "VATEX-EU-AE"))), UNION)
_case("delivery in the Union", _invoice(content(untaxed("K", nature="goods"), delivered_on=date(2026, 11, 20))), UNION)
_case("delivery in the Union today", _invoice(content(untaxed("K", nature="goods"))), UNION)
_case("delivery in the Union over a month", _invoice(content(untaxed("K", nature="goods"), period=OCTOBER)), UNION)
_case("export", _invoice(content(untaxed("G", nature="goods"))), OVERSEAS)
_case("service outside the Union", _invoice(content(untaxed("O"))), OVERSEAS)
_case(
    "delivered elsewhere",
    _invoice(content(line(nature="goods")), deliver_to=Card(name="Dépôt", address=LEGALL.address)),
)
_case("public body", _invoice(content()), TOWN)
_case("person", _invoice(content()), PERSON)
_case("person without e-mail", _invoice(content()), NO_MAIL)
_case("person abroad", _invoice(content()), FOREIGNER)
_case("sole trader", _invoice(content()), TRADER)
_case("association", _invoice(content()), CLUB)
_case("member of a group", _invoice(MIXED), BUSINESS, MEMBER)
_case("deposit of a member", lambda books: books.issue("deposit", content()), BUSINESS, MEMBER)
_case("credit note of a member", _credit, BUSINESS, MEMBER)
_case("delivery in the Union by a member", _invoice(content(untaxed("K", nature="goods"))), UNION, MEMBER)
_case("outside VAT by a member", _invoice(content(untaxed("O"))), OVERSEAS, MEMBER)
_case("works in a dwelling", _invoice(content(line(vat_bp=1000), line("2", vat_bp=550), dwelling=True)), PERSON)
for exemption in vat.exemptions_on(DAY, "E"):
    _case(f"exempt {exemption.code}", _invoice(content(untaxed("E", exemption.code, nature="disbursement"))))
