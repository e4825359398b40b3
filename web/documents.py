"""An invoice with all that its pages need: its client, its company, its paper, and what it lacks to be issued."""

from datetime import date, timedelta
from typing import Literal, NamedTuple, Self
from uuid import UUID

from flask import Response, url_for

from documents.from_domain import draft_paper, invoice_paper
from documents.paper import Paper
from documents.pdf import render
from domain.client import Client
from domain.company import Company
from domain.content import Content, Kind
from domain.errors import DomainError
from domain.invoice import Invoice
from domain.issue_dates import OLDEST_DAYS
from projections import logos, numbers, persons, streams
from projections.tx import Tx
from web.days import today
from web.editor_fields import Draft
from web.editor_totals import totals
from web.gaps import Gap
from web.sentences import FEMININE, KINDS


class Sheet(NamedTuple):
    """An invoice on that `day`; `content` in clear. A draft that cannot be priced yet has no `paper`."""

    invoice: Invoice
    company: Company
    client: Client
    content: Content
    paper: Paper | None
    day: date

    @classmethod
    def load(cls, tx: Tx, invoice_id: UUID) -> Self:
        """Errors: `NotFound`."""
        invoice, day = streams.load(tx, Invoice, invoice_id), today(tx)
        company = streams.load(tx, Company, tx.company)
        client = streams.load(tx, Client, invoice.content.client_id)
        content = persons.opened_content(tx, invoice.content)
        return cls(invoice, company, client, content, _paper(tx, invoice, content, company, client, day), day)

    @property
    def word(self) -> str:
        """`Facture`, `Avoir`, `Facture d’acompte`…"""
        return KINDS[self.invoice.kind]

    @property
    def feminine(self) -> bool:
        return self.invoice.kind in FEMININE

    @property
    def title(self) -> str:
        """`Facture F2026-0042`, or `Facture, brouillon`."""
        return f"{self.word} {self.invoice.number}" if self.invoice.issued else f"{self.word}, brouillon"


class Issuance(NamedTuple):
    """What issuing a draft would do: its number, the days that it may bear, what is missing before."""

    number: str
    earliest: date
    latest: date
    gaps: list[Gap]
    problem: str

    @classmethod
    def of(cls, tx: Tx, sheet: Sheet) -> Self:
        last_on = numbers.last_issued_on(tx, sheet.company, sheet.invoice.kind, sheet.day) or date.min
        open_from = sheet.company.closed_through + timedelta(days=1)
        asked = gaps(tx, sheet)
        return cls(
            number=numbers.upcoming(tx, sheet.company, sheet.invoice.kind, sheet.day),
            earliest=max(last_on, sheet.day - timedelta(days=OLDEST_DAYS), open_from),
            latest=sheet.day,
            gaps=asked[0],
            problem=asked[1],
        )


def gaps(tx: Tx, sheet: Sheet) -> tuple[list[Gap], str]:
    """What a draft lacks, each a link to its field; and why it has no amounts, if it has none."""
    draft = Draft(sheet.content, {}, tuple(range(1, len(sheet.content.lines) + 1)))
    found = totals(tx, sheet.invoice.kind, draft, sheet.day, sheet.invoice.id)
    edit = url_for("invoices.edit", invoice_id=sheet.invoice.id)
    return [
        gap._replace(href=edit + gap.href) if gap.href.startswith("#") else gap for gap in found.missing
    ], found.problem


def proforma(tx: Tx, content: Content, company: Company, client: Client, day: date) -> Paper | None:
    """A quote or a draft as a pro forma invoice of that day; none while it cannot be priced. `content` in clear."""
    return _drafted(tx, "proforma", content, company, client, day)


def preview(paper: Paper) -> Response:
    """The paper of a draft as PDF, marked as one. Errors: those of `documents.pdf.render`."""
    answer = Response(render(paper), mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "inline", filename=f"{KINDS.get(paper.kind, 'Devis')} brouillon.pdf")
    return answer


def _paper(
    tx: Tx, invoice: Invoice, content: Content, company: Company, client: Client, day: date
) -> Paper | None:  # fmt: skip
    if invoice.issued:
        fingerprint = streams.hash_of(tx, invoice.id, Invoice.Issued.TOPIC)
        gone = persons.is_erased(tx, client.profile.card)
        return invoice_paper(
            invoice.issued, training=company.mode == "training", fingerprint=fingerprint,
            opening=persons.seller_only(tx, invoice.issued) if gone else tx.opened,
            logo=logos.of(tx, invoice.issued.seller.identity),
        )  # fmt: skip
    original = streams.load(tx, Invoice, invoice.credits).issued if invoice.credits else None
    return _drafted(tx, invoice.kind, content, company, client, day, original)


def _drafted(
    tx: Tx, kind: Kind | Literal["proforma"], content: Content, company: Company, client: Client, day: date,
    original: Invoice.Issued | None = None,
) -> Paper | None:  # fmt: skip
    try:
        return draft_paper(
            kind, content, company, client, issued_on=day, training=company.mode == "training", opening=tx.opened,
            logo=logos.of(tx, company.identity), original=original,
        )  # fmt: skip
    except DomainError:  # a draft may say what no rule allows; the editor names it at its field
        return None
