"""What the editor says beside the form: the amounts, when they are due, what is missing to issue the document."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from flask import request, url_for

from domain import vat
from domain.client import Client
from domain.company import Company
from domain.content import Kind
from domain.errors import DomainError
from domain.invoice import Invoice
from domain.issuing import priced_at, terms_of
from domain.lines import Instalment
from domain.money import portion
from domain.pricing import Priced
from domain.readiness import missing
from domain.settlement import Receivable
from domain.terms import PaymentTerms
from projections import persons, streams
from projections.tx import Tx
from web import labels, texts
from web.editor_fields import NOBODY, Draft

CLIENT_FIELDS = ("name", "siren", "siret", "vat_number", "email")


class Gap(NamedTuple):
    """Something that is missing to issue; `href` leads to where it is filled, empty when no screen does."""

    href: str
    text: str


@dataclass(frozen=True)
class Totals:
    """`sums` = cents of each row of the form, in its price mode; `problem` = why it could not be issued."""

    priced: Priced | None
    sums: dict[int, int]
    errors: dict[str, str]
    problem: str = ""
    retention_cents: int = 0
    due: tuple[Instalment, ...] = ()
    terms: PaymentTerms | None = None
    gaps: list[Gap] = field(default_factory=list)


def totals(tx: Tx, kind: str, draft: Draft, day: date, document_id: UUID | None) -> Totals:
    """The draft as it would leave that day."""
    company = streams.load(tx, Company, tx.company)
    client = client_of(tx, draft.content.client_id)
    account = corrected(tx, document_id) if kind == "credit_note" and document_id else None
    sold = sold_as(kind)
    try:
        priced = priced_at(sold, draft.content, company, day, account.left if account else ())
    except DomainError as refused:
        gaps = list(_gaps(draft, None, client, company, tx, sold))
        return Totals(None, {}, draft.errors, texts.sentence(refused), gaps=gaps)
    gross = draft.content.price_mode == "gross"
    sums = [line.gross_cents if gross else line.net_cents for line in priced.lines]
    terms = terms_of(draft.content, client, company) if client else draft.content.terms or company.configuration.terms
    return Totals(
        priced=priced,
        sums=dict(zip(draft.rows, sums, strict=True)),
        errors=draft.errors,
        problem=_problem(priced, account, draft.content.delivered_on or day),
        retention_cents=portion(priced.gross_cents, draft.content.retention_bp),
        due=_due(kind, terms, priced, day),
        terms=terms,
        gaps=list(_gaps(draft, priced, client, company, tx, sold)),
    )


def client_of(tx: Tx, client_id: UUID) -> Client | None:
    return None if client_id == NOBODY else streams.load(tx, Client, client_id)


def sold_as(kind: str) -> Kind:
    """What decides the arithmetic: a quote is priced as the invoice that it will be."""
    return "invoice" if kind == "quote" else kind  # type: ignore[return-value]  # the kinds of the routes


def corrected(tx: Tx, document_id: UUID) -> Receivable | None:
    """What is left of the invoice that this draft credit note corrects."""
    original = streams.load(tx, Invoice, document_id).credits
    return streams.receivable(tx, streams.load(tx, Invoice, original)) if original else None


def _problem(priced: Priced, account: Receivable | None, supplied_on: date) -> str:
    """Why the amounts, though they add up, could not be issued: a rate of another time or place, more than is left."""
    try:
        if account is None:
            for line in priced.lines:
                vat.check(line, supplied_on)
        elif priced.gross_cents < 0:
            account.credit(priced.vat)
    except DomainError as refused:
        return texts.sentence(refused)
    return ""


def _due(kind: str, terms: PaymentTerms, priced: Priced, day: date) -> tuple[Instalment, ...]:
    if kind in ("quote", "credit_note"):
        return ()
    return (Instalment(due_on=terms.due_on(day), amount_cents=priced.gross_cents),)


def _gaps(
    draft: Draft, priced: Priced | None, client: Client | None, company: Company, tx: Tx, kind: Kind
) -> Iterator[Gap]:
    if client is None:
        yield Gap("#client_id", "le client")
        if not draft.content.lines:
            yield Gap("#lines.1.label", "une ligne")
        return
    identity, card = persons.opened(tx, company.identity), persons.opened(tx, client.profile.card)
    amounts = priced or Priced(lines=(), net_cents=0, vat_cents=0, gross_cents=-1 if kind == "credit_note" else 0)
    regime = company.configuration.vat_regime
    for name in missing(kind, draft.content, amounts, identity, regime, client.profile, card):
        yield _gap(name, draft, client)


def _gap(name: str, draft: Draft, client: Client) -> Gap:
    match name.split("."):
        case ["lines"]:
            return Gap("#lines.1.label", "une ligne")
        case ["lines", rank, part]:
            row = draft.rows[int(rank) - 1]
            return Gap(f"#lines.{row}.{part}", labels.field(f"lines.{row}.{part}"))
        case ["buyer", part]:
            fragment = part if part in CLIENT_FIELDS else "city"
            here = urlsplit(request.headers.get("HX-Current-URL", request.path)).path
            href = url_for("clients.edit", client_id=client.id, retour=here, _anchor=fragment)
            return Gap(href, labels.field(name))
        case ["total"]:
            return Gap("#totaux", "un total à rendre" if draft.content.lines else "un total")
    return Gap("", labels.field(name))
