"""Documents that belong together: quote, invoice, credit notes, what replaces it; from each to all others."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple
from uuid import UUID

from projections import invoice_lists, quotes
from projections.invoice_lists import InvoiceRow
from projections.quotes import QuoteRow
from projections.tx import Tx


class Related(NamedTuple):
    """Another document, and what it is to the one of the page."""

    row: InvoiceRow | QuoteRow
    icon: str
    role: str

    @property
    def is_quote(self) -> bool:
        return isinstance(self.row, QuoteRow)


def of(tx: Tx, row: InvoiceRow, day: date) -> list[Related]:
    """In the order of their lives: where it comes from, what it corrects or replaces, what corrects or replaces it."""
    return list(_before(tx, row, day)) + list(_after(tx, row, day))


def replacement(tx: Tx, credit_note: InvoiceRow, day: date) -> InvoiceRow | None:
    """The draft that waits to replace what this credit note takes back."""
    found = invoice_lists.replacing(tx, credit_note.credits, day) if credit_note.credits else []
    return next((row for row in found if row.status == "draft"), None)


def _before(tx: Tx, row: InvoiceRow, day: date) -> Iterator[Related]:
    if row.quote_id and (quote := quotes.one(tx, row.quote_id, day)):
        yield Related(quote, "file-earmark-text", "devis d’origine")
    origin_id = row.credits or row.copied_from
    if origin_id is None or (origin := invoice_lists.one(tx, origin_id, day)) is None:
        return
    role = "facture corrigée" if row.credits else "document remplacé" if row.replaces else "copiée de"
    yield Related(origin, "receipt", role)
    if row.credits or row.replaces:
        yield from _corrections(tx, origin_id, day, but=row.id)


def _after(tx: Tx, row: InvoiceRow, day: date) -> Iterator[Related]:
    yield from _corrections(tx, row.id, day, but=row.id)


def _corrections(tx: Tx, origin_id: UUID, day: date, *, but: UUID) -> Iterator[Related]:
    """Its credit notes, and the documents made in its place."""
    for note in invoice_lists.credit_notes_of(tx, origin_id, day):
        if note.id != but:
            yield Related(note, "arrow-counterclockwise", "avoir")
    for made in invoice_lists.replacing(tx, origin_id, day):
        if made.id != but:
            yield Related(made, "files", "remplace la facture corrigée")
