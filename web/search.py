"""The search of the top bar: clients, documents, payments, articles; by words, a number, or an amount."""

from itertools import groupby
from typing import Any

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from projections import invoice_lists, search
from projections.search import Hit
from web.books import read
from web.labels import STATUSES, Status
from web.lists import Listing
from web.pages import show

MOST = 12  # of each kind
GROUPS = {"client": "Clients", "invoice": "Factures et avoirs", "quote": "Devis", "payment": "Règlements",
          "product": "Catalogue"}  # fmt: skip
PLACES = {"client": "/clients/", "invoice": "/factures/", "quote": "/devis/", "payment": "/reglements/",
          "product": "/catalogue/"}  # fmt: skip
LISTS = {"client": "clients.index", "invoice": "invoices.index", "quote": "quotes.index", "payment": "payments.index",
         "product": "products.index"}  # fmt: skip
UNNAMED = {"invoice": "Brouillon", "quote": "Brouillon de devis", "payment": "Règlement"}

bp = Blueprint("search", __name__)


@bp.get("/recherche")
def index() -> str | Response:
    """What is found, by kind; the whole number of an invoice leads straight to it."""
    q = Listing()["q"]
    with read() as tx:
        if q and (invoice_id := invoice_lists.by_number(tx, q.upper())):
            return redirect(f"{PLACES['invoice']}{invoice_id}", 303)
        found = search.find(tx, q, limit=MOST)
    return show("search/index.html", q=q, groups=_groups(found, q), total=len(found))


def _groups(found: list[Hit], q: str) -> list[tuple[str, str, bool, list[dict[str, Any]]]]:
    """(title, address of the list, whether there may be more, rows) of each kind."""
    kinds = [(kind, [*hits]) for kind, hits in groupby(found, lambda hit: hit.kind)]
    return [
        (GROUPS[kind], url_for(LISTS[kind], q=q), len(hits) == MOST, [_row(hit) for hit in hits])
        for kind, hits in kinds
    ]


def _row(hit: Hit) -> dict[str, Any]:
    name = hit.title.partition("\n")[0] or UNNAMED.get(hit.kind, "–")
    return {"href": f"{PLACES[hit.kind]}{hit.id}", "name": name, "detail": hit.detail, "cents": hit.cents,
            "status": _status(hit)}  # fmt: skip


def _status(hit: Hit) -> Status | None:
    """Of the stored states, those that say something: an invoice is issued, paid or not."""
    if hit.status == "archived":
        return Status("draft", "Archivé")
    return None if hit.status in ("issued", "recorded") else STATUSES.get(hit.kind, {}).get(hit.status)
