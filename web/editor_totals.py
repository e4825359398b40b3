"""What the editor says beside the form: the amounts, when they are due, what is missing to issue the document."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from domain import vat
from domain.client import Client
from domain.company import Company
from domain.content import Kind
from domain.errors import DomainError
from domain.invoice import Invoice
from domain.issuing import priced_at, supplied_on, terms_of
from domain.lines import Instalment
from domain.mentions import warnings
from domain.pricing import Priced
from domain.retention import kept_cents
from domain.settlement import Receivable
from domain.terms import PaymentTerms
from projections import streams
from projections.tx import Tx
from web import texts
from web.editor_fields import NOBODY, Draft
from web.gaps import Gap, gaps, opened_sale, without_client


@dataclass(frozen=True)
class Totals:
    """`sums` = cents of each row of the form, in its price mode; `problem` = why it could not be issued.

    `missing` = what it takes to issue, `advised` what had better be there, `warnings` = legal caps of payment exceeded.
    """

    priced: Priced | None
    sums: dict[int, int]
    errors: dict[str, str]
    problem: str = ""
    retention_cents: int = 0
    due: tuple[Instalment, ...] = ()
    terms: PaymentTerms | None = None
    missing: list[Gap] = field(default_factory=list)
    advised: list[Gap] = field(default_factory=list)
    warnings: tuple[str, ...] = ()


def totals(tx: Tx, kind: str, draft: Draft, day: date, document_id: UUID | None) -> Totals:
    """The draft as it would leave that day."""
    content, company = draft.content, streams.load(tx, Company, tx.company)
    client = None if content.client_id == NOBODY else streams.load(tx, Client, content.client_id)
    original = streams.load(tx, Invoice, document_id).credits if kind == "credit_note" and document_id else None
    account = streams.receivable(tx, streams.load(tx, Invoice, original)) if original else None
    left = account.left if account else ()

    def said(priced: Priced | None) -> dict[str, Any]:
        if client is None:
            return without_client(content)._asdict()
        said_of = "quote" if kind == "quote" else sold_as(kind)
        sale = opened_sale(tx, said_of, day, content, priced, company, client, original)
        return gaps(sale, draft.rows)._asdict() | {"warnings": warnings(sale)}

    try:
        priced = priced_at(sold_as(kind), content, company, day, left)
    except DomainError as refused:
        return Totals(None, {}, draft.errors, texts.sentence(refused), **said(None))
    gross = content.price_mode == "gross"
    sums = [line.gross_cents if gross else line.net_cents for line in priced.lines]
    terms = terms_of(content, client, company) if client else content.terms or company.configuration.terms
    return Totals(
        priced=priced,
        sums=dict(zip(draft.rows, sums, strict=True)),
        errors=draft.errors,
        problem=_problem(priced, account, supplied_on(content, day)),
        retention_cents=kept_cents(company, priced, content.retention_bp),
        due=_due(kind, terms, priced, day),
        terms=terms,
        **said(priced),
    )


def sold_as(kind: str) -> Kind:
    """What decides the arithmetic: quotes and recurrences are priced as the invoices that they will be."""
    return "invoice" if kind in ("quote", "recurring") else kind  # type: ignore[return-value]  # the kinds of the routes


def _problem(priced: Priced, account: Receivable | None, day: date) -> str:
    """Why the amounts, though they add up, could not be issued: a rate of another time or place, more than is left."""
    try:
        if account is None:
            for line in priced.lines:
                vat.check(line, day)
        elif priced.gross_cents < 0:
            account.credit(priced.vat)
    except DomainError as refused:
        return texts.sentence(refused)
    return ""


def _due(kind: str, terms: PaymentTerms, priced: Priced, day: date) -> tuple[Instalment, ...]:
    if kind in ("quote", "credit_note"):
        return ()
    return (Instalment(due_on=terms.due_on(day), amount_cents=priced.gross_cents),)
