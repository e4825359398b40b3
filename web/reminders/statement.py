"""The statement of a client's account: every invoice that is not paid, what it may deduct, what remains. As PDF."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from documents.page import document
from documents.paper import Party
from documents.parties import party, seller
from documents.pdf import print_page
from documents.titles import TITLES
from documents.words import Tongue, tongue
from domain.client import Client
from domain.company import Company
from projections import invoice_lists, logos, persons, receivables, streams
from projections.tx import Tx
from web.days import today
from web.mail.message import Attached


class Line(NamedTuple):
    """A document of the statement; of a credit `gross_cents` is 0 and `due_on` its own day."""

    kind: str
    number: str
    issued_on: date
    due_on: date
    gross_cents: int
    left_cents: int


class Statement(NamedTuple):
    """What is printed; `late_cents`: what is past its due date, of `owed_cents`."""

    on: date
    buyer: Party
    rows: tuple[Line, ...]
    credits: tuple[Line, ...]
    late_cents: int
    iban: str
    bic: str

    @property
    def owed_cents(self) -> int:
        return sum(row.left_cents for row in self.rows)

    @property
    def credit_cents(self) -> int:
        return sum(row.left_cents for row in self.credits)


def file(tx: Tx, client_id: UUID) -> Attached:
    """The statement of today, in the language of the client. Errors: `NotPrintable`, `RenderFailed`."""
    company, on = streams.load(tx, Company, tx.company), today(tx)
    identity = persons.opened(tx, company.identity)
    letterhead = seller(identity, logos.today(tx))
    client = streams.load(tx, Client, client_id)
    card, words = persons.opened(tx, client.profile.card), tongue(client.profile.language)
    told = _statement(tx, client_id, on)._replace(
        buyer=party(card, words, card.siren, card.siret, card.vat_number), iban=identity.iban, bic=identity.bic
    )  # fmt: skip
    title = _title(words, told)
    page = document(
        "statement.html.j2", letterhead, title, stamps=("FACTICE",) if company.mode == "training" else (),
        language=client.profile.language, s=told,
    )  # fmt: skip
    return Attached(f"{title}.pdf", print_page(page, on))


def _statement(tx: Tx, client_id: UUID, on: date) -> Statement:
    rows = tuple(
        Line(TITLES[row.kind], row.number, row.issued_on or on, row.due_on or on, row.gross_cents or 0,
             row.outstanding_cents)
        for row in invoice_lists.to_collect(tx, on, client_id=client_id, limit=None)
    )  # fmt: skip
    kinds = {"credit_note": "Avoir", "payment": "Règlement"}
    deductible = tuple(
        Line(kinds[credit.kind], credit.number, credit.on, credit.on, 0, credit.left_cents)
        for credit in receivables.credits_of(tx, client_id)
    )
    return Statement(
        on, Party(name=""), rows, deductible, receivables.overdue(tx, on, client_id=client_id).cents, "", ""
    )


def _title(words: Tongue, told: Statement) -> str:
    return f"{words.say('Relevé de compte')} {told.on.isoformat()}"
