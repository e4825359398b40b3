"""« Contrôle »: in one place what an inspection asks for. It shows nothing of its own: each thing has its screen."""

from datetime import date

from flask import Blueprint

from projections import archives, checkpoints, closings, companies, verifications
from projections.tx import Tx
from web import certificates, fec, forms, frame, inspectors
from web.books import allowed, read
from web.days import today, zone
from web.lists import Listing
from web.pages import show
from web.roles import OWN

bp = Blueprint("inspection", __name__, url_prefix="/controle")
bp.register_blueprint(inspectors.bp)
bp.register_blueprint(fec.bp)


@bp.get("/")
def index() -> str:
    listing = Listing(filters=("du", "au"))
    with read() as tx:
        day, here, integrity = today(tx), zone(tx), verifications.integrity(tx)
        fields = forms.Fields(listing.filters)
        first, last = _year(tx, day)
        since, until = fields.get("du", forms.date, first) or first, fields.get("au", forms.date, last) or last
        totals, point = closings.turnover(tx, since, until), checkpoints.newest(tx)
        attestation, kept = certificates.standing(tx), archives.every(tx)[:3]
        years, found = fec.years(tx), companies.current(tx)
        closed = [
            *closings.between(tx, "year", date.min, date.max)[-2:],
            *closings.between(tx, "month", since, until)[-12:],
        ]
    return show(
        "inspection/index.html", "totals", listing=listing, since=since, until=until, totals=totals, zone=here,
        badge_=frame.badge(integrity, here), integrity=integrity, point=point[0] if point else None,
        attestation=attestation, archives=kept, closed=closed, day=day,
        may_invite=allowed(OWN), years=years, full=bool(found and found.keeping == "full"),
    )  # fmt: skip


def _year(tx: Tx, day: date) -> tuple[date, date]:
    """The last fiscal year that is closed, else this civil year so far."""
    years = closings.between(tx, "year", date.min, date.max)
    return (years[-1].from_on, years[-1].to_on) if years else (date(day.year, 1, 1), day)
