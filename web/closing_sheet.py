"""The printable sheet of a closing: its totals, its own fingerprint and that of the closing before it."""

from datetime import date
from uuid import UUID

from documents.page import document
from documents.pdf import print_page
from domain.closing import Closing, VatTotal
from projections import register, streams
from projections.tx import Tx
from web.choices import METHODS
from web.days import zone
from web.filters import moment, percent, plural
from web.letterhead import letterhead, named


def sheet(tx: Tx, closing_id: UUID, title: str) -> tuple[str, bytes]:
    """The name of the file, and the PDF. Errors: `NotFound`."""
    found, entry = streams.load(tx, Closing, closing_id).closed, register.about(tx, closing_id)[0]
    seller, stamps = letterhead(tx)
    page = document(
        "closing.html.j2", seller, title, stamps=stamps, c=found, name=title.removeprefix("Clôture "),
        made=moment(entry.at, zone(tx)), pos=entry.pos, hash=entry.hash, methods=METHODS,
        documents=plural(found.documents.count, "document"), payments=plural(found.payments.count, "écriture"),
        rates=[_rate(each) for each in found.vat],
    )  # fmt: skip
    return _name(found, stamps), print_page(page, found.to)


def _rate(total: VatTotal) -> str:
    rate = percent(total.rate_bp) if total.category == "S" else f"Sans TVA ({total.category})"
    return rate if total.territory == "FR" else f"{rate} · {total.territory}"


def _name(found: Closing.Created, stamps: tuple[str, ...]) -> str:
    days: date | str = found.from_ if found.period == "day" else f"{found.from_}-{found.to}"
    return named(f"cloture-{days}.pdf", stamps)
