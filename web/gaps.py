"""What a draft lacks to be issued, each with a link to its field: in the editor, the client's form, the settings."""

from datetime import date
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from flask import request, url_for

from domain.client import Client
from domain.company import Company
from domain.content import Content, Kind
from domain.mentions import LONGEST_LINES, Sale, advices
from domain.parties import Card
from domain.pricing import Priced
from domain.readiness import LARGEST_CENTS, missing
from projections import persons
from projections.tx import Tx
from web import labels

LINE_ANCHORS = {"period": "label"}


class Gap(NamedTuple):
    """Something that is missing; `href` leads to where it is filled, empty when no screen does."""

    href: str
    text: str


class Gaps(NamedTuple):
    """`missing` refuses the issue; `advised` had better be there."""

    missing: list[Gap]
    advised: list[Gap]


def gaps(sale: Sale, rows: tuple[int, ...]) -> Gaps:
    """`rows` = the form's row of each line. A link to the editor is a bare fragment: there it is on the page."""
    linked = [[_gap(name, sale, rows) for name in names] for names in (missing(sale), advices(sale))]
    return Gaps(*linked)


def without_client(content: Content) -> Gaps:
    line = [] if content.lines else [Gap("#lines.1.label", "une ligne")]
    return Gaps([Gap("#client_id", "le client"), *line], [])


def opened_sale(
    tx: Tx,
    kind: Kind | Literal["quote"],
    day: date,
    content: Content,
    priced: Priced | None,
    company: Company,
    client: Client,
    credits: UUID | None = None,
) -> Sale:
    """What the rules of the law look at, in clear. `content` is."""
    profile = client.profile
    return Sale.of(
        kind, day, content, priced, company, client, identity=persons.opened(tx, company.identity),
        card=persons.opened(tx, profile.card), delivery=persons.opened(tx, profile.delivery), credits=credits,
    )  # fmt: skip


def _gap(name: str, sale: Sale, rows: tuple[int, ...]) -> Gap:
    if sale.content.deliver_to != Card():  # the document's own place is a field of the editor
        name = name.removeprefix("buyer.") if name.startswith("buyer.delivery_") else name
    match name.split("."):
        case ["lines"]:
            return Gap("#lines.1.label", f"{LONGEST_LINES} lignes au plus" if rows else "une ligne")
        case ["lines", rank, part]:
            at = f"lines.{rows[int(rank) - 1]}"
            anchor = "vat" if part.startswith("vat_") else LINE_ANCHORS.get(part, part)
            return Gap(f"#{at}.{anchor}", labels.field(f"{at}.{part}"))
        case ["buyer", part]:
            return Gap(_page("clients.edit", part, client_id=sale.content.client_id), labels.field(name))
        case ["seller", part]:
            return Gap(_page("settings.index", part), labels.field(name))
        case ["total"]:
            return Gap("#totaux", _total(sale, rows))
    nowhere = name == "credits"  # a credit note is made from its invoice, never given one
    return Gap("" if nowhere else f"#{name}", labels.field(name))


def _total(sale: Sale, rows: tuple[int, ...]) -> str:
    if not rows:
        return "un total"
    if abs(sale.gross_cents) > LARGEST_CENTS:
        return "un total plausible"
    return "un total à rendre" if sale.kind == "credit_note" else "un total positif"


def _page(endpoint: str, anchor: str, **facts: Any) -> str:
    """Another page, which leads back here."""
    here = urlsplit(request.headers.get("HX-Current-URL", request.path)).path
    return url_for(endpoint, retour=here, _anchor=anchor, **facts)
