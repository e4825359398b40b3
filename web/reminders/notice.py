"""The formal notice (« mise en demeure ») as PDF, in French towards everybody: what the law says, in its own words.

Source: Code civil, art. 1344 to 1344-2 and 1231-6; Code de commerce, art. L441-10, II and D441-5.
"""

from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from documents.page import document
from documents.paper import Party
from documents.parties import party, seller
from documents.pdf import print_page
from documents.titles import TITLES
from documents.words import FRENCH
from domain.client import Client
from domain.company import Company
from projections import logos, persons, streams
from projections.reminder_lists import NoticeRow
from projections.tx import Tx
from web.reminders.call import BUSINESS_LAW, PUBLIC_LAW, Call, reckoned

DAYS = 8  # to pay, after the letter
SENT_AS = {
    "post": "Lettre recommandée avec avis de réception",
    "mail": "Par courrier électronique",
}


class Row(NamedTuple):
    """A line of the letter."""

    kind: str
    number: str
    issued_on: date
    due_on: date
    due_cents: int


class Letter(NamedTuple):
    """What is printed."""

    on: date
    pay_by: date
    buyer: Party
    rows: tuple[Row, ...]
    principal_cents: int
    interest_cents: int
    fee_cents: int
    reckoned: tuple[str, ...]
    law: str
    consumer: bool
    reminded_before: bool
    sent_as: str
    contact: str
    iban: str
    bic: str

    @property
    def total_cents(self) -> int:
        return self.principal_cents + self.interest_cents + self.fee_cents


def printed(tx: Tx, call: Call, client_id: UUID, *, pay_by: date, by: str, reminded_before: bool) -> bytes:
    """The letter about what `call` asks for. Errors: `NotPrintable`, `RenderFailed`."""
    company, client = streams.load(tx, Company, tx.company), streams.load(tx, Client, client_id)
    identity, card = persons.opened(tx, company.identity), persons.opened(tx, client.profile.card)
    rows = tuple(Row(TITLES[i.kind], i.number, i.issued_on, i.due_on, i.due_cents) for i in call.items)
    letter = Letter(
        on=call.on, pay_by=pay_by, buyer=party(card, FRENCH, card.siren, card.siret, card.vat_number), rows=rows,
        principal_cents=call.total_cents, interest_cents=sum(i.interest_cents for i in call.items),
        fee_cents=sum(i.fee_cents for i in call.items), reckoned=tuple(reckoned(call, FRENCH)),
        consumer=client.profile.kind == "person",
        law=PUBLIC_LAW if call.public else BUSINESS_LAW, reminded_before=reminded_before, sent_as=SENT_AS[by],
        contact=identity.email or identity.phone, iban=identity.iban, bic=identity.bic,
    )  # fmt: skip
    page = document(
        "formal_notice.html.j2", seller(identity, logos.today(tx)), "Mise en demeure",
        stamps=("FACTICE",) if call.training else (), n=letter,
    )  # fmt: skip
    return print_page(page, call.on)


def content(tx: Tx, sha256: str) -> bytes:
    """The PDF as it was kept; empty when its time is over."""
    sql = "SELECT bytes FROM ledger.blob WHERE company_id = %(company)s AND sha256 = decode(%(sha256)s, 'hex')"
    return bytes(tx.value(sql, sha256=sha256) or b"")


def file_name(row: NoticeRow) -> str:
    return f"Mise en demeure {row.made_on.isoformat()}.pdf"


def usual_day(today: date) -> date:
    """Until when is asked for, unless a person says otherwise."""
    return today + timedelta(days=DAYS)
