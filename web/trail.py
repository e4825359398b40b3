"""« Piste d’audit »: a business from its quote to its last payment, both ways, each step with its entries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple
from uuid import UUID

from flask import Blueprint, url_for

from domain.errors import NotFound
from domain.invoice import Invoice
from projections import invoice_lists, payment_lists, payments, quotes, register, streams, trail
from projections.invoice_lists import InvoiceRow
from projections.payments import PaymentRow
from projections.quotes import QuoteRow
from projections.tx import Tx
from web import filters
from web.books import read
from web.days import today, zone
from web.pages import show
from web.payments import TITLES
from web.sentences import KINDS
from web.timeline import Moment, moments

bp = Blueprint("trail", __name__)


class Link(NamedTuple):
    """What a step is to another one."""

    role: str
    label: str
    href: str


class Step(NamedTuple):
    """A document or a movement of money; `moments`: its own entries, the last one first issued it."""

    id: UUID
    title: str
    href: str
    client: str
    cents: int | None
    moments: list[Moment]
    links: list[Link]


@bp.get("/factures/<uuid:document_id>/piste")
@bp.get("/devis/<uuid:document_id>/piste", endpoint="quote")
def index(document_id: UUID) -> str:
    with read() as tx:
        found = steps(tx, document_id, today(tx))
        here = zone(tx)
    return show("ledger/trail.html", steps=found, here=document_id, zone=here, own=_own(found, document_id))


def steps(tx: Tx, document_id: UUID, day: date) -> list[Step]:
    """In the order of their first entries. Errors: `NotFound`."""
    ids = trail.documents(tx, document_id)
    rows = [row for one in [*ids, *trail.money(tx, ids)] if (row := _row(tx, one, day))]
    if document_id not in {row.id for row in rows}:
        raise NotFound(Invoice.TOPIC, document_id)
    named = {row.id: (_title(row), _href(row)) for row in rows}
    links = _linked(tx, rows, named)
    told = [Step(row.id, *named[row.id], row.client, _cents(row), _moments(tx, row.id), links[row.id]) for row in rows]
    return sorted(told, key=lambda step: step.moments[0].pos if step.moments else 0)


def _own(found: Iterable[Step], document_id: UUID) -> Step:
    return next(step for step in found if step.id == document_id)


def _row(tx: Tx, id: UUID, day: date) -> InvoiceRow | QuoteRow | PaymentRow | None:
    return invoice_lists.one(tx, id, day) or quotes.one(tx, id, day) or payment_lists.one(tx, id)


def _title(row: InvoiceRow | QuoteRow | PaymentRow) -> str:
    if isinstance(row, PaymentRow):
        return f"{TITLES[row.kind]} du {filters.day(row.on)}"
    word = "Devis" if isinstance(row, QuoteRow) else KINDS[row.kind]
    return f"{word} {row.number}" if row.number else f"{word}, brouillon"


def _href(row: InvoiceRow | QuoteRow | PaymentRow) -> str:
    if isinstance(row, PaymentRow):
        return url_for("payments.show", payment_id=row.id)
    if isinstance(row, QuoteRow):
        return url_for("quotes.show", quote_id=row.id)
    return url_for("invoices.show", invoice_id=row.id)


def _cents(row: InvoiceRow | QuoteRow | PaymentRow) -> int | None:
    return row.amount_cents if isinstance(row, PaymentRow) else row.gross_cents


def _moments(tx: Tx, id: UUID) -> list[Moment]:
    """The entries of the document itself and of its file."""
    mine = [e for e in register.about(tx, id) if e.stream_id == id or e.type.startswith("document.")]
    return moments(mine)


def _linked(
    tx: Tx, rows: Iterable[InvoiceRow | QuoteRow | PaymentRow], named: dict[UUID, tuple[str, str]]
) -> dict[UUID, list[Link]]:
    """Each relation once at both of its ends."""
    found: dict[UUID, list[Link]] = defaultdict(list)
    for one, role, other, back in dict.fromkeys(_relations(tx, rows)):
        if one in named and other in named and one != other:
            found[one].append(Link(role, *named[other]))
            found[other].append(Link(back, *named[one]))
    return found


Relation = tuple[UUID, str, UUID, str]


def _relations(tx: Tx, rows: Iterable[InvoiceRow | QuoteRow | PaymentRow]) -> Iterator[Relation]:
    for row in rows:
        if isinstance(row, InvoiceRow):
            yield from _of_document(tx, row)
        elif isinstance(row, PaymentRow):
            yield from _of_money(tx, row)


def _of_document(tx: Tx, row: InvoiceRow) -> Iterator[Relation]:
    if row.quote_id:
        yield row.id, "tirée du", row.quote_id, "a donné"
    if row.credits:
        yield row.id, "corrige", row.credits, "corrigée par"
    if row.copied_from and row.replaces:
        yield row.id, "remplace", row.copied_from, "remplacée par"
    if row.copied_from and row.kind == "debit_note":
        yield row.id, "pour le retard de", row.copied_from, "pénalités"
    issued = streams.load(tx, Invoice, row.id).issued
    for line in issued.lines if issued else ():
        if line.deducts:
            yield row.id, "déduit", line.deducts.invoice_id, "déduite par"


def _of_money(tx: Tx, row: PaymentRow) -> Iterator[Relation]:
    for settled in payments.settlements_of(tx, row.id):
        yield row.id, "règle", settled.invoice_id, "réglée par"
    for source in payments.sources_of(tx, row):
        yield row.id, "tiré de", source.id, "a servi à"
