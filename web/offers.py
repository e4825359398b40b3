"""A quote with all that its pages need: its client, its company, its paper, and what it lacks to be sent."""

from datetime import date
from typing import NamedTuple, Self
from uuid import UUID

from flask import url_for

from documents.from_domain import draft_paper, quote_paper
from documents.paper import Paper
from domain.client import Client
from domain.company import Company
from domain.content import Content
from domain.errors import DomainError
from domain.issuing import priced_at
from domain.quote import Quote
from projections import logos, persons, streams
from projections.tx import Tx
from web.days import today
from web.gaps import Gap, gaps, opened_sale


class Offer(NamedTuple):
    """A quote on that `day`; `content` in clear. `paper`: as sent, else the draft's if it can be priced."""

    quote: Quote
    company: Company
    client: Client
    content: Content
    paper: Paper | None
    lacks: list[Gap]
    day: date

    @classmethod
    def load(cls, tx: Tx, quote_id: UUID) -> Self:
        """Errors: `NotFound`."""
        quote, day = streams.load(tx, Quote, quote_id), today(tx)
        company = streams.load(tx, Company, tx.company)
        client = streams.load(tx, Client, quote.content.client_id)
        content = persons.opened_content(tx, quote.content)
        draft = quote.state == "draft"
        sent = None if draft else _sent(tx, quote, company)
        paper = sent or _drafted(tx, content, company, client, day)
        lacks = _lacks(tx, quote_id, content, company, client, day) if draft else []
        return cls(quote, company, client, content, paper, lacks, day)

    @property
    def title(self) -> str:
        """`Devis D2026-0007`, or `Devis, brouillon`."""
        return f"Devis {self.quote.number}" if self.quote.sent else "Devis, brouillon"


def _sent(tx: Tx, quote: Quote, company: Company) -> Paper | None:
    fingerprint = streams.hash_of(tx, quote.id, Quote.Sent.TOPIC)
    training = company.mode == "training"
    if quote.sent is None:
        return None
    picture = logos.of(tx, quote.sent.seller.identity)
    return quote_paper(quote.sent, training=training, fingerprint=fingerprint, opening=tx.opened, logo=picture)


def _drafted(tx: Tx, content: Content, company: Company, client: Client, day: date) -> Paper | None:
    training = company.mode == "training"
    try:
        return draft_paper(
            "quote", content, company, client, issued_on=day, training=training, opening=tx.opened,
            logo=logos.of(tx, company.identity),
        )  # fmt: skip
    except DomainError:  # a draft may say what no rule allows; the editor names it at its field
        return None


def _lacks(tx: Tx, quote_id: UUID, content: Content, company: Company, client: Client, day: date) -> list[Gap]:
    """Each with a link to its field."""
    try:
        priced = priced_at("invoice", content, company, day)
    except DomainError:
        priced = None
    sale = opened_sale(tx, "quote", day, content, priced, company, client)
    edit = url_for("quotes.edit", quote_id=quote_id)
    found = gaps(sale, tuple(range(1, len(content.lines) + 1))).missing
    if priced is None:
        found.append(Gap("#lines.1.label", "des lignes qui se chiffrent"))
    return [gap._replace(href=edit + gap.href) if gap.href.startswith("#") else gap for gap in found]
