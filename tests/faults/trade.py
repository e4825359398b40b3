"""A real company for crowds: documents of three series, drafted and issued by the commands of the screens.

Their dates are the ledger's own day: a crowd that is at work at midnight is refused nothing.
"""

from decimal import Decimal
from uuid import UUID, uuid5

from msgspec.structs import replace

from domain.client import Profile
from domain.content import Content
from domain.late import indemnity_line
from domain.lines import DraftLine
from domain.parties import Card
from ledger.commands import clients, invoices, quotes
from ledger.entry import Entry
from ledger.postgres import Pool

KEY = b"k" * 32
USER = "user:8f0c2d4e-1111-4222-8333-944455556666"
WORK = DraftLine(
    id="1", label="Pose", nature="services", quantity=Decimal(1), unit_price=Decimal(96), vat_bp=2000, vat_category="S"
)
LINES = {"invoice": WORK, "debit_note": indemnity_line("1", "Frais de recouvrement"), "quote": WORK}  # a series each


def new_company(web_pool: Pool, job_pool: Pool, mode: str = "live") -> UUID:
    """A company without a series yet, and with one client, a person."""
    from tests.web.shop import RENNES, open_shop  # brings Flask, which a writer that is killed need not load

    shop = open_shop(web_pool, job_pool, KEY, mode)
    card = Card(name="Zoé Lefèvre", address=RENNES)
    profile = Profile(kind="person", card=card, natural_person=True, taxable=False)
    shop.do(clients.create_client, client_id=client_of(shop.id), profile=profile)
    return shop.id


def client_of(company: UUID) -> UUID:
    return uuid5(company, "client")


def draft(entry: Entry, *, kind: str, document_id: UUID, quantity: int = 1) -> None:
    line = replace(LINES[kind], quantity=Decimal(quantity))
    content = Content(client_id=client_of(entry.company_id), lines=(line,))
    if kind == "quote":
        return quotes.draft_quote(entry, quote_id=document_id, content=content)
    return invoices.draft_invoice(entry, invoice_id=document_id, kind=kind, content=content)


def issue(entry: Entry, *, kind: str, document_id: UUID) -> str:
    if kind == "quote":
        return quotes.send_quote(entry, quote_id=document_id, sent_on=entry.day, base_version=1)
    return invoices.issue_invoice(entry, invoice_id=document_id, issued_on=entry.day, base_version=1)


def issue_new(entry: Entry, *, kind: str, document_id: UUID, quantity: int = 1) -> str:
    """Both in one command, as recurring invoices are made."""
    draft(entry, kind=kind, document_id=document_id, quantity=quantity)
    return issue(entry, kind=kind, document_id=document_id)
