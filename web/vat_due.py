"""« TVA exigible »: what fell due in a period, by rate and entry by entry. No VAT return is made here."""

from datetime import date

from flask import Blueprint, Response

from domain.books import month_end
from projections import vat_due
from projections.vat_due import Due
from web import forms
from web.books import read
from web.choices import vat_text
from web.days import today
from web.exports import csv_file
from web.filters import amount
from web.lists import Listing
from web.pages import show
from web.sentences import KINDS

MADE = {  # the entries that make VAT due, or give it back
    "invoice.issued": "Document émis", "payment.recorded": "Règlement", "payment.reversed": "Règlement annulé",
    "refund.recorded": "Remboursement", "allocation.recorded": "Affectation",
    "allocation.reversed": "Affectation annulée", "debt.doubted": "Créance douteuse",
    "debt.written_off": "Créance perdue", "debt.recovered": "Créance recouvrée",
}  # fmt: skip
HEADER = ("Exigible le", "Nature", "Documents", "Client", "Écriture", "Territoire", "Taux", "Base HT", "TVA")

bp = Blueprint("vat_due", __name__)


@bp.get("/tva")
def index() -> str:
    listing = Listing(filters=("du", "au"))
    with read() as tx:
        first, last = days(listing, today(tx))
        rows = vat_due.page(tx, first, last, limit=listing.size, offset=listing.offset)
        rates, count = vat_due.by_rate(tx, first, last), vat_due.count(tx, first, last)
    return show(
        "dashboard/vat_due.html", "results", listing=listing, rows=rows, rates=rates, count=count, first=first,
        last=last, made=made, vat_text=vat_text,
    )  # fmt: skip


@bp.get("/tva.csv")
def export() -> Response:
    listing = Listing(filters=("du", "au"))
    with read() as tx:
        rows = vat_due.page(tx, *days(listing, today(tx)), limit=None)
    return csv_file("tva-exigible", HEADER, (
        (row.day, made(row), ", ".join(paper.title for paper in row.papers), row.client, str(row.pos), row.territory,
         vat_text(row.category, row.rate_bp), amount(row.base_cents), amount(row.vat_cents))
        for row in rows
    ))  # fmt: skip


def days(listing: Listing, day: date) -> tuple[date, date]:
    """The days of the address; this month where it names none."""
    fields = forms.Fields(listing.filters)
    return fields.get("du", forms.date, day.replace(day=1)), fields.get("au", forms.date, month_end(day))


def made(row: Due) -> str:
    """What made it due; its documents stand beside it."""
    return KINDS[row.papers[0].kind] if row.type == "invoice.issued" and row.papers else MADE.get(row.type, row.type)
